package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.Charts;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.cluster.Identity;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.Settings;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Groups;
import dev.orkestra.group.StagedCharts;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A real API server with the controller under test. The test itself stands for the engines: it does what a Workflow
 * says and reports it, as Argo and Flux do.
 */
final class GroupWorld implements AutoCloseable {
    static final String NAMESPACE = "release-it";
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final ReleaseSeal SEAL = new ReleaseSeal(new byte[32]);
    private static final Identity IDENTITY = new Identity(NAMESPACE, "deployer");

    final KubeCluster cluster;
    final Charts charts;
    private final ChartStore store;
    private final GroupSettings settings;
    private GroupController controller;
    private final List<String> groups = new ArrayList<>();

    GroupWorld(Path folder) throws IOException, InterruptedException {
        String given = System.getProperty("orkestra.kubeconfig", "");
        Path kubeconfig = given.isEmpty() ? Testbed.shared().adminKubeconfig() : Path.of(given);
        cluster = KubeCluster.connect(new ClusterRef.Kubeconfig(kubeconfig, ""), Settings.standard());
        installDefinitions();
        apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: " + NAMESPACE + "}\n");
        apply("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: deployer, namespace: " + NAMESPACE + "}\n");
        apply("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: release-it}
                rules:
                - {apiGroups: [""], resources: [namespaces], verbs: [get, create]}
                - {apiGroups: [helm.toolkit.fluxcd.io], resources: [helmreleases], verbs: [get, list, delete]}
                """);
        apply("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: release-it}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: release-it}
                subjects: [{kind: ServiceAccount, name: deployer, namespace: release-it}]
                """);
        charts = new Charts();
        store = ChartStore.open(folder, Duration.ofSeconds(10));
        // Another instance id: the embedded engine of another test must not take these Workflows.
        settings = GroupSettings.embedded(URI.create("http://agent.test/charts"))
                .inNamespace(NAMESPACE)
                .withInstanceId("release-it");
        controller = started();
    }

    private GroupController started() {
        GroupController fresh = new GroupController(
                cluster, _ -> Outcome.done(IDENTITY), store, settings, SEAL, InstantSource.system());
        fresh.start();
        return fresh;
    }

    /** As if the agent ended and came back without its chart folder. */
    void restart() throws IOException {
        controller.close();
        for (String group : groups) {
            store.forget(group);
        }
        controller = started();
    }

    boolean holds(ObjectNode workflow) {
        String charts = workflow.path("metadata")
                .path("annotations")
                .path(GroupNames.CHARTS)
                .asText();
        return store.holds(StagedCharts.of(Groups.json(charts)));
    }

    /** Applies the group {@code name}, which installs into the namespace of that name; returns it as stored. */
    ObjectNode group(String name, boolean byRun, String applications) {
        groups.add(name);
        String annotations = byRun ? ", annotations: {orkestra.dev/remediation: run}" : "";
        return apply("apiVersion: orkestra.azure.microsoft.com/v1alpha1\nkind: ApplicationGroup\nmetadata: {name: "
                + name + annotations + "}\nspec:\n  applications:\n"
                + applications.replace("TARGET", name).indent(2));
    }

    /** A list item: an application whose chart has its name. */
    String application(String name, String dependency, String more) {
        return "- {name: " + name + ", dependencies: [" + dependency + "], spec: {chart: {url: \"" + charts.url()
                + "\", name: " + name + ", version: 1.0.0}, release: {targetNamespace: TARGET}" + more
                + "}}\n";
    }

    ObjectNode apply(String yaml) {
        ObjectNode object = Groups.json(yaml);
        return cluster.apply(type(object), object, new ApplyOptions("release-it", true, false));
    }

    /** Waits until the group's Ready has {@code status} and {@code reason} for {@code generation}. */
    ObjectNode awaitReady(ObjectNode group, String status, String reason) {
        long generation = GroupStatus.generation(group);
        return await(
                type(ApplicationGroup.API_VERSION, ApplicationGroup.KIND),
                "",
                name(group),
                each -> Conditions.find(each, "Ready")
                        .filter(ready -> ready.path("status").asText().equals(status)
                                && ready.path("reason").asText().equals(reason)
                                && ready.path("observedGeneration").asLong() == generation)
                        .isPresent());
    }

    /** Waits for the Workflow of the group's present generation. */
    ObjectNode awaitWorkflow(WorkflowType type, ObjectNode group) {
        String generation = group.path("metadata").path("generation").asText();
        return await(
                workflows(),
                NAMESPACE,
                type.workflowName(name(group)),
                each -> each.path("metadata")
                        .path("labels")
                        .path(GroupNames.GENERATION)
                        .asText()
                        .equals(generation));
    }

    /** Does what {@code workflow} says, and reports the HelmReleases as ready or not. */
    void carryOut(ObjectNode workflow, boolean ready) {
        for (JsonNode template : workflow.path("spec").path("templates")) {
            for (JsonNode task : template.path("dag").path("tasks")) {
                String parameter = task.at("/arguments/parameters/0/value").asText("");
                if (!parameter.isEmpty()) {
                    boolean delete = task.path("template").asText().equals("helmrelease-reverse-executor");
                    carryOut(Groups.json(decoded(parameter)), delete, ready);
                }
            }
        }
    }

    /** Reports how the Workflow ended. */
    void end(ObjectNode workflow, String phase) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("status").put("phase", phase).put("finishedAt", "2026-01-01T00:00:00Z");
        // Argo's CRD has no status subresource, and neither has ours.
        cluster.mergePatch(workflows(), NAMESPACE, name(workflow), patch, false, "release-it");
    }

    private void carryOut(ObjectNode release, boolean delete, boolean ready) {
        ResourceType releases = type(release);
        String namespace = release.path("metadata").path("namespace").asText();
        if (delete) {
            cluster.delete(releases, namespace, name(release), "");
            return;
        }
        ObjectNode stored = cluster.apply(releases, release, new ApplyOptions("orkestra-executor", true, false));
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        ObjectNode parts = status.putObject("status");
        parts.put("observedGeneration", GroupStatus.generation(stored));
        Conditions.set(
                parts,
                "Ready",
                ready ? "True" : "False",
                ready ? "InstallSucceeded" : "InstallFailed",
                ready ? "all there" : "image does not exist",
                GroupStatus.generation(stored),
                java.time.Instant.EPOCH);
        cluster.mergePatch(releases, namespace, name(release), status, true, "release-it");
    }

    ObjectNode await(ResourceType type, String namespace, String name, Predicate<ObjectNode> wanted) {
        CompletableFuture<ObjectNode> found = new CompletableFuture<>();
        WatchCache watch = cluster.watch(type, namespace, "", (_, object) -> {
            if (name(object).equals(name) && wanted.test(object)) {
                found.complete(object);
            }
        });
        try (watch) {
            return found.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(
                    "not in time: " + type.kind() + " " + name + ", now: "
                            + cluster.get(type, namespace, name)
                                    .map(JsonNode::toPrettyString)
                                    .orElse("not there"),
                    e);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until the object is not there any more. */
    void awaitGone(ResourceType type, String namespace, String name) {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        WatchCache watch = cluster.watch(type, namespace, "", (_, _) -> {
            if (cluster.get(type, namespace, name).isEmpty()) {
                gone.complete(null);
            }
        });
        try (watch) {
            if (watch.awaitSynced(DEADLINE)
                    && cluster.get(type, namespace, name).isEmpty()) {
                return;
            }
            gone.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(
                    "still there: " + type.kind() + " " + name + ": "
                            + cluster.get(type, namespace, name)
                                    .map(JsonNode::toPrettyString)
                                    .orElse("gone now"),
                    e);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    List<String> releasesOf(String group) {
        return cluster
                .list(type(GroupNames.HELM_RELEASE_API, "HelmRelease"), "", GroupNames.OWNER + "=" + group)
                .stream()
                .map(GroupWorld::name)
                .sorted()
                .toList();
    }

    Optional<ObjectNode> workflow(WorkflowType type, String group) {
        return cluster.get(workflows(), NAMESPACE, type.workflowName(group));
    }

    ResourceType workflows() {
        return type(GroupNames.WORKFLOW_API, "Workflow");
    }

    ResourceType type(String apiVersion, String kind) {
        return cluster.resourceType(apiVersion, kind);
    }

    static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    /** Ends the controller and takes all away that the tests made. */
    @Override
    public void close() {
        controller.close();
        store.close();
        charts.close();
        ResourceType groupType = type(ApplicationGroup.API_VERSION, ApplicationGroup.KIND);
        for (String group : groups) {
            cluster.list(type(GroupNames.HELM_RELEASE_API, "HelmRelease"), "", GroupNames.OWNER + "=" + group)
                    .forEach(each -> remove(type(each), each));
            cluster.list(workflows(), NAMESPACE, GroupNames.OWNER + "=" + group)
                    .forEach(each -> remove(workflows(), each));
            cluster.get(groupType, "", group).ifPresent(each -> remove(groupType, each));
        }
        cluster.delete(type("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"), "", "release-it", "");
        cluster.delete(type("rbac.authorization.k8s.io/v1", "ClusterRole"), "", "release-it", "");
        groups.forEach(group -> cluster.delete(type("v1", "Namespace"), "", group, ""));
        cluster.close();
    }

    private void remove(ResourceType type, ObjectNode object) {
        String namespace = object.path("metadata").path("namespace").asText("");
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").putArray("finalizers");
        cluster.mergePatch(type, namespace, name(object), patch, false, "release-it");
        cluster.delete(type, namespace, name(object), "");
    }

    private void installDefinitions() throws IOException {
        ResourceType definitions = type("apiextensions.k8s.io/v1", "CustomResourceDefinition");
        try (Stream<Path> files = Files.list(Testbed.root().resolve("schemas/crds"))) {
            for (Path file : files.sorted().toList()) {
                ObjectNode definition = Groups.json(Files.readString(file));
                if (cluster.get(definitions, "", name(definition)).isEmpty()) {
                    cluster.apply(definitions, definition, ApplyOptions.of("release-it"));
                    await(
                            definitions,
                            "",
                            name(definition),
                            each -> Conditions.find(each, "Established")
                                    .filter(condition ->
                                            condition.path("status").asText().equals("True"))
                                    .isPresent());
                }
            }
        }
    }

    private ResourceType type(ObjectNode object) {
        return type(object.path("apiVersion").asText(), object.path("kind").asText());
    }
}
