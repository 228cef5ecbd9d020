package dev.orkestra.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.Settings;
import dev.orkestra.cluster.TcpProxy;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One environment on the testbed's real cluster: a config repository on the real Git server, the rights that an
 * administrator would give, and agents as processes under their service account. What an earlier scenario left is
 * removed first, so that a failed test can be looked at afterwards.
 */
final class Scenario implements AutoCloseable {
    static final ResourceType RUNS = type("orkestra.dev", "v1alpha1", "ConfigRun", true);
    static final ResourceType REPOS = type("orkestra.dev", "v1alpha1", "ConfigRepo", true);
    static final ResourceType EVENTS = type("", "v1", "Event", true);
    static final ResourceType RELEASES = type("helm.toolkit.fluxcd.io", "v2", "HelmRelease", true);
    static final ResourceType GROUPS = type("orkestra.azure.microsoft.com", "v1alpha1", "ApplicationGroup", false);
    static final ResourceType CONFIG_MAPS = type("", "v1", "ConfigMap", true);
    static final ResourceType DEPLOYMENTS = type("apps", "v1", "Deployment", true);
    static final ResourceType SERVICES = type("", "v1", "Service", true);
    static final ResourceType NAMESPACES = type("", "v1", "Namespace", false);
    static final ResourceType SECRETS = type("", "v1", "Secret", true);

    static final String NAMESPACE = "orkestra";

    final Testbed testbed = Testbed.shared();
    final Cluster cluster =
            KubeCluster.connect(new ClusterRef.Kubeconfig(testbed.adminKubeconfig(), ""), Settings.standard());
    final Path scratch;
    ConfigWorkTree repository;
    private final Path root = Testbed.root();
    private final int port = freePort();
    private String url = "";
    /** Address of the API server for the agent; empty for the real one. */
    private String server = "";

    private Scenario(Path scratch) {
        this.scratch = scratch;
    }

    /** An environment with the sample repository's first commit still to be pushed. */
    static Scenario ofSample(Path scratch, String repositoryName) {
        Scenario scenario = new Scenario(scratch);
        scenario.define();
        scenario.removeEarlier();
        scenario.install();
        scenario.clone(repositoryName);
        return scenario;
    }

    /** Only for kinds whose plural is regular. */
    private static ResourceType type(String group, String version, String kind, boolean namespaced) {
        return new ResourceType(group, version, kind, kind.toLowerCase(java.util.Locale.ROOT) + "s", namespaced);
    }

    /** Only what a scenario makes: other tests use the same cluster. */
    private void removeEarlier() {
        // Their controllers are gone, so nobody else would take the finalizers away.
        removeAll(List.of("-n", NAMESPACE), "configrepos.orkestra.dev");
        removeAll(List.of("-n", "shop"), "helmreleases.helm.toolkit.fluxcd.io");
        removeAll(List.of("-n", NAMESPACE), "workflows.argoproj.io");
        removeAll(List.of("--field-selector=metadata.name=shop"), "applicationgroups.orkestra.azure.microsoft.com");
        removeAll(List.of("--field-selector=metadata.name=hostile"), "applicationgroups.orkestra.azure.microsoft.com");
        kubectl("delete", "namespace", NAMESPACE, "shop", "--ignore-not-found", "--wait", "--timeout=120s");
    }

    private void removeAll(List<String> where, String kind) {
        String names = kubectl(
                List.of(),
                Stream.concat(Stream.of("get", kind), where.stream()),
                "--ignore-not-found",
                "-o=jsonpath={range .items[*]}{.metadata.name}{\"\\n\"}{end}");
        List<String> place = where.contains("-n") ? where : List.of();
        names.lines().filter(name -> !name.isBlank() && !name.contains(" ")).forEach(name -> {
            kubectl(
                    place,
                    Stream.of("patch", kind, name),
                    "--type=merge",
                    "-p",
                    "{\"metadata\":{\"finalizers\":null}}");
            kubectl(place, Stream.of("delete", kind, name), "--ignore-not-found");
        });
    }

    /** Installs all definitions. */
    void define() {
        kubectl("apply", "--server-side", "-f", root.resolve("schemas/crds").toString());
        kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd", "--all");
    }

