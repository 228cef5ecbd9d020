package dev.orkestra.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people ask for by command, as far as it needs no cluster: the help, and what is refused at once. */
class AskedCommandsTest {
    @TempDir
    private Path folder;

    @Test
    void theHelpSaysWhatItDoesAndWhatItTakes() throws IOException {
        Golden.assertMatches(
                "asked/help.txt",
                Stream.of("suspend", "resume")
                        .map(command -> transcript(command, "--help"))
                        .collect(Collectors.joining("\n")));
    }

    @Test
    void whatMakesNoSenseIsRefusedBeforeTheClusterIsAsked() throws IOException {
        Golden.assertMatches(
                "asked/refused.txt",
                Stream.of(
                                List.of("suspend", "staging"),
                                List.of("suspend", "staging", "--reason", " "),
                                List.of("suspend", "staging", "--reason", "x".repeat(1025)),
                                List.of("suspend", "staging", "--reason", "audit", "--until", "tomorrow"),
                                List.of("suspend", "staging", "--reason", "audit", "--until", "2020-01-01T00:00:00Z"),
                                List.of("suspend", "staging", "--reason", "audit", "--kubeconfig", "nowhere"),
                                List.of("resume", "staging", "--kubeconfig", "nowhere"))
                        .map(each -> transcript(each.toArray(String[]::new)))
                        .collect(Collectors.joining("\n"))
                        .replace(folder.toAbsolutePath().toString(), "FOLDER")
                        .replace("x".repeat(1025), "xxx"));
    }

    private String transcript(String... arguments) {
        return Ran.in(folder, arguments).transcript("ork " + String.join(" ", arguments));
    }
}
