package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.cluster.Identity;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.Settings;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.executor.ChangeSignal;
import dev.orkestra.executor.Deadline;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.process.Command;
import dev.orkestra.process.Ended;
import dev.orkestra.process.LocalProcesses;
import dev.orkestra.release.Identities;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The embedded engines against a real cluster, in a namespace of their own: real Helm, real pods, charts from a real
 * HTTP server, and a service account with rights in that namespace only.
 */
final class Engines implements AutoCloseable {
    static final String GROUP = "embedded-it";
    /** A group whose identity may do nothing. */
    static final String POWERLESS = "embedded-powerless";

    static final String ORKESTRA = "orkestra.azure.microsoft.com/";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    final String namespace;
    final KubeCluster cluster;
    final LocalProcesses processes = new LocalProcesses();
    final Path folder;
    final HttpServer charts;
    final Identity identity;
    private Optional<HelmReleaseController> releases = Optional.empty();
    private Optional<WorkflowController> workflows = Optional.empty();

    private Engines(String namespace, Path folder, HttpServer charts, KubeCluster cluster) {
        this.namespace = namespace;
        this.folder = folder;
        this.charts = charts;
        this.cluster = cluster;
        this.identity = new Identity(namespace, "deployer");
    }

    static Engines start(String namespace) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("embedded-it");
        Path repository = Files.createDirectories(folder.resolve("repository"));
        HttpServer server = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                repository,
                SimpleFileServer.OutputLevel.NONE);
        server.start();
        KubeCluster cluster = KubeCluster.connect(new ClusterRef.Kubeconfig(kubeconfig(), ""), Settings.standard());
        Engines engines = new Engines(namespace, folder, server, cluster);
        engines.prepare(repository);
        engines.startControllers();
        return engines;
    }

    private void prepare(Path repository) throws IOException, InterruptedException {
        Path chart = Testbed.root().resolve("agent/src/test/resources/embedded/charts/web");
        helm("package", chart.toString(), "--destination", repository.toString());
        String app = chart.resolveSibling("app").toString();
        for (String version : List.of("0.1.0", "0.2.0")) {
            helm("package", app, "--version", version, "--destination", repository.toString());
        }
        helm("repo", "index", repository.toString());
        installDefinitions();
        apply(object("v1", "Namespace", "", namespace));
        apply(object("v1", "ServiceAccount", namespace, "deployer"));
        ObjectNode role = object("rbac.authorization.k8s.io/v1", "Role", namespace, "deployer");
        ObjectNode rule = role.putArray("rules").addObject();
        rule.putArray("apiGroups").add("").add("apps").add("batch").add("helm.toolkit.fluxcd.io");
        rule.putArray("resources").add("*");
        rule.putArray("verbs").add("*");
        apply(role);
        ObjectNode binding = object("rbac.authorization.k8s.io/v1", "RoleBinding", namespace, "deployer");
        binding.putObject("roleRef")
                .put("apiGroup", "rbac.authorization.k8s.io")
                .put("kind", "Role")
                .put("name", "deployer");
        binding.putArray("subjects")
                .addObject()
                .put("kind", "ServiceAccount")
                .put("name", "deployer")
                .put("namespace", namespace);
        apply(binding);
        ObjectNode source = object("source.toolkit.fluxcd.io/v1", "HelmRepository", namespace, "charts");
        source.putObject("spec")
                .put("interval", "1m")
                .put("url", "http://localhost:" + charts.getAddress().getPort());
        apply(source);
    }

    /** Embedded engines bring their own definitions where Argo's and Flux's are missing. */
    private void installDefinitions() throws IOException, InterruptedException {
        for (String name : List.of(
                "argoproj.io_workflows",
                "helm.toolkit.fluxcd.io_helmreleases",
                "source.toolkit.fluxcd.io_helmrepositories")) {
            Path file = Testbed.root().resolve("schemas/crds/" + name + ".yaml");
            ObjectNode definition = (ObjectNode) DocumentReader.read(name, Files.readAllBytes(file))
                    .documents()
                    .getFirst()
                    .root()
                    .toJson();
            ResourceType type = type(definition);
            String object = definition.path("metadata").path("name").asText();
            if (cluster.get(type, "", object).isEmpty()) {
                apply(definition);
            }
            await(type, "", object, Duration.ofSeconds(30), Engines::isEstablished);
        }
        cluster.forgetResourceTypes();
    }

    /** Stands for the seal: tests write their HelmReleases themselves. */
    private static boolean isPlanned(ObjectNode release) {
        return belongs(release) && !release.path("metadata").path("annotations").has("test/not-planned");
    }

    /** Stands for the keyed digest. */
    static String confidential(ObjectNode parts) {
        return CanonicalJson.digest(JSON.objectNode().put("key", "of the test").set("parts", parts));
    }

    private static boolean belongs(ObjectNode release) {
        return !release.path("metadata").path("annotations").has("test/not-its-own");
    }

    private static boolean isEstablished(ObjectNode definition) {
        return Conditions.find(definition, "Established")
                .filter(condition -> condition.path("status").asText().equals("True"))
                .isPresent();
    }

    void startControllers() {
        Identities identities = group -> group.equals(GROUP) || group.equals(POWERLESS)
                ? Outcome.done(group.equals(GROUP) ? identity : new Identity(namespace, "powerless"))
                : Outcome.terminal(Diagnostic.error(ErrorCode.NoIdentity, "nobody answers for " + group, null, ""));
        HelmCli helm = new HelmCli(
                processes, connection(), HelmSettings.standard(helmProgram(), folder.resolve("helm")), new HelmTimes());
        HelmReleaseController controller = new HelmReleaseController(
                cluster,
                identities,
                helm,
                new ChartFetcher(folder.resolve("charts"), InstantSource.system()),
                new ReleaseTrust(Engines::isPlanned, Engines::belongs, Engines::confidential),
                InstantSource.system());
        controller.start(namespace);
        releases = Optional.of(controller);
        startWorkflows(identities);
    }

    private void startWorkflows(Identities identities) {
        WorkflowController controller =
                new WorkflowController(cluster, identities, WorkflowPodsIT::isPlanned, InstantSource.system());
        controller.start(namespace);
        workflows = Optional.of(controller);
    }

    /** What a crash does, as far as one process can do it to itself: threads are cut off, Helm children killed. */
    void stopControllers() {
        workflows.ifPresent(WorkflowController::close);
        releases.ifPresent(HelmReleaseController::close);
    }

    static Path kubeconfig() {
        return Testbed.shared().adminKubeconfig();
    }

    static Path helmProgram() {
        return Testbed.shared().helm();
    }

    private HelmConnection connection() {
        try {
            JsonNode config = DocumentReader.read("kubeconfig", Files.readAllBytes(kubeconfig()))
                    .documents()
                    .getFirst()
                    .root()
                    .toJson();
            JsonNode cluster = config.path("clusters").path(0).path("cluster");
            String token =
                    config.path("users").path(0).path("user").path("token").asText();
            Path trusted = folder.resolve("ca.crt");
            if (cluster.has("certificate-authority-data")) {
                Files.write(
                        trusted,
                        Base64.getDecoder()
                                .decode(cluster.path("certificate-authority-data")
                                        .asText()));
            } else {
                trusted = Path.of(cluster.path("certificate-authority").asText());
            }
            return new HelmConnection(cluster.path("server").asText(), trusted, () -> token);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Helm as the administrator: to look at, and to break, what the engine made. */
    String helm(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(helmProgram().toString()));
        all.addAll(List.of(arguments));
        Ended ended = processes.run(new Command(
                all,
                Map.of("HOME", folder.toString(), "KUBECONFIG", kubeconfig().toString()),
                folder,
                new byte[0],
                Duration.ofMinutes(1),
                10_000_000));
        if (!ended.succeeded()) {
            throw new IllegalStateException(ended.toString());
        }
        return ended.standardOutput();
    }

    static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
        ObjectNode object = JSON.objectNode();
        object.put("apiVersion", apiVersion).put("kind", kind);
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return object;
    }

    /** A HelmRelease of the test chart. */
    ObjectNode release(String name, String timeout, String text, String image) {
        ObjectNode release = object("helm.toolkit.fluxcd.io/v2", "HelmRelease", namespace, name);
        release.withObject("/metadata/labels")
                .put(ORKESTRA + "heritage", "orkestra")
                .put(ORKESTRA + "owner", GROUP)
                .put(ORKESTRA + "chart", "web");
        ObjectNode spec = release.putObject("spec");
        spec.put("interval", "5m")
                .put("releaseName", name)
                .put("targetNamespace", namespace)
                .put("timeout", timeout);
        spec.withObject("/chart/spec").put("chart", "web").put("version", "0.1.0");
        spec.withObject("/chart/spec/sourceRef")
                .put("kind", "HelmRepository")
                .put("name", "charts")
                .put("namespace", namespace);
        spec.putObject("values").put("text", text).put("image", image);
        return release;
    }

    ObjectNode apply(ObjectNode object) {
        return cluster.apply(type(object), object, ApplyOptions.of("orkestra-executor"));
    }

    ResourceType type(ObjectNode object) {
        return cluster.resourceType(
                object.path("apiVersion").asText(), object.path("kind").asText());
    }

    Optional<ObjectNode> get(String apiVersion, String kind, String name) {
        return cluster.get(cluster.resourceType(apiVersion, kind), namespace, name);
    }

    /** Waits until the object is as {@code wanted} says; fails with what it is after {@code atMost}. */
    ObjectNode await(String apiVersion, String kind, String name, Duration atMost, Predicate<ObjectNode> wanted)
            throws InterruptedException {
        return await(cluster.resourceType(apiVersion, kind), namespace, name, atMost, wanted);
    }

    private ObjectNode await(
            ResourceType type, String place, String name, Duration atMost, Predicate<ObjectNode> wanted)
            throws InterruptedException {
        ChangeSignal signal = new ChangeSignal();
        Deadline deadline = Deadline.in(atMost);
        try (WatchCache _ = cluster.watch(type, place, "", (_, _) -> signal.raise())) {
            while (true) {
                long seen = signal.seen();
                Optional<ObjectNode> live = cluster.get(type, place, name);
                if (live.filter(wanted).isPresent()) {
                    return live.get();
                }
                if (deadline.passed()) {
                    throw new AssertionError(type.kind() + " " + name + " after " + atMost + ": " + live);
                }
                signal.awaitAfter(seen, deadline.leftAtMost(Duration.ofSeconds(5)));
            }
        }
    }

    /** Waits until no object matches. */
    void awaitNone(ResourceType type, String selector, Duration atMost) throws InterruptedException {
        ChangeSignal signal = new ChangeSignal();
        Deadline deadline = Deadline.in(atMost);
        try (WatchCache _ = cluster.watch(type, namespace, selector, (_, _) -> signal.raise())) {
            while (true) {
                long seen = signal.seen();
                List<ObjectNode> left = cluster.list(type, namespace, selector);
                if (left.isEmpty()) {
                    return;
                }
                if (deadline.passed()) {
                    throw new AssertionError("still there after " + atMost + ": " + left);
                }
                signal.awaitAfter(seen, deadline.leftAtMost(Duration.ofSeconds(5)));
            }
        }
    }

    ObjectNode awaitRelease(String name, Duration atMost, Predicate<ObjectNode> wanted) throws InterruptedException {
        return await("helm.toolkit.fluxcd.io/v2", "HelmRelease", name, atMost, wanted);
    }

    @Override
    public void close() {
        stopControllers();
        charts.stop(0);
        processes.close();
        cluster.close();
    }
}
