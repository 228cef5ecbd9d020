package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.Settings;
import dev.orkestra.group.Groups;
import dev.orkestra.group.Naming;
import dev.orkestra.release.GroupScene;
import dev.orkestra.release.WorkflowType;
import dev.orkestra.testing.Testbed;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code ork graph} and {@code ork status} against a real API server; what engines would write is written here. */
class GroupStatusIT {
    private static final Testbed TESTBED = Testbed.shared();
    private static final String MANAGER = "gcli-it";

    private final String id = UUID.randomUUID().toString().substring(0, 8);
    private final String name = "gcli-" + id;
    private final String namespace = "gcli-it-" + id;
    private final String details = Naming.subchart("bookinfo", "details");
    private KubeCluster cluster;
    private ResourceType groups;
    private ResourceType workflows;
    private ResourceType releases;
    private GroupScene scene;

    @BeforeEach
    void prepare() throws Exception {
        Path crds = Testbed.root().resolve("schemas/crds");
        for (String crd : List.of(
                "orkestra.azure.microsoft.com_applicationgroups",
                "argoproj.io_workflows",
                "helm.toolkit.fluxcd.io_helmreleases")) {
            String file = crds.resolve(crd + ".yaml").toString();
            kubectl("apply", "--server-side", "--force-conflicts", "-f", file);
            kubectl("wait", "--for=condition=Established", "--timeout=60s", "-f", file);
        }
        kubectl("create", "namespace", namespace);
        cluster = KubeCluster.connect(new ClusterRef.Kubeconfig(TESTBED.adminKubeconfig(), ""), Settings.standard());
        groups = cluster.resourceType("orkestra.azure.microsoft.com/v1alpha1", "ApplicationGroup");
        workflows = cluster.resourceType("argoproj.io/v1alpha1", "Workflow");
        releases = cluster.resourceType("helm.toolkit.fluxcd.io/v2", "HelmRelease");
        ObjectNode group = Groups.json("""
                apiVersion: orkestra.azure.microsoft.com/v1alpha1
                kind: ApplicationGroup
                metadata: {name: NAME}
                spec:
                  applications:
                    - name: cache
                      spec:
                        chart: {url: "https://charts.example.test", name: cache, version: 1.0.0}
                        release: {targetNamespace: NAMESPACE}
                    - name: bookinfo
                      dependencies: [cache]
                      spec:
                        chart: {url: "https://charts.example.test", name: bookinfo, version: 2.0.0}
                        release: {targetNamespace: NAMESPACE}
                        subcharts: [{name: details}]
                """.replace("NAMESPACE", namespace).replace("NAME", name));
        scene = new GroupScene(cluster.create(groups, group, MANAGER), namespace);
    }

    @AfterEach
    void remove() throws Exception {
        cluster.delete(groups, "", name, "");
        kubectl("delete", "namespace", namespace, "--wait=false");
        cluster.close();
    }

