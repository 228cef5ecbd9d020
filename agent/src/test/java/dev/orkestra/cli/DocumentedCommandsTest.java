package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * What the pages for users show is what the program says. A block {@code ```console} holds commands {@code $ ork …} and
 * all that they print, on both outputs; a line {@code …} stands for any number of lines. {@code ```yaml file=NAME} is a
 * file that is there for the commands after it, {@code ```text golden=NAME} is a golden file of another test. Commands
 * run in a copy of the sample repository.
 */
class DocumentedCommandsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```([a-z]+)(?: ([a-z]+)=(\\S+))?\n(.*?)^```$");
    private static final String PROMPT = "$ ork ";

    @TempDir
    private Path temporary;

    private record Block(String language, String attribute, String name, String text) {}

    private record Shown(String command, List<String> output) {}

    @ParameterizedTest
    @ValueSource(
            strings = {"README.md", "docs/compose.md", "docs/graph-and-status.md", "docs/plan.md", "docs/validate.md"})
    void theOutputOfEachCommandIsTheOneThatIsShown(String page) throws IOException {
        Path folder = temporary.resolve("sample-repo");
        Golden.copy(ROOT.resolve("sample-repo"), folder);
        Files.createDirectory(folder.resolve(".git"));
        int commands = 0;
        for (Block block : blocks(page)) {
            if (block.attribute().equals("file")) {
                Path file = folder.resolve(block.name());
                Files.createDirectories(file.getParent());
                Files.writeString(file, block.text());
            } else if (block.attribute().equals("golden")) {
                assertThat(block.text())
                        .isEqualTo(Files.readString(Golden.folder().resolveSibling(block.name())));
            } else if (block.language().equals("console")) {
                for (Shown shown : commands(block.text())) {
                    List<String> output = run(folder, shown.command());
                    assertThat(matches(shown.output(), output))
                            .as("%s\nshows:\n%s\nbut it is:\n%s", shown.command(), lines(shown.output()), lines(output))
                            .isTrue();
                    commands++;
                }
            }
        }
        assertThat(commands).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"compose,compose", "plan,plan", "validate,validate", "graph,graph-and-status", "status,graph-and-status"
    })
    void thePageNamesEachOption(String name, String file) throws IOException {
        String page = Files.readString(ROOT.resolve("docs/" + file + ".md"));
        CommandLine ork = Ork.commandLine(Terminal.ofProcess(Map.of()));
        CommandLine command =
                Optional.ofNullable(ork.getSubcommands().get(name)).orElseThrow();

        assertThat(command.getCommandSpec().options().stream()
                        .filter(option -> !option.usageHelp())
                        .map(option -> List.of(option.names())))
                .allSatisfy(names -> assertThat(names.stream()
                                .anyMatch(option -> page.contains(option + " ")
                                        || page.contains(option + "`")
                                        || page.contains(option + "]")))
                        .as("%s", names)
                        .isTrue());
    }

    private static List<Block> blocks(String page) throws IOException {
        return BLOCK.matcher(Files.readString(ROOT.resolve(page)))
                .results()
                .map(found -> new Block(found.group(1), orNone(found.group(2)), orNone(found.group(3)), found.group(4)))
                .toList();
    }

    private static String orNone(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static List<Shown> commands(String console) {
        List<Shown> all = new ArrayList<>();
        for (String line : console.lines().toList()) {
            if (line.startsWith(PROMPT)) {
                all.add(new Shown(line.substring(PROMPT.length()), new ArrayList<>()));
            } else {
                all.getLast().output().add(line);
            }
        }
        return all;
    }

    private static List<String> run(Path folder, String command) {
        StringWriter both = new StringWriter();
        PrintWriter writer = new PrintWriter(both, true);
        Ork.run(new Terminal(writer, writer, false, folder), command.split(" "));
        return both.toString().lines().toList();
    }

    /** Whether {@code output} is {@code shown}, where a line with three dots is any number of lines. */
    private static boolean matches(List<String> shown, List<String> output) {
        if (shown.isEmpty()) {
            return output.isEmpty();
        }
        List<String> rest = shown.subList(1, shown.size());
        if (shown.getFirst().equals("…")) {
            return matches(rest, output) || !output.isEmpty() && matches(shown, output.subList(1, output.size()));
        }
        return !output.isEmpty()
                && output.getFirst().equals(shown.getFirst())
                && matches(rest, output.subList(1, output.size()));
    }

    private static String lines(List<String> lines) {
        return lines.stream().collect(Collectors.joining("\n"));
    }
}
