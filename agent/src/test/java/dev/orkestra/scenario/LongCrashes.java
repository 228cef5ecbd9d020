package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} before and after the work of every step of the quickstart's five runs, and at twenty random instants:
 * {@code mvn -Pcrash -pl agent verify}. The name keeps it out of all other builds. What becomes of each kill is written
 * to {@code target/crash}, in the form of docs/reliability.md.
 */
class LongCrashes {
    private static final Pattern STEP = Pattern.compile(" step run=staging-(?<run>\\d+) step=(?<step>.+?) phase=");
    private static final Path TABLES = Path.of("target/crash");

    /** What was found after the kills at one step, by run. */
    private record Row(Map<Story, Integer> kills, List<String> faults) {}

    @Test
    void afterAKillAtAnyStepEachRunEndsAsWithout(@TempDir Path scratch) throws Exception {
        Map<Story, List<String>> steps = new EnumMap<>(Story.class);
        Map<Story, RunEnd> peaceful = new EnumMap<>(Story.class);
        inPeace(Files.createDirectory(scratch.resolve("peace")), steps, peaceful);
        Map<String, Row> table = new LinkedHashMap<>();
        try (Killing killing = Killing.in(Files.createDirectory(scratch.resolve("killed")), "crash-all")) {
            killing.scenario.createConfigRepo(Story.DEADLINES);
            for (Story story : Story.values()) {
                String commit = story.push(killing.scenario.repository);
                killAtEach(killing, story, steps.get(story), table);
                assertThat(killing.end(commit)).as("the end of %s", story).isEqualTo(peaceful.get(story));
                killing.assertClean("at the end of " + story);
            }
            write("steps.md", text(table) + "\n" + killing.recovered() + " of Helm's operations were done again.\n");
        } catch (Throwable e) {
            write("steps.md", text(table) + "\nIt broke off: " + e.getMessage() + "\n");
            throw e;
        }
        assertThat(table.values()).flatExtracting(Row::faults).isEmpty();
    }

    private static void killAtEach(Killing killing, Story story, List<String> steps, Map<String, Row> table)
            throws InterruptedException {
        for (String step : steps) {
            killing.killAt(story.run() + ":" + step);
            Row row = table.computeIfAbsent(
                    step.replace("+", ""), _ -> new Row(new EnumMap<>(Story.class), new ArrayList<>()));
            row.kills().merge(story, 1, Integer::sum);
            killing.faults().forEach(fault -> row.faults().add(story + ": " + fault));
        }
    }

    /** The five runs with nobody killed: how they end, and the steps that they take. */
    private static void inPeace(Path scratch, Map<Story, List<String>> steps, Map<Story, RunEnd> ends)
            throws InterruptedException {
        try (Killing peace = Killing.in(scratch, "crash-peace")) {
            peace.scenario.createConfigRepo(Story.DEADLINES);
            for (Story story : Story.values()) {
                String commit = story.push(peace.scenario.repository);
                try (AgentProcess agent = peace.scenario.startAgent()) {
                    RunEnd end = peace.end(commit, agent);
                    agent.awaitLine("run=staging-" + story.run() + " step=End ", Killing.START);
                    story.assertEnd(end);
                    ends.put(story, end);
                    steps.put(story, points(agent.output(), story.run()));
                }
                peace.assertClean("without kills, at the end of " + story);
            }
        }
    }

    /** From the journal, so that no step is forgotten when the machine grows. Trouble comes and goes, so it is none. */
    private static List<String> points(String output, int run) {
        return steps(output, run)
                .filter(step -> !step.equals("RetryWait"))
                .distinct()
                .flatMap(step -> step.equals("End") ? Stream.of(step) : Stream.of(step, step + "+"))
                .toList();
    }

    /** The steps of a run, as an agent's journal tells them. */
    static Stream<String> steps(String output, int run) {
        return output.lines()
                .map(STEP::matcher)
                .filter(Matcher::find)
                .filter(line -> Integer.parseInt(line.group("run")) == run)
                .map(line -> line.group("step"));
    }

    private static String text(Map<String, Row> table) {
        String rows = table.entrySet().stream()
                .map(each -> "| `" + each.getKey() + "` | "
                        + Stream.of(Story.values())
                                .map(story -> each.getValue().kills().getOrDefault(story, 0))
                                .map(kills -> kills == 0 ? "" : kills.toString())
                                .collect(Collectors.joining(" | "))
                        + " | " + outcome(each.getValue().faults()) + " |\n")
                .collect(Collectors.joining());
        int kills = table.values().stream()
                .flatMap(row -> row.kills().values().stream())
                .mapToInt(Integer::intValue)
                .sum();
        return "| step | first | change | bad | revert | invalid | outcome |\n| --- | --- | --- | --- | --- | --- | --- |\n"
                + rows + "\n" + kills + " kills.\n";
    }

    static String outcome(List<String> faults) {
        return faults.isEmpty() ? "as without" : String.join("; ", faults);
    }

    static void write(String name, String text) throws IOException {
        System.out.println(text);
        Files.writeString(Files.createDirectories(TABLES).resolve(name), text);
    }
}
