package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.Settings;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.YamlPrinter;
import dev.orkestra.executor.ChangeSignal;
import dev.orkestra.executor.Deadline;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code ork executor helmrelease} against a real API server. The test is the engine: it writes the states that Flux was
 * recorded to write. The HelmReleases have no owner label, so that no other engine of this cluster looks at them.
 */
class ExecutorCommandIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final ResourceType RELEASES =
            new ResourceType("helm.toolkit.fluxcd.io", "v2", "HelmRelease", "helmreleases", true);
    private static final ResourceType NAMESPACES = new ResourceType("", "v1", "Namespace", "namespaces", false);
    private static final ResourceType CONFIG_MAPS = new ResourceType("", "v1", "ConfigMap", "configmaps", true);
    private static final String HOLD = "orkestra.dev/test-hold";

    private final String namespace =
            "executor-it-" + UUID.randomUUID().toString().substring(0, 8);
    private final KubeCluster cluster =
            KubeCluster.connect(new ClusterRef.Kubeconfig(kubeconfig(), ""), Settings.standard());

    @BeforeEach
    void install() throws IOException, InterruptedException {
        Path file = Testbed.root().resolve("schemas/crds/helm.toolkit.fluxcd.io_helmreleases.yaml");
        ObjectNode definition = (ObjectNode) DocumentReader.read("crd", Files.readAllBytes(file))
                .documents()
                .getFirst()
                .root()
                .toJson();
        ResourceType type = cluster.resourceType("apiextensions.k8s.io/v1", "CustomResourceDefinition");
        String name = definition.path("metadata").path("name").asText();
        if (cluster.get(type, "", name).isEmpty()) {
            cluster.apply(type, definition, ApplyOptions.of("executor-it"));
        }
        await(
                type,
                "",
                name,
                live -> live.map(crd -> crd.path("status").toString())
                        .filter(status -> status.contains("Established"))
                        .isPresent());
    }

    @AfterEach
    void remove() {
        cluster.list(RELEASES, namespace, "").forEach(release -> hold(RELEASES, namespace, false));
        cluster.delete(NAMESPACES, "", namespace, "");
        cluster.close();
    }

    @Test
    void check33_installExitsZeroOnlyWhenReadyAtItsGenerationAndSettled() throws Exception {
        CompletableFuture<Ran> run = start("--action", "install", "--timeout", "60s", "--interval", "1s");
        ObjectNode applied =
                await(RELEASES, namespace, "web", Optional::isPresent).orElseThrow();
        assertThat(cluster.get(NAMESPACES, "", namespace))
                .as("made by the executor")
                .isPresent();
        // As Flux begins: Ready of an older generation says nothing.
        status(applied, -1, "True", "InstallSucceeded", "");
        assertThat(stillRuns(run, Duration.ofSeconds(6))).isTrue();
        long ready = System.nanoTime();
        // Whatever the reason: Flux v2 has others than the original waited for.
        status(applied, 1, "True", "UpgradeSucceeded", "");
        Ran ran = run.get(30, TimeUnit.SECONDS);
        assertThat(ran)
                .isEqualTo(new Ran(0, "HelmRelease.helm.toolkit.fluxcd.io/" + namespace + "/web is ready\n", ""));
        assertThat(Duration.ofNanos(System.nanoTime() - ready)).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void asksInTheNameOfTheIdentityThatArgosPodIsTold() throws Exception {
        Ran ran = start("--action", "install", "--timeout", "20s", "--as", "default/nobody-there")
                .get(30, TimeUnit.SECONDS);
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).contains("system:serviceaccount:default:nobody-there");
        assertThat(start("--action", "install", "--as", "nobody")
                        .get(30, TimeUnit.SECONDS)
                        .err())
                .contains("--as must be NAMESPACE/NAME");
    }

    @Test
    void check33_aReleaseThatIsNotReadyAnyMoreHasNotSettled() throws Exception {
        CompletableFuture<Ran> run = start("--action", "install", "--timeout", "20s", "--settle", "4s");
        ObjectNode applied =
                await(RELEASES, namespace, "web", Optional::isPresent).orElseThrow();
        status(applied, 1, "True", "InstallSucceeded", "");
        assertThat(stillRuns(run, Duration.ofSeconds(2))).isTrue();
        status(applied, 1, "Unknown", "Progressing", "again");
        assertThat(stillRuns(run, Duration.ofSeconds(4))).isTrue();
        status(applied, 1, "True", "UpgradeSucceeded", "");
        assertThat(run.get(30, TimeUnit.SECONDS).exitCode()).isZero();
    }

    @Test
    void check33_installFailsAtTheTimeoutWithTheReleasesWords() throws Exception {
        CompletableFuture<Ran> run = start("--action", "install", "--timeout", "3s");
        ObjectNode applied =
                await(RELEASES, namespace, "web", Optional::isPresent).orElseThrow();
        status(applied, -1, "False", "SourceNotReady", "no chart here");
        Ran ran = run.get(30, TimeUnit.SECONDS);
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).contains("is not ready after 3s: no chart here");
    }

    @Test
    void check33_q39_failsAtOnceWhenTheReleaseHasFailedForGood() throws Exception {
        CompletableFuture<Ran> run = start("--action", "install", "--timeout", "5m");
        ObjectNode applied =
                await(RELEASES, namespace, "web", Optional::isPresent).orElseThrow();
        status(applied, 1, "False", "InstallFailed", "Helm install failed: timed out waiting for the condition");
        Ran ran = run.get(30, TimeUnit.SECONDS);
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .startsWith("ork executor helmrelease: HelmRelease.helm.toolkit.fluxcd.io/" + namespace
                        + "/web failed: Helm install failed");
    }

    @Test
    void check33_waitsForANamespaceThatIsBeingDeletedAndMakesItAnew() throws Exception {
        ObjectNode space = object("v1", "Namespace", "", namespace);
        String old = cluster.create(NAMESPACES, space, "executor-it")
                .path("metadata")
                .path("uid")
                .asText();
        // Something in it that holds it.
        ObjectNode held = object("v1", "ConfigMap", namespace, "web");
        held.withObject("/metadata").putArray("finalizers").add(HOLD);
        cluster.create(CONFIG_MAPS, held, "executor-it");
        cluster.delete(NAMESPACES, "", namespace, "");
        CompletableFuture<Ran> run = start("--action", "install", "--timeout", "60s", "--settle", "0s");
        assertThat(stillRuns(run, Duration.ofSeconds(3))).isTrue();
        assertThat(cluster.get(RELEASES, namespace, "web")).isEmpty();
        hold(CONFIG_MAPS, namespace, false);
        ObjectNode applied =
                await(RELEASES, namespace, "web", Optional::isPresent).orElseThrow();
        status(applied, 1, "True", "InstallSucceeded", "");
        assertThat(run.get(30, TimeUnit.SECONDS).exitCode()).isZero();
        assertThat(cluster.get(NAMESPACES, "", namespace)
                        .orElseThrow()
                        .path("metadata")
                        .path("uid")
                        .asText())
                .isNotEqualTo(old);
    }

    @Test
    void check34_deletingWhatIsNotThereIsDone() throws Exception {
        assertThat(start("--action", "delete").get(30, TimeUnit.SECONDS))
                .isEqualTo(new Ran(0, "HelmRelease.helm.toolkit.fluxcd.io/" + namespace + "/web is gone\n", ""));
    }

    /** The original took the finalizer away, ran Helm in the wrong namespace, and exited with 0 (Q29). */
    @Test
    void check34_q29_deleteWaitsAndAtTheTimeoutNamesWhatHoldsItAndStripsNothing() throws Exception {
        cluster.create(NAMESPACES, object("v1", "Namespace", "", namespace), "executor-it");
        cluster.create(RELEASES, release(), "executor-it");
        hold(RELEASES, namespace, true);
        Ran late = start("--action", "delete", "--timeout", "3s").get(30, TimeUnit.SECONDS);
        assertThat(late.exitCode()).isEqualTo(1);
        assertThat(late.err()).contains("is still there, held by " + HOLD + ", after 3s");
        assertThat(cluster.get(RELEASES, namespace, "web")
                        .orElseThrow()
                        .path("metadata")
                        .path("finalizers"))
                .hasSize(1);

        CompletableFuture<Ran> run = start("--action", "delete", "--timeout", "60s");
        assertThat(stillRuns(run, Duration.ofSeconds(2))).isTrue();
        hold(RELEASES, namespace, false);
        assertThat(run.get(30, TimeUnit.SECONDS).exitCode()).isZero();
    }

    private CompletableFuture<Ran> start(String... arguments) {
        String[] all = new String[arguments.length + 6];
        all[0] = "executor";
        all[1] = "helmrelease";
        all[2] = "--kubeconfig";
        all[3] = kubeconfig().toString();
        all[4] = "--spec";
        all[5] = Base64.getEncoder().encodeToString(YamlPrinter.print(release()).getBytes(StandardCharsets.UTF_8));
        System.arraycopy(arguments, 0, all, 6, arguments.length);
        CompletableFuture<Ran> ran = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> ran.complete(Ran.in(Path.of("."), all)));
        return ran;
    }

    private static boolean stillRuns(CompletableFuture<Ran> run, Duration atLeast)
            throws InterruptedException, ExecutionException {
        try {
            throw new AssertionError(run.get(atLeast.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException stillRuns) {
            return true;
        }
    }

    private ObjectNode release() {
        ObjectNode release = object("helm.toolkit.fluxcd.io/v2", "HelmRelease", namespace, "web");
        ObjectNode spec = release.putObject("spec").put("interval", "5m");
        spec.withObject("/chart/spec").put("chart", "web").put("version", "1.0.0");
        spec.withObject("/chart/spec/sourceRef").put("kind", "HelmRepository").put("name", "charts");
        return release;
    }

    private static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", apiVersion).put("kind", kind);
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return object;
    }

    private void status(ObjectNode release, long observed, String ready, String reason, String message) {
        ObjectNode patch = release.objectNode();
        ObjectNode status = patch.putObject("status").put("observedGeneration", observed);
        status.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", ready)
                .put("reason", reason)
                .put("message", message)
                .put("observedGeneration", Math.max(0, observed))
                .put("lastTransitionTime", "2026-01-01T00:00:00Z");
        cluster.mergePatch(RELEASES, namespace, "web", patch, true, "executor-it");
    }

    private void hold(ResourceType type, String where, boolean held) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        var finalizers = patch.putObject("metadata").putArray("finalizers");
        if (held) {
            finalizers.add(HOLD);
        }
        cluster.mergePatch(type, where, "web", patch, false, "executor-it");
    }

    private Optional<ObjectNode> await(
            ResourceType type, String where, String name, Predicate<Optional<ObjectNode>> wanted)
            throws InterruptedException {
        ChangeSignal signal = new ChangeSignal();
        Deadline deadline = Deadline.in(SOON);
        try (WatchCache _ = cluster.watch(type, where, "", (_, _) -> signal.raise())) {
            while (true) {
                long seen = signal.seen();
                Optional<ObjectNode> live = cluster.get(type, where, name);
                if (wanted.test(live)) {
                    return live;
                }
                if (deadline.passed()) {
                    throw new AssertionError(type.kind() + " " + name + " after " + SOON + ": " + live);
                }
                signal.awaitAfter(seen, deadline.leftAtMost(Duration.ofSeconds(5)));
            }
        }
    }

    private static Path kubeconfig() {
        return Testbed.shared().adminKubeconfig();
    }
}
