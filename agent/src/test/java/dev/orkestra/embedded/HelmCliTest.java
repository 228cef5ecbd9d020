package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Identity;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.process.ChildProcesses;
import dev.orkestra.process.Command;
import dev.orkestra.process.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelmCliTest {
    private static final Identity IDENTITY = new Identity("team", "deployer");

    @TempDir
    Path folder;

    /** Looks at a child's files while it "runs", and says what the real Helm would. */
    private static final class Recorder implements ChildProcesses {
        final List<Command> commands = new ArrayList<>();
        JsonNode kubeconfig = new ObjectMapper().createObjectNode();
        String values = "";
        String permissions = "";
        Ended answer = new Ended(Ended.How.EXITED, 0, "{}", "");

        @Override
        public Ended run(Command command) throws IOException {
            commands.add(command);
            Path config = Path.of(command.environment().getOrDefault("KUBECONFIG", ""));
            kubeconfig = new ObjectMapper().readTree(Files.readAllBytes(config));
            permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(config));
            Path written = command.workingDirectory().resolve("values.yaml");
            values = Files.exists(written) ? Files.readString(written) : "";
            return answer;
        }
    }

    @Test
    void upgradesAsTheIdentityWithoutWaitingAndLeavesNoFileBehind() throws Exception {
        Recorder recorder = new Recorder();
        HelmResult result = helm(recorder).upgrade(IDENTITY, release("{}"), Path.of("/charts/a.tgz"), "abc", true);

        assertThat(result.succeeded()).isTrue();
        Command command = recorder.commands.getFirst();
        assertThat(command.arguments())
                .startsWith("/opt/helm", "upgrade", "web", "/charts/a.tgz", "--install", "--namespace", "shop")
                .containsSequence("--timeout", "1m0s")
                .containsSequence("--history-max", "5", "--labels", "orkestra.dev/config=abc")
                .contains("--reset-values")
                .doesNotContain("--wait", "--atomic", "--create-namespace");
        assertThat(command.environment().keySet())
                .containsExactlyInAnyOrder(
                        "HOME", "HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME", "KUBECONFIG");
        assertThat(String.join(" ", command.arguments()))
                .doesNotContain("secret-token")
                .doesNotContain("clear");
        assertThat(recorder.permissions).isEqualTo("rw-------");
        assertThat(recorder.values).isEqualTo("{\"password\":\"clear\"}");
        JsonNode user = recorder.kubeconfig.path("users").path(0).path("user");
        assertThat(user.path("as").asText()).isEqualTo("system:serviceaccount:team:deployer");
        assertThat(user.path("token").asText()).isEqualTo("secret-token");
        try (Stream<Path> left = Files.list(folder.resolve("calls"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void translatesTheActionsOptions() throws Exception {
        Recorder recorder = new Recorder();
        ReleaseSpec release = release("""
                {"maxHistory": 3, "install": {"createNamespace": true, "crds": "Skip"},
                 "upgrade": {"force": true, "disableHooks": true, "cleanupOnFail": true}}""");
        helm(recorder).upgrade(IDENTITY, release, Path.of("/a.tgz"), "abc", true);
        helm(recorder).upgrade(IDENTITY, release, Path.of("/a.tgz"), "abc", false);
        assertThat(recorder.commands.get(0).arguments())
                .contains("--create-namespace", "--skip-crds")
                .doesNotContain("--force")
                .containsSequence("--history-max", "3");
        assertThat(recorder.commands.get(1).arguments())
                .contains("--force", "--no-hooks", "--cleanup-on-fail")
                .doesNotContain("--create-namespace");
    }

    @Test
    void givesEachActionItsOwnFlagsAndTimeout() throws Exception {
        Recorder recorder = new Recorder();
        ReleaseSpec release = release("""
                {"install": {"timeout": "2m", "disableSchemaValidation": true},
                 "upgrade": {"timeout": "3m", "preserveValues": true},
                 "rollback": {"timeout": "4m", "recreate": true, "force": true, "cleanupOnFail": true},
                 "uninstall": {"timeout": "5m", "keepHistory": true, "deletionPropagation": "foreground"},
                 "test": {"timeout": "6m", "filters": [{"name": "a"}, {"name": "b", "exclude": true}]}}""");
        HelmCli helm = helm(recorder);
        helm.upgrade(IDENTITY, release, Path.of("/a.tgz"), "abc", true);
        helm.upgrade(IDENTITY, release, Path.of("/a.tgz"), "abc", false);
        helm.rollback(IDENTITY, release, 7);
        helm.uninstall(IDENTITY, release);
        helm.test(IDENTITY, release);
        assertThat(recorder.commands.get(0).arguments())
                .containsSequence("--timeout", "2m0s")
                .contains("--skip-schema-validation", "--reset-values");
        assertThat(recorder.commands.get(1).arguments())
                .containsSequence("--timeout", "3m0s")
                .contains("--reuse-values")
                .doesNotContain("--skip-schema-validation", "--reset-values");
        assertThat(recorder.commands.get(2).arguments())
                .startsWith("/opt/helm", "rollback", "web", "7", "--namespace", "shop", "--timeout", "4m0s")
                .contains("--recreate-pods", "--force", "--cleanup-on-fail")
                .doesNotContain("--wait");
        assertThat(recorder.commands.get(3).arguments())
                .startsWith("/opt/helm", "uninstall", "web", "--namespace", "shop", "--timeout", "5m0s")
                .contains("--ignore-not-found", "--keep-history")
                .containsSequence("--cascade", "foreground");
        assertThat(recorder.commands.get(4).arguments())
                .startsWith("/opt/helm", "test", "web", "--namespace", "shop", "--timeout", "6m0s")
                .containsSequence("--filter", "name=a", "--filter", "!name=b");
    }

    @Test
    void tellsTroubleOfTheNetworkFromTroubleOfTheRelease() throws Exception {
        Recorder recorder = new Recorder();
        recorder.answer = new Ended(
                Ended.How.EXITED,
                1,
                "",
                "W1121 09:00:00.000 warnings.go:70] old\nError: UPGRADE FAILED: cannot patch \"web\"\nwith kind Deployment\n");
        HelmResult refused = helm(recorder).status(IDENTITY, release("{}"));
        assertThat(refused.trouble()).isEqualTo("UPGRADE FAILED: cannot patch \"web\" with kind Deployment");
        assertThat(refused.retry()).isFalse();
        recorder.answer = new Ended(Ended.How.EXITED, 1, "", "Error: Kubernetes cluster unreachable: dial tcp");
        assertThat(helm(recorder).status(IDENTITY, release("{}")).retry()).isTrue();
        recorder.answer = new Ended(Ended.How.DEADLINE, 0, "", "");
        assertThat(helm(recorder).status(IDENTITY, release("{}")).trouble()).contains("deadline");
    }

    private HelmCli helm(ChildProcesses processes) {
        return new HelmCli(
                processes,
                new HelmConnection("https://127.0.0.1:6443", Path.of("/ca.crt"), () -> "secret-token"),
                HelmSettings.standard(Path.of("/opt/helm"), folder),
                new HelmTimes());
    }

    private static ReleaseSpec release(String moreSpec) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode release = (ObjectNode) mapper.readTree("""
                {"metadata": {"name": "web", "namespace": "shop"},
                 "spec": {"timeout": "1m", "chart": {"spec": {"chart": "web", "version": "1.0.0"}},
                          "values": {"password": "clear"}}}""");
        ((ObjectNode) release.path("spec")).setAll((ObjectNode) mapper.readTree(moreSpec));
        return switch (ReleaseSpec.parse(release)) {
            case Outcome.Done<ReleaseSpec>(ReleaseSpec spec) -> spec;
            case Outcome.Retry<ReleaseSpec> retry -> throw new AssertionError(retry);
            case Outcome.Terminal<ReleaseSpec> refused -> throw new AssertionError(refused);
        };
    }
}
