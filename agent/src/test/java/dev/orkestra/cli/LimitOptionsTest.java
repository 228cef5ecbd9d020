package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.Limits;
import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.katalog.InputLimits;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class LimitOptionsTest {
    @TempDir
    private Path folder;

    @Command
    private static final class Probe {
        @Mixin
        private final LimitOptions limits = new LimitOptions();
    }

    private static InputLimits limits(String... arguments) {
        Probe probe = new Probe();
        new CommandLine(probe).parseArgs(arguments);
        return probe.limits.limits();
    }

    private String run(int exitCode, String... arguments) {
        StringWriter text = new StringWriter();
        PrintWriter writer = new PrintWriter(text, true);
        assertThat(Ork.run(new Terminal(writer, writer, false, folder), arguments))
                .as("exit code, after %s", text)
                .isEqualTo(exitCode);
        return text.toString();
    }

    @Test
    void withoutTheOptionTheDefaultsHold() {
        assertThat(limits()).isEqualTo(InputLimits.DEFAULTS);
    }

    @Test
    void eachLimitIsSetByItsName() {
        assertThat(limits(
                        "--limit=maxBytes=8Mi",
                        "--limit=maxDepth=1000",
                        "--limit=maxAliases=0",
                        "--limit=maxDocuments=5",
                        "--limit=maxNodes=7",
                        "--limit",
                        "maxImportDepth=2",
                        "--limit=maxImports=3",
                        "--limit=maxImportBytes=64Ki",
                        "--limit=maxImportTime=1m30s"))
                .isEqualTo(new InputLimits(
                        new Limits(8 << 20, 1_000, 0, 5, 7), new ImportLimits(2, 3, 64 << 10, Duration.ofSeconds(90))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "maxByte=1 | there is no limit maxByte; did you mean maxBytes?",
                "size=1 | there is no limit size; the limits are maxBytes, maxDepth,",
                "maxDepth=1001 | maxDepth needs a number, from 1 to 1000, not '1001'",
                "maxDepth=1Ki | maxDepth needs a number, from 1 to 1000, not '1Ki'",
                "maxBytes=-1 | maxBytes needs a size, such as 8Mi, from 1 to 256Mi, not '-1'",
                "maxBytes=1Gi | maxBytes needs a size, such as 8Mi, from 1 to 256Mi, not '1Gi'",
                "maxBytes=99999999999999999999 | maxBytes needs a size",
                "maxBytes=8MB | maxBytes needs a size",
                "maxNodes= | maxNodes needs a number, from 1 to 100000000, not ''",
                "maxImportTime=30 | maxImportTime needs a time, such as 30s, from 1ms to 1h0m0s, not '30'",
                "maxImportTime=2000000h | maxImportTime needs a time",
                "maxDepth | NAME=VALUE"
            })
    void whatIsWrongIsSaidWithWhatIsAllowed(String given, String said) throws IOException {
        Files.writeString(folder.resolve("a.yaml"), "a: 1\n");

        assertThat(run(2, "validate", "-f", "a.yaml", "--limit", given)).contains(said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"validate", "plan", "agent"})
    void everyCommandThatReadsFilesHasIt(String command) {
        assertThat(run(0, command, "--help")).contains("--limit=NAME=VALUE").contains("maxImportTime");
    }

    @Test
    void whatAFindingAdvisesHelps() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), "a: " + "[".repeat(110) + "]".repeat(110) + "\n");
        Files.writeString(folder.resolve("b.yaml"), "# a comment\n".repeat(400_000) + "a: 1\n");

        assertThat(run(1, "validate", "-f", "a.yaml"))
                .contains("(limit maxDepth)")
                .contains("raise the limit with --limit maxDepth=…; the agent takes the same option");
        assertThat(run(0, "validate", "-f", "a.yaml", "--limit", "maxDepth=200"))
                .contains("a.yaml: ok");
        assertThat(run(2, "validate", "-f", "b.yaml"))
                .contains("(limit maxBytes)")
                .contains("--limit maxBytes=…");
        assertThat(run(0, "validate", "-f", "b.yaml", "--limit", "maxBytes=8Mi"))
                .contains("b.yaml: ok");
    }

    @Test
    void theDocumentationHasEachDefaultAndCeiling() throws IOException {
        String page = Files.readString(Path.of("../docs/limits.md"));

        assertThat(LimitOptions.rows())
                .hasSize(9)
                .allSatisfy(row -> assertThat(page).contains(row));
    }
}
