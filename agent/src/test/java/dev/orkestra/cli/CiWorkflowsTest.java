package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the commands of the workflows in docs/ci.md in a copy of the sample repository, as a runner would: steps in
 * order until one fails, then those that run always. Checkout and build are stood in for.
 */
class CiWorkflowsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```[a-z]+ file=(\\S+)\n(.*?)^```$");
    private static final String GITHUB = ".github/workflows/ork.yaml";
    private static final String GITLAB = ".gitlab-ci.yml";
    private static final String GITEA = ".gitea/workflows/ork.yaml";
    private static final String OVERLAY = "operator-definitions/overlays/staging/komposer.yaml";

    @TempDir
    private Path temporary;

    private Path folder = Path.of("");

    /** One script. */
    private record Step(String script, boolean isAlways) {}

    /** What a job came to. */
    private record Ended(int exitCode, String log) {}

    @BeforeEach
    void aCheckout() throws IOException {
        folder = temporary.resolve("work");
        Golden.copy(ROOT.resolve("sample-repo"), folder);
        Files.createDirectory(folder.resolve(".git"));
        // What the second checkout brings; git does so for GitLab.
        program(
                temporary.resolve("ork/ork"),
                "exec '%s' -XX:TieredStopAtLevel=1 -cp '%s' dev.orkestra.cli.Ork \"$@\""
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                System.getProperty("java.class.path")));
        program(
                temporary.resolve("bin/git"),
                "for target; do :; done; cp -r '" + temporary.resolve("ork") + "' \"$target\"");
        program(
                temporary.resolve("bin/mvn"),
                "echo \"mvn $*\"; case \"$*\" in *' -f .ork/pom.xml '*package) ;; *) exit 3;; esac");
    }

    private static void program(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Map<String, String> files() throws IOException {
        Map<String, String> files = new java.util.LinkedHashMap<>();
        BLOCK.matcher(Files.readString(ROOT.resolve("docs/ci.md")))
                .results()
                .forEach(found -> files.put(found.group(1), found.group(2)));
        return files;
    }

    private static List<Step> steps(String name) throws IOException {
        JsonNode workflow = new ObjectMapper(new YAMLFactory()).readTree(files().getOrDefault(name, ""));
        List<Step> steps = new ArrayList<>();
        for (JsonNode step : workflow.at("/jobs/validate/steps")) {
            if (step.has("run")) {
                steps.add(new Step(
                        step.path("run").asText(), step.path("if").asText().equals("always()")));
            }
        }
        StringBuilder gitlab = new StringBuilder();
        for (String part : List.of("before_script", "script")) {
            workflow.path("validate")
                    .path(part)
                    .forEach(line -> gitlab.append(line.asText()).append('\n'));
        }
        if (!gitlab.isEmpty()) {
            steps.add(new Step(gitlab.toString(), false));
        }
        return steps;
    }

    private Ended run(String workflow) throws IOException {
        if (!workflow.equals(GITLAB)) {
            Golden.copy(temporary.resolve("ork"), folder.resolve(".ork"));
            Files.setPosixFilePermissions(folder.resolve(".ork/ork"), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path added = temporary.resolve("github-path");
        Files.writeString(added, "");
        StringBuilder log = new StringBuilder();
        int exitCode = 0;
        for (Step step : steps(workflow)) {
            if (exitCode == 0 || step.isAlways()) {
                String path = String.join(":", Files.readAllLines(added)) + ":" + temporary.resolve("bin") + ":"
                        + System.getenv("PATH");
                Ended ended = bash(step.script(), Map.of("PATH", path, "GITHUB_PATH", added.toString()));
                log.append(ended.log());
                exitCode = exitCode == 0 ? ended.exitCode() : exitCode;
            }
        }
        return new Ended(exitCode, log.toString());
    }

    private Ended bash(String script, Map<String, String> environment) throws IOException {
        Path log = temporary.resolve("log");
        // As GitHub's runner starts it; GitLab's sets the same options.
        ProcessBuilder builder = new ProcessBuilder("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment().putAll(Map.of("ORK_URL", "x", "ORK_VERSION", "x"));
        Process process = builder.start();
        try {
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("does not end: " + script);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException(e);
        }
        return new Ended(process.exitValue(), Files.readString(log));
    }

    private void breakAnOverlay() throws IOException {
        Path overlay = folder.resolve(OVERLAY);
        Files.writeString(overlay, Files.readString(overlay) + "lifecycle: {maturity: ripe}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {GITHUB, GITLAB, GITEA})
    void aSoundRepositoryPasses(String workflow) throws IOException {
        Ended ended = run(workflow);

        assertThat(ended.exitCode()).as(ended.log()).isZero();
        assertThat(ended.log()).contains("2 files checked: no errors, no warnings");
    }

    @Test
    void anErrorFailsTheJobOnGithubAndIsInBothReports() throws IOException {
        breakAnOverlay();

        Ended ended = run(GITHUB);

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.log()).contains("::error file=" + OVERLAY + ",line=");
        JsonNode sarif = new ObjectMapper().readTree(Files.readString(folder.resolve("ork.sarif")));
        assertThat(sarif.at("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri")
                        .asText())
                .isEqualTo(OVERLAY);
    }

    @Test
    void anErrorFailsTheJobOnGitlabAndTheReportIsThereBefore() throws IOException {
        breakAnOverlay();

        Ended ended = run(GITLAB);

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.log()).contains(OVERLAY + ":").contains("2 files checked: 1 error, no warnings");
        assertThat(Files.readString(folder.resolve("ork-junit.xml")))
                .contains("failures=\"1\"")
                .endsWith("</testsuites>\n");
    }

    @Test
    void anErrorFailsTheJobOnGitea() throws IOException {
        breakAnOverlay();

        assertThat(run(GITEA).exitCode()).isEqualTo(1);
    }

    @Test
    void theHookRefusesWhatIsWrong() throws IOException {
        program(folder.resolve("hook"), files().getOrDefault(".git/hooks/pre-commit", ""));
        Map<String, String> path = Map.of("PATH", temporary.resolve("ork") + ":" + System.getenv("PATH"));

        assertThat(bash("./hook", path).exitCode()).isZero();
        breakAnOverlay();
        assertThat(bash("./hook", path).exitCode()).isEqualTo(1);
    }
}
