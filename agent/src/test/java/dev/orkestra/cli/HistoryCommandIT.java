package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.Settings;
import dev.orkestra.run.Ledger;
import dev.orkestra.run.LedgerJson;
import dev.orkestra.run.Phase;
import dev.orkestra.run.Pinned;
import dev.orkestra.run.RunSummary;
import dev.orkestra.run.Trigger;
import dev.orkestra.testing.Testbed;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ran, for those who may read everything and for those who may not. */
class HistoryCommandIT {
    private static final Testbed TESTBED = Testbed.shared();
    private static final ResourceType LEDGERS =
            new ResourceType("orkestra.dev", "v1alpha1", "ConfigLedger", "configledgers", true);
    private static final Instant BEGAN = Instant.parse("2026-11-30T08:00:00Z");
    private static final String GOOD = "a".repeat(40);

    @TempDir
    Path folder;

    private final String namespace =
            "history-it-" + UUID.randomUUID().toString().substring(0, 8);
    private final KubeCluster cluster =
            KubeCluster.connect(new ClusterRef.Kubeconfig(TESTBED.adminKubeconfig(), ""), Settings.standard());

    private record Ran(int exitCode, String out, String err) {}

    @BeforeEach
    void prepare() throws Exception {
        kubectl(
                "apply",
                "--server-side",
                "-f",
                Testbed.root().resolve("schemas/crds").toString());
        kubectl("create", "namespace", namespace);
        Path file = folder.resolve("objects.yaml");
        Files.writeString(file, """
                apiVersion: orkestra.dev/v1alpha1
                kind: ConfigRepo
                metadata: {name: staging, namespace: NAMESPACE}
                spec:
                  source: {url: "http://git.test/config.git"}
                  layers: [{path: infra}]
                  serviceAccountName: staging
                ---
                apiVersion: orkestra.dev/v1alpha1
                kind: ConfigRun
                metadata: {name: staging-8, namespace: NAMESPACE}
                spec: {configRepo: staging, number: 8, commit: COMMIT, trigger: rollback, requestedBy: ann, reason: orders fail}
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: reader, namespace: NAMESPACE}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: reader, namespace: NAMESPACE}
                rules:
                  - {apiGroups: [orkestra.dev], resources: [configrepos], verbs: [get]}
                  - {apiGroups: [orkestra.dev], resources: [configruns], verbs: [list]}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: reader, namespace: NAMESPACE}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
                subjects: [{kind: ServiceAccount, name: reader, namespace: NAMESPACE}]
                """.replace("NAMESPACE", namespace).replace("COMMIT", GOOD));
        kubectl("apply", "-f", file.toString());
        createLedger();
    }

    /** It knows a run whose ConfigRun is gone, and a pin. */
    private void createLedger() {
        Ledger kept = Ledger.EMPTY
                .finished(new RunSummary(
                        7, GOOD, "sha256:a", Trigger.SYNC, Phase.Good, BEGAN, BEGAN.plusSeconds(12), "", "", "", true))
                .pin(new Pinned(GOOD, 8, "ann", "orders fail", BEGAN));
        ObjectNode ledger = JsonNodeFactory.instance.objectNode();
        ledger.put("apiVersion", LEDGERS.apiVersion()).put("kind", LEDGERS.kind());
        ledger.putObject("metadata")
                .put("name", "staging-1")
                .put("namespace", namespace)
                .putObject("labels")
                .put("orkestra.dev/config-repo", namespace + ".staging");
        ledger.putObject("spec")
                .put("repository", "http://git.test/config.git")
                .put("path", "")
                .put("configRepo", "staging");
        ObjectNode created = cluster.create(LEDGERS, ledger, "history-it");
        created.set("status", LedgerJson.write(kept));
        cluster.replaceStatus(LEDGERS, created, "history-it");
    }

    @AfterEach
    void remove() throws Exception {
        kubectl("delete", "namespace", namespace, "--wait=false");
        cluster.close();
    }

    @Test
    void whoMayReadTheLedgerSeesAllOfIt() {
        Ran ran = history(TESTBED.adminKubeconfig());

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        List<String> lines = ran.out().lines().toList();
        assertThat(lines).as(ran.out()).hasSize(4);
        assertThat(lines.get(1)).startsWith("7 ").contains("sync", "12 s", "Good");
        assertThat(lines.get(2)).startsWith("8 ").contains("rollback", "Asked", "ann", "orders fail");
        assertThat(lines.get(3)).contains("pinned to commit aaaaaaaaaaaa by ann", "ork resume -n " + namespace);
    }

    @Test
    void whoMayNotIsToldWhatTheConfigRunsSay() throws Exception {
        Ran ran = history(readersKubeconfig());

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        List<String> lines = ran.out().lines().toList();
        assertThat(lines).as(ran.out()).hasSize(2);
        assertThat(lines.get(1)).startsWith("8 ").contains("rollback", "Asked", "ann", "orders fail");
    }

    private Path readersKubeconfig() throws Exception {
        String server =
                kubectl("config", "view", "--raw", "--minify", "--flatten", "-o=jsonpath={.clusters[0].cluster}");
        String token = kubectl("create", "token", "reader", "-n", namespace).strip();
        Path file = folder.resolve("reader.kubeconfig");
        Files.writeString(
                file,
                "{\"apiVersion\": \"v1\", \"kind\": \"Config\", \"current-context\": \"reader\","
                        + "\"clusters\": [{\"name\": \"reader\", \"cluster\": " + server + "}],"
                        + "\"users\": [{\"name\": \"reader\", \"user\": {\"token\": \"" + token + "\"}}],"
                        + "\"contexts\": [{\"name\": \"reader\", \"context\": {\"cluster\": \"reader\", \"user\": \"reader\"}}]}");
        return file;
    }

    private Ran history(Path kubeconfig) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Ork.run(
                new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false, folder),
                "history",
                "-n",
                namespace,
                "--kubeconfig",
                kubeconfig.toString(),
                "staging");
        return new Ran(code, out.toString(), err.toString());
    }

    private static String kubectl(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                TESTBED.kubectl().toString(),
                "--kubeconfig",
                TESTBED.adminKubeconfig().toString()));
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
