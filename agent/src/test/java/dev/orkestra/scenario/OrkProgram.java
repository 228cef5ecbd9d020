package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.testing.Testbed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged {@code ork}, as an administrator runs it. */
final class OrkProgram {
    private OrkProgram() {}

    /** How it ended, and what it printed on both outputs. */
    record Said(int exitCode, String text) {}

    static Said run(Scenario scenario, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-jar",
                Testbed.root().resolve("agent/target/agent.jar").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(scenario.scratch.toFile()).redirectErrorStream(true);
        builder.environment()
                .put("KUBECONFIG", scenario.testbed.adminKubeconfig().toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return new Said(process.exitValue(), text);
    }
}
