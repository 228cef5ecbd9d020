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
                Stream.of("retry", "rollback", "suspend", "resume", "history")
                        .map(command -> transcript(command, "--help"))
                        .collect(Collectors.joining("\n")));
    }

    @Test
    void whatMakesNoSenseIsRefusedBeforeTheClusterIsAsked() throws IOException {
        Golden.assertMatches(
                "asked/refused.txt",
                Stream.of(
                                List.of("retry", "staging", "c3d9f10"),
                                List.of("retry", "staging", "c3d9f10", "--reason", " "),
                                List.of("retry", "staging", "--reason", "mended"),
                                List.of("retry", "staging", "c3d9f10", "--reason", "mended", "--timeout", "soon"),
                                List.of("retry", "staging", "c3d9f10", "--reason", "mended", "--kubeconfig", "nowhere"),
                                List.of("rollback", "staging"),
                                List.of("rollback", "staging", "--to", "b2", "--reason", "x".repeat(1025)),
                                List.of("rollback", "staging", "--to", "b2e41aa", "--kubeconfig", "nowhere"),
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