    private static void kubectl(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                TESTBED.kubectl().toString(),
                "--kubeconfig",
                TESTBED.adminKubeconfig().toString()));
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    private void writeGroup() {
        cluster.mergePatch(groups, "", name, GroupScene.status(scene.group()), true, MANAGER);
    }

    private void write(ResourceType type, ObjectNode object) {
        String where = object.path("metadata").path("namespace").asText();
        String what = object.path("metadata").path("name").asText();
        if (cluster.get(type, where, what).isEmpty()) {
            cluster.create(type, object, MANAGER);
        }
        // Workflows have no status subresource, neither Argo's nor ours.
        boolean subresource = type.kind().equals("HelmRelease");
        cluster.mergePatch(type, where, what, GroupScene.status(object), subresource, MANAGER);
    }

    /** The first application is ready, the first release of the second runs. */
    private void begin() {
        scene.observed(1, 0)
                .condition("Ready", "Unknown", "Progressing", "workflow is reconciling...", 0)
                .staged()
                .workflow(WorkflowType.FORWARD, "Running")
                .progress("1/2")
                .node("cache", "Succeeded", 0, 5, "")
                .node("cache.cache-cache", "Succeeded", 0, 5, "")
                .node("bookinfo", "Running", 5, -1, "")
                .node("bookinfo.bookinfo-details", "Running", 5, -1, "")
                .releaseReady(namespace, "cache", "1.0.0")
                .release(namespace, details, "1.0.0", "Unknown", "Progressing", "Running 'install' action");
        writeAll();
    }

    private void writeAll() {
        scene.releases().forEach(each -> write(releases, each));
        scene.workflows().forEach(each -> write(workflows, each));
        writeGroup();
    }

    private void succeed() {
        scene.releases().removeLast();
        scene.releaseReady(namespace, details, "1.0.0").releaseReady(namespace, "bookinfo", "2.0.0");
        scene.node("bookinfo.bookinfo-details", "Succeeded", 5, 9, "")
                .node("bookinfo.bookinfo-bookinfo", "Succeeded", 9, 12, "")
                .node("bookinfo", "Succeeded", 5, 12, "")
                .progress("3/3")
                .workflowEnded("Succeeded", "", 12)
                .observed(1, 1)
                .condition("ForwardWorkflowSucceeded", "True", "Succeeded", "workflow succeeded", 12)
                .condition("Ready", "True", "Succeeded", "workflow and reconciliation succeeded", 12);
        writeAll();
    }

    private void fail() {
        scene.releases().removeLast();
        scene.release(namespace, details, "1.0.0", "False", "InstallFailed", "Helm install failed: no such host");
        scene.node("bookinfo.bookinfo-details", "Failed", 5, 9, "exit code 1\nlast line of the log")
                .node("bookinfo", "Failed", 5, 9, "")
                .workflowEnded("Failed", "", 9)
                .condition("ForwardWorkflowSucceeded", "False", "Failed", "workflow node is in failed state", 9)
                .condition("Ready", "False", "WorkflowFailed", "workflow in failed state: no such host", 9);
        writeAll();
    }

    /** Wakes who waits for a text to be written. */
    private static final class Written extends Writer {
        private final StringBuilder text = new StringBuilder();

        @Override
        public synchronized void write(char[] characters, int offset, int length) {
            text.append(characters, offset, length);
            notifyAll();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        @Override
        public synchronized String toString() {
            return text.toString();
        }

        synchronized boolean await(String wanted) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (text.indexOf(wanted) < 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                wait(left);
            }
            return true;
        }
    }

    /** A command whose output can be looked at while it runs. */
    private static final class Running {
        private final Written out = new Written();
        private final StringWriter err = new StringWriter();
        private final CompletableFuture<Integer> exitCode;

        Running(Path folder, boolean screen, List<String> words) {
            Terminal terminal = new Terminal(
                    new PrintWriter(out, true),
                    new PrintWriter(err, true),
                    screen,
                    false,
                    false,
                    screen,
                    folder,
                    Map.of("COLUMNS", "80", "LINES", "40"));
            exitCode = CompletableFuture.supplyAsync(() -> Ork.run(terminal, words.toArray(String[]::new)));
        }

        String out() {
            return out.toString();
        }

        int exit() throws Exception {
            return exitCode.get(60, TimeUnit.SECONDS);
        }

        void awaitOut(String text) throws InterruptedException {
            assertThat(out.await(text)).as("%s\nin\n%s\n%s", text, out(), err).isTrue();
        }
    }

    private Running start(boolean screen, String... more) {
        List<String> words = new ArrayList<>(List.of(more));
        words.addAll(List.of(
                "-n", namespace, "--kubeconfig", TESTBED.adminKubeconfig().toString()));
        return new Running(Path.of("").toAbsolutePath(), screen, words);
    }

    private Ran run(String... more) throws Exception {
        Running running = start(false, more);
        int exitCode = running.exit();
        return new Ran(exitCode, running.out(), running.err.toString());
    }

    @Test
    void aGroupAtWorkIsShownWithWhatWaitsForWhat() throws Exception {
        begin();
        Ran status = run("status", name);
        assertThat(status.exitCode()).as(status.toString()).isEqualTo(1);
        assertThat(status.out())
                .contains("ApplicationGroup " + name)
                .contains("Ready       Unknown Progressing")
                .contains("Forward     Progressing, 1/2 steps")
                .contains("1/3 releases ready")
                .contains("├─ cache     1.0.0  ready in 5s")
                .contains("   ├─ details   1.0.0  running for")
                .contains("   └─ bookinfo  2.0.0  waiting for details");
        Ran graph = run("graph", name);
        assertThat(graph.exitCode()).as(graph.toString()).isZero();
        assertThat(graph.out())
                .contains(name + ", forward: 2 applications, 3 releases on 2 levels")
                .contains("cache     cache@1.0.0 in " + namespace + "  [ready]")
                .contains("1 details   1.0.0  [running]")
                .contains("2 bookinfo  the chart itself, 2.0.0  [waiting]");
        assertThat(run("graph", name, "-o", "mermaid").out())
                .contains("flowchart TB")
                .doesNotContain(":::");
        assertThat(run("graph", name, "-o", "dot", "--state").out())
                .contains("digraph")
                .contains("running");
        assertThat(run("graph", name, "--no-state").out()).doesNotContain("[ready]");
        assertThat(run("graph", name, "--direction", "reverse").out()).contains("- bookinfo");
        Ran rollback = run("graph", name, "--direction", "rollback");
        assertThat(rollback.exitCode()).isEqualTo(2);
        assertThat(rollback.err()).contains("no spec of " + name + " has succeeded yet");
        Ran all = run("status");
        assertThat(all.out()).containsPattern(name + " +Unknown +Progressing +1/3 ");
        assertThat(all.exitCode()).isEqualTo(1);
    }

    @Test
    void theWatchLogsEachChangeUntilTheGroupIsReady() throws Exception {
        begin();
        Running watch = start(false, "status", name, "--watch");
        watch.awaitOut("release bookinfo/bookinfo: waiting for details");
        succeed();
        assertThat(watch.exit()).as(watch.out()).isZero();
        assertThat(watch.out())
                .doesNotContain("\u001B")
                .containsPattern("(?m)^[0-9-]+T[0-9:]+Z release bookinfo/details: running -> ready$")
                .contains("Ready True Succeeded: workflow and reconciliation succeeded, 3/3 releases ready");
        assertThat(run("status", name).exitCode()).isZero();
        assertThat(run("status", name, "-o", "yaml").out()).contains("verdict: ready");
    }

    @Test
    void onATerminalTheTreeIsDrawnAnewUntilTheGroupFails() throws Exception {
        begin();
        long begun = System.nanoTime();
        Running watch = start(true, "status", name, "-w");
        watch.awaitOut("waiting for details");
        for (int i = 1; i <= 20; i++) {
            scene.condition("Ready", "Unknown", "Progressing", "change " + i, 0);
            writeGroup();
        }
        watch.awaitOut("change 20");
        fail();
        assertThat(watch.exit()).as(watch.out()).isEqualTo(1);
        String out = watch.out();
        assertThat(out).startsWith(LiveScreen.HIDE).endsWith(LiveScreen.SHOW).contains("A\r\u001B[1mApplicationGroup");
        long pictures = out.chars().filter(c -> c == '\r').count();
        assertThat(pictures)
                .isGreaterThan(2)
                .isLessThanOrEqualTo(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) / 250 + 2);
        String last = out.substring(out.lastIndexOf('\r')).replaceAll("\u001B\\[[0-9?]*[A-Za-z]", "");
        assertThat(last)
                .contains("failed after 4s")
                .contains("InstallFailed: Helm install failed: no such host")
                .contains("| last line of the log")
                .contains("bookinfo  2.0.0  not begun");
        assertThat(run("status", name, "-o", "json").out()).contains("\"verdict\" : \"failed\"");
    }

    @Test
    void theWatchEndsAtItsDeadlineAndWhenTheGroupIsGone() throws Exception {
        begin();
        Ran late = run("status", name, "--watch", "--timeout", "300ms");
        assertThat(late.exitCode()).isEqualTo(1);
        assertThat(late.err()).contains(name + " is not ready within");
        Running watch = start(false, "status", name, "--watch");
        watch.awaitOut("Ready Unknown");
        cluster.delete(groups, "", name, "");
        assertThat(watch.exit()).isEqualTo(1);
        assertThat(watch.out()).contains("ApplicationGroup " + name + " is gone");
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        Ran status = run("status", "gcli-none");
        assertThat(status.exitCode()).isEqualTo(2);
        assertThat(status.err()).contains("there is no ApplicationGroup gcli-none");
        assertThat(run("graph", "gcli-none").err()).contains("there is no ApplicationGroup gcli-none");
        assertThat(run("status", "--watch").err()).contains("--watch needs a GROUP");
        assertThat(run("status", name, "--watch", "--timeout", "soon").err()).contains("--timeout needs a duration");
        Ran untouched = run("status", name);
        assertThat(untouched.out()).contains("the agent has not looked at it yet", "0/3 releases ready");
    }
}
