package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.testing.Testbed;
import org.junit.jupiter.api.Test;

/**
 * The README's first command, as a person runs it: a cluster of its own, the agent as a process under its service
 * account, and five commits of which each must end as said. The script itself checks what each run left behind and
 * says what was not so.
 */
class QuickstartIT {
    @Test
    void theFiveRunsOfTheQuickstartEndAsSaid() {
        ProcessBuilder quickstart =
                new ProcessBuilder(Testbed.root().resolve("quickstart").toString()).redirectErrorStream(true);
        quickstart.environment().remove("ORK_KUBECONFIG");

        String output = Programs.run(quickstart);

        assertThat(output.lines().map(String::strip))
                .as("the timeline")
                .anyMatch(line -> line.matches("1 +[0-9a-f]{7} +the first commit +Good .*"))
                .anyMatch(line -> line.matches("2 +[0-9a-f]{7} +one value changed, one object removed +Good .*"))
                .anyMatch(line -> line.matches("3 +[0-9a-f]{7} +a bad commit: .* +RolledBack .*"))
                .anyMatch(line -> line.matches("4 +[0-9a-f]{7} +a git revert of it +Good .*"))
                .anyMatch(line -> line.matches("5 +[0-9a-f]{7} +an invalid commit: .* +Invalid .*"));
    }
}