    private void install() {
        kubectl("create", "namespace", NAMESPACE);
        Path rights = scratch.resolve("rights.yaml");
        String rendered = Programs.run(new ProcessBuilder(
                testbed.helm().toString(),
                "template",
                "orkestra",
                root.resolve("chart").toString(),
                "--namespace",
                NAMESPACE,
                "--set",
                "identities={staging}",
                "--show-only",
                "templates/rbac.yaml"));
        write(rights, rendered);
        kubectl("apply", "-f", rights.toString());
        kubectl("apply", "-f", root.resolve("sample-repo/platform/staging.yaml").toString());
    }

    private void clone(String name) {
        Programs.run("rm", "-rf", testbed.gitRoot().resolve(name + ".git").toString());
        url = testbed.createRepository(name).toString();
        repository = ConfigWorkTree.create(
                scratch.resolve("config"), URI.create(url), testbed.gitUser(), testbed.gitPassword());
        try (Stream<Path> charts = Files.list(root.resolve("sample-repo/charts"))) {
            testbed.packageCharts(charts.toArray(Path[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String chartsUrl = testbed.chartsUrl().toString();
        repository.copy(root.resolve("sample-repo"), text -> text.replace("http://charts.test", chartsUrl));
    }

    /** Creates the Git credentials and the ConfigRepo; {@code spec} adds to or replaces what is usual. */
    void createConfigRepo(String... spec) {
        createGitSecret("git", testbed.gitPassword());
        applyConfigRepo(spec);
    }

    void createGitSecret(String name, String password) {
        kubectl(
                "-n",
                NAMESPACE,
                "create",
                "secret",
                "generic",
                name,
                "--from-literal=username=" + testbed.gitUser(),
                "--from-literal=password=" + password);
    }

    void applyConfigRepo(String... spec) {
        Map<String, String> fields = new TreeMap<>(Map.of(
                "source", "{url: \"" + url + "\", ref: {branch: main}, secretRef: {name: git}}",
                "schedule", "{interval: 500ms, jitterPercent: 0}",
                "overlay", "operator-definitions/overlays/staging/komposer.yaml",
                "layers", "[{path: infrastructure, wave: 0}, {path: applications/staging, wave: 2}]",
                "deadlines", "{wave: 60s, run: 5m}",
                "serviceAccountName", "staging"));
        for (String field : spec) {
            fields.put(
                    field.substring(0, field.indexOf(':')),
                    field.substring(field.indexOf(':') + 1).strip());
        }
        Path file = scratch.resolve("configrepo.yaml");
        write(
                file,
                "apiVersion: orkestra.dev/v1alpha1\nkind: ConfigRepo\nmetadata: {name: staging, namespace: "
                        + NAMESPACE + "}\nspec:\n"
                        + fields.entrySet().stream()
                                .map(field -> "  " + field.getKey() + ": " + field.getValue() + "\n")
                                .collect(Collectors.joining()));
        kubectl("apply", "-f", file.toString());
    }

    String url() {
        return url;
    }

    /** Starts an agent under its service account; {@code more} are further arguments. */
    AgentProcess startAgent(String... more) {
        return start("test", port, cache(), more);
    }

    /** Starts an agent beside others, with a name, a port and a cache folder of its own. */
    AgentProcess startReplica(String name) {
        return startReplica(name, freePort());
    }

    /** As {@link #startReplica(String)}, listening on {@code httpPort}. */
    AgentProcess startReplica(String name, int httpPort) {
        return start(name, httpPort, scratch.resolve("cache-" + name));
    }

    /** Access to the cluster as the agent's service account. */
    Path agentKubeconfig() {
        Path kubeconfig = scratch.resolve("agent.kubeconfig");
        if (!Files.exists(kubeconfig)) {
            writeAgentKubeconfig(kubeconfig);
        }
        return kubeconfig;
    }

    /** The cache folder of {@link #startAgent}. */
    Path cache() {
        return scratch.resolve("cache");
    }

    private AgentProcess start(String holder, int httpPort, Path cache, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--kubeconfig",
                agentKubeconfig().toString(),
                "--namespace",
                NAMESPACE,
                "--helm",
                testbed.helm().toString(),
                "--kustomize",
                testbed.kustomize().toString(),
                "--cache",
                cache.toString(),
                "--http",
                "127.0.0.1:" + httpPort,
                "--holder",
                holder));
        arguments.addAll(List.of(more));
        return AgentProcess.start(root, scratch.resolve("agent.log"), arguments);
    }

    /** The agent reaches the API server through a port that the test can close. */
    TcpProxy throughProxy() throws IOException {
        URI real =
                URI.create(kubectl("config", "view", "--raw", "--minify", "-o=jsonpath={.clusters[0].cluster.server}")
                        .strip());
        TcpProxy proxy = new TcpProxy(real.getHost(), real.getPort());
        server = "https://" + proxy.host() + ":" + proxy.port();
        return proxy;
    }

    /** The agent reaches the Git server through a port that the test can close; pushes do not. */
    TcpProxy gitThroughProxy() throws IOException {
        URI real = URI.create(url);
        TcpProxy proxy = new TcpProxy(real.getHost(), real.getPort());
        url = url.replace(real.getAuthority(), proxy.host() + ":" + proxy.port());
        return proxy;
    }

    private void writeAgentKubeconfig(Path file) {
        String cluster =
                kubectl("config", "view", "--raw", "--minify", "--flatten", "-o=jsonpath={.clusters[0].cluster}");
        if (!server.isEmpty()) {
            cluster = cluster.replaceAll("https://[^\"]+", server);
        }
        String token = kubectl("create", "token", "orkestra-agent", "-n", NAMESPACE, "--duration=4h")
                .strip();
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write(
                file,
                "{\"apiVersion\": \"v1\", \"kind\": \"Config\", \"current-context\": \"agent\","
                        + "\"clusters\": [{\"name\": \"agent\", \"cluster\": " + cluster + "}],"
                        + "\"users\": [{\"name\": \"agent\", \"user\": {\"token\": \"" + token + "\"}}],"
                        + "\"contexts\": [{\"name\": \"agent\", \"context\": {\"cluster\": \"agent\", \"user\": \"agent\"}}]}");
    }

    /** Waits until the run of {@code commit} has ended and returns its ConfigRun. */
    ObjectNode awaitRun(String commit, Duration atMost) throws InterruptedException {
        return await(
                RUNS,
                NAMESPACE,
                run -> run.path("spec").path("commit").asText().equals(commit)
                        && run.path("spec").path("configRepo").asText().equals("staging")
                        && run.path("status").path("step").asText().equals("End"),
                "the end of the run of " + commit,
                atMost);
    }

    /** Waits until an object of the kind matches. */
    ObjectNode await(ResourceType type, String namespace, Predicate<ObjectNode> matches, String what, Duration atMost)
            throws InterruptedException {
        Semaphore changes = new Semaphore(1);
        long end = System.nanoTime() + atMost.toNanos();
        try (WatchCache cache = cluster.watch(type, namespace, "", (change, object) -> changes.release())) {
            while (System.nanoTime() < end) {
                for (ObjectNode object : cache.all()) {
                    if (matches.test(object)) {
                        return object;
                    }
                }
                if (changes.tryAcquire(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    changes.drainPermits();
                }
            }
            throw new AssertionError("did not see " + what + " within " + atMost + "; there is:\n"
                    + cache.all().stream()
                            .map(each -> each.path("metadata").path("name").asText() + " " + each.path("status"))
                            .collect(Collectors.joining("\n")));
        }
    }

    /** Waits until the ConfigRepo is ready, or is not, because of {@code reason}. */
    ObjectNode awaitReady(String status, String reason, Duration atMost) throws InterruptedException {
        return await(
                REPOS,
                NAMESPACE,
                repo -> isReady(repo, status, reason),
                "Ready=" + status + " because of " + reason,
                atMost);
    }

    /** Whether the Ready condition says so of the present spec. */
    static boolean isReady(ObjectNode repo, String status, String reason) {
        JsonNode ready = condition(repo, "Ready");
        return ready.path("status").asText().equals(status)
                && ready.path("reason").asText().equals(reason)
                && ready.path("observedGeneration").equals(repo.path("metadata").path("generation"));
    }

    static JsonNode condition(ObjectNode object, String type) {
        return Conditions.find(object, type).orElse(MissingNode.getInstance());
    }

    ObjectNode configRepo() {
        return cluster.get(REPOS, NAMESPACE, "staging").orElseThrow();
    }

    /** Kind/namespace/name → uid of every object that carries our label or that Helm made for the sample. */
    Map<String, String> uids() {
        Map<String, String> uids = new TreeMap<>();
        for (ResourceType type : List.of(CONFIG_MAPS, DEPLOYMENTS, GROUPS, RELEASES)) {
            String namespace = type.namespaced() ? "shop" : "";
            for (ObjectNode object : cluster.list(type, namespace, "")) {
                String name = object.path("metadata").path("name").asText();
                if (!name.equals("kube-root-ca.crt")) {
                    uids.put(
                            type.kind() + "/" + name,
                            object.path("metadata").path("uid").asText());
                }
            }
        }
        return uids;
    }

    /** Kind/name → uid and version of every object of ours: whatever is written to one shows here. */
    Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        for (ResourceType type : List.of(NAMESPACES, CONFIG_MAPS, SERVICES, DEPLOYMENTS)) {
            // The deployment controller writes the status whenever a pod changes.
            String version = type.equals(DEPLOYMENTS) ? "generation" : "resourceVersion";
            for (ObjectNode object : cluster.list(type, "", "orkestra.dev/config-repo=" + NAMESPACE + ".staging")) {
                JsonNode metadata = object.path("metadata");
                versions.put(
                        type.kind() + "/" + metadata.path("name").asText(),
                        metadata.path("uid").asText() + " "
                                + metadata.path(version).asText());
            }
        }
        return versions;
    }

    /** What the agent answers to {@code GET /readyz}: status and text. */
    String readyz() throws InterruptedException {
        HttpResponse<String> response = ask("/readyz");
        return response.statusCode() + " " + response.body().strip();
    }

    /** The body of what the agent answers to {@code GET path}. */
    String get(String path) throws InterruptedException {
        return ask(path).body();
    }

    /** Where the agent of {@link #startAgent} answers. */
    URI http() {
        return URI.create("http://127.0.0.1:" + port);
    }

    private HttpResponse<String> ask(String path) throws InterruptedException {
        URI address = http().resolve(path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(address)
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Objects with our label that the inventory does not count, and releases that no group wants.
     *
     * @return empty when there are none
     */
    List<String> orphans() {
        List<String> labelled = new ArrayList<>();
        for (ResourceType type : List.of(CONFIG_MAPS, DEPLOYMENTS, SERVICES, NAMESPACES, GROUPS)) {
            for (ObjectNode object : cluster.list(type, "", "orkestra.dev/config-repo=" + NAMESPACE + ".staging")) {
                labelled.add(
                        type.kind() + "/" + object.path("metadata").path("name").asText());
            }
        }
        int counted =
                configRepo().path("status").path("inventory").path("objects").asInt();
        List<String> orphans = new ArrayList<>();
        if (counted != labelled.size()) {
            orphans.add("the inventory counts " + counted + " objects, the cluster has " + labelled);
        }
        List<String> wanted = List.of("cache", "catalog", "cart", "shop", "gateway");
        for (ResourceType type : List.of(RELEASES, DEPLOYMENTS)) {
            for (ObjectNode object : cluster.list(type, "shop", "")) {
                String name = object.path("metadata").path("name").asText().replaceFirst("^[0-9a-f]{10}-", "");
                if (!wanted.contains(name) && !name.equals("status-page")) {
                    orphans.add(type.kind() + "/" + name);
                }
            }
        }
        return orphans;
    }

    /** Release name → newest Helm revision, from Helm's own records. */
    Map<String, Integer> revisions() {
        Map<String, Integer> revisions = new TreeMap<>();
        for (ObjectNode secret : cluster.list(SECRETS, "shop", "owner=helm")) {
            var labels = secret.path("metadata").path("labels");
            revisions.merge(
                    labels.path("name").asText().replaceFirst("^[0-9a-f]{10}-", ""),
                    labels.path("version").asInt(),
                    Math::max);
        }
        return revisions;
    }

    String kubectl(String... arguments) {
        return kubectl(List.of(), Stream.of(arguments));
    }

    private String kubectl(List<String> first, Stream<String> arguments, String... more) {
        List<String> command = new ArrayList<>(List.of(
                testbed.kubectl().toString(),
                "--kubeconfig",
                testbed.adminKubeconfig().toString()));
        command.addAll(first);
        arguments.forEach(command::add);
        command.addAll(List.of(more));
        return Programs.run(new ProcessBuilder(command).redirectErrorStream(true));
    }

    /** A file of the scratch folder. */
    Path file(String name, String text) {
        Path file = scratch.resolve(name);
        write(file, text);
        return file;
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        ((KubeCluster) cluster).close();
    }
}
