package dev.orkestra.cli;

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

/**
 * {@code ork executor helmrelease} against a real API server. The test is the engine. The HelmReleases have no owner
 * label, so that no other engine of this cluster looks at them.
 */
abstract class ExecutorRuns {
    static final Duration SOON = Duration.ofSeconds(30);
    static final ResourceType RELEASES =
            new ResourceType("helm.toolkit.fluxcd.io", "v2", "HelmRelease", "helmreleases", true);
    static final ResourceType NAMESPACES = new ResourceType("", "v1", "Namespace", "namespaces", false);
    static final ResourceType CONFIG_MAPS = new ResourceType("", "v1", "ConfigMap", "configmaps", true);
    static final String HOLD = "orkestra.dev/test-hold";

    final String namespace = "executor-it-" + UUID.randomUUID().toString().substring(0, 8);
    final KubeCluster cluster = KubeCluster.connect(new ClusterRef.Kubeconfig(kubeconfig(), ""), Settings.standard());

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

    CompletableFuture<Ran> start(String... arguments) {
        return start(release(), arguments);
    }

    static CompletableFuture<Ran> start(ObjectNode payload, String... arguments) {
        String[] all = new String[arguments.length + 6];
        all[0] = "executor";
        all[1] = "helmrelease";
        all[2] = "--kubeconfig";
        all[3] = kubeconfig().toString();
        all[4] = "--spec";
        all[5] = Base64.getEncoder().encodeToString(YamlPrinter.print(payload).getBytes(StandardCharsets.UTF_8));
        System.arraycopy(arguments, 0, all, 6, arguments.length);
        CompletableFuture<Ran> ran = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> ran.complete(Ran.in(Path.of("."), all)));
        return ran;
    }

    static boolean stillRuns(CompletableFuture<Ran> run, Duration atLeast)
            throws InterruptedException, ExecutionException {
        try {
            throw new AssertionError(run.get(atLeast.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException stillRuns) {
            return true;
        }
    }

    ObjectNode release() {
        ObjectNode release = object("helm.toolkit.fluxcd.io/v2", "HelmRelease", namespace, "web");
        ObjectNode spec = release.putObject("spec").put("interval", "5m");
        spec.withObject("/chart/spec").put("chart", "web").put("version", "1.0.0");
        spec.withObject("/chart/spec/sourceRef").put("kind", "HelmRepository").put("name", "charts");
        return release;
    }

    static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", apiVersion).put("kind", kind);
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return object;
    }

    void hold(ResourceType type, String where, boolean held) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        var finalizers = patch.putObject("metadata").putArray("finalizers");
        if (held) {
            finalizers.add(HOLD);
        }
        cluster.mergePatch(type, where, "web", patch, false, "executor-it");
    }

    Optional<ObjectNode> await(ResourceType type, String where, String name, Predicate<Optional<ObjectNode>> wanted)
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

    static Path kubeconfig() {
        return Testbed.shared().adminKubeconfig();
    }
}
