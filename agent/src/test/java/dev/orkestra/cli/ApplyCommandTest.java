package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ork apply} and {@code ork sync} as far as they need no cluster: what they refuse, and how they show a run. */
class ApplyCommandTest {
    private static final String HASH = "sha256:" + "a".repeat(64);

    @TempDir
    private Path folder;

    @Test
    void refusesFilesThatAreNoPlanForThisConfigRepo() throws IOException {
        plan("good.json", "staging", 0, "within");
        plan("refused.json", "staging", 2, "within");
        plan("blind.json", "staging", 0, "unknown");
        plan("other.json", "production", 0, "within");
        Files.writeString(folder.resolve("text.json"), "not JSON");
        Files.writeString(folder.resolve("offline.json"), "{\"schemaVersion\": 1}");
        StringBuilder page = new StringBuilder();
        for (String file :
                List.of("missing.json", "text.json", "offline.json", "other.json", "refused.json", "blind.json")) {
            page.append(transcript("apply", "--plan", file, "staging")).append('\n');
        }
        page.append(transcript("apply", "--plan", "good.json", "staging", "--timeout", "soon"))
                .append('\n');
        page.append(transcript("apply", "--plan", "good.json", "staging", "--kubeconfig", "nowhere"))
                .append('\n');
        page.append(transcript("sync", "staging", "--kubeconfig", "nowhere"));

        Golden.assertMatches(
                "apply/refused.txt",
                page.toString().replace(folder.toAbsolutePath().toString(), "FOLDER"));
    }

    @Test
    void theHelpSaysWhatItDoesAndWhatItTakes() throws IOException {
        Golden.assertMatches("apply/help.txt", transcript("apply", "--help") + "\n" + transcript("sync", "--help"));
    }

    @Test
    void aRunIsShownInLines() throws IOException {
        ObjectNode run = (ObjectNode) new ObjectMapper().readTree("""
                {"metadata": {"name": "staging-3"},
                 "spec": {"commit": "c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3"},
                 "status": {"phase": "RollingBack", "message": "it\\nis",
                   "plan": {"create": 1, "update": 2, "replace": 0, "prune": 3},
                   "waves": [{"wave": 0, "phase": "Healthy"},
                             {"wave": 5, "layer": 2, "phase": "Failed", "waitingFor": "Deployment/web: \\u001B[31mno"}],
                   "rollback": {"waves": [{"wave": 0, "phase": "Applying"}]}}}
                """);

        assertThat(RunPicture.lines(run, 60)).hasSameSizeAs(List.of(1, 2, 3, 4)).allMatch(line -> line.length() <= 60);
        Golden.assertMatches(
                "apply/run.txt", String.join("\n", RunPicture.lines(run, 200)) + "\n" + RunPicture.message(run) + "\n");
    }

    private String transcript(String... arguments) {
        return Ran.in(folder, arguments).transcript("ork " + String.join(" ", arguments));
    }

    private void plan(String file, String configRepo, int refused, String budget) throws IOException {
        Files.writeString(folder.resolve(file), """
                {"schemaVersion": 1, "configRepo": {"namespace": "orkestra", "name": "%s"}, "commit": "working tree",
                 "hash": "%s", "summary": {"refused": %d, "prune": 0}, "prune": {"budget": "%s"}}
                """.formatted(configRepo, HASH, refused, budget));
    }
}
