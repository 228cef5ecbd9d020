package dev.orkestra.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The picture in docs/run.md is drawn from the code: from each step an arrow to every step that was seen to follow it in
 * random histories. Written anew with {@code -Dorkestra.golden=write}.
 */
class MachineDrawingTest {
    private static final Path PAGE = Path.of(System.getProperty("orkestra.root", ".."), "docs", "run.md");
    private static final String BEGIN = "```mermaid\n";
    private static final String END = "```\n";
    /** The same ones in each build, so that the picture is. */
    private static final int HISTORIES = 6000;

    private static final Map<Step, Set<Step>> ARROWS = arrows();

    @Test
    void drawsInTheDocumentationExactlyWhatTheMachineDoes() throws IOException {
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END, from);
        String drawn = drawing(ARROWS);
        if ("write".equals(System.getProperty("orkestra.golden"))) {
            Files.writeString(PAGE, page.substring(0, from) + drawn + page.substring(to));
            return;
        }
        assertThat(page.substring(from, to)).isEqualTo(drawn);
    }

    @Test
    void leadsFromEveryStepToTheEnd() {
        assertThat(ARROWS.keySet()).as("every step is met").contains(Step.values());
        for (Step step : Step.values()) {
            assertThat(reached(step, ARROWS)).as("from %s", step).contains(Step.End);
        }
    }

    private static Set<Step> reached(Step from, Map<Step, Set<Step>> arrows) {
        Set<Step> reached = EnumSet.of(from);
        boolean grew = true;
        while (grew) {
            Set<Step> more = EnumSet.copyOf(reached);
            reached.forEach(step -> more.addAll(arrows.getOrDefault(step, Set.of())));
            grew = reached.addAll(more);
        }
        return reached;
    }

    private static Map<Step, Set<Step>> arrows() {
        Map<Step, Set<Step>> arrows = new EnumMap<>(Step.class);
        for (long seed = 1; seed <= HISTORIES; seed++) {
            History history = History.random(new SplittableRandom(seed));
            new Life(history, Faults.none(new SplittableRandom(~seed)))
                    .observedBy((before, after) -> {
                        arrows.computeIfAbsent(after.step(), _ -> EnumSet.noneOf(Step.class));
                        if (before.step() != after.step()) {
                            arrows.computeIfAbsent(before.step(), _ -> EnumSet.noneOf(Step.class))
                                    .add(after.step());
                        }
                    })
                    .live();
        }
        return arrows;
    }

    private static String drawing(Map<Step, Set<Step>> arrows) {
        return arrows.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(to -> "  " + entry.getKey() + " --> " + to + "\n"))
                .collect(Collectors.joining("", "stateDiagram-v2\n  [*] --> Compose\n", "  End --> [*]\n"));
    }
}
