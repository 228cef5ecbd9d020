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
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Groups;
import dev.orkestra.group.StagedCharts;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A real API server with the controller under test. The test itself stands for the engines: it does what a Workflow
 * says and reports it, as Argo and Flux do.
 */
final class GroupWorld implements AutoCloseable {
    static final String NAMESPACE = "release-it";
    private static final ReleaseSeal SEAL = new ReleaseSeal(new byte[32]);

    final KubeCluster cluster;
    final Charts charts;
    final ChartStore store;
    /** Of Workflows, and of the service account in whose name groups are carried out; it begins all groups' names. */
    final String namespace;

    final Identity identity;
    private final WorldSetup setup;
    private final WorldWaits waits;
    private final GroupSettings settings;
    private final Set<String> groups = ConcurrentHashMap.newKeySet();
    private final AtomicInteger passes = new AtomicInteger();
    private GroupController controller;

    GroupWorld(Path folder) throws IOException {
        this(folder, NAMESPACE, settings -> settings);
    }

    /**
     * A world beside others on the same API server: its controller sees no group but those whose names begin with
     * {@code name}.
     */
    GroupWorld(Path folder, String name, UnaryOperator<GroupSettings> decided) throws IOException {
        String given = System.getProperty("orkestra.kubeconfig", "");
        Path kubeconfig = given.isEmpty() ? Testbed.shared().adminKubeconfig() : Path.of(given);
        cluster = KubeCluster.connect(new ClusterRef.Kubeconfig(kubeconfig, ""), Settings.standard());
        namespace = name;
        identity = new Identity(name, "deployer");
        waits = new WorldWaits(cluster);
        setup = new WorldSetup(cluster, waits, name);
        setup.up();
        charts = new Charts();
        store = ChartStore.open(folder, Duration.ofSeconds(10));
        // Another instance id: the embedded engine of another test must not take these Workflows.
        settings = decided.apply(GroupSettings.embedded(URI.create("http://agent.test/charts"))
                .inNamespace(name)
                .withInstanceId(name));
        controller = started();
    }

    private GroupController started() {
        GroupController fresh = new GroupController(
                OwnGroups.of(cluster, namespace),
                _ -> Outcome.done(identity),
                store,
                settings,
                SEAL,
                InstantSource.system());
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

    /** Lets the groups' service account do what {@code rules}, a list in flow style, allow in the whole cluster. */
    void allow(String role, String rules) {
        setup.allow(role, rules);
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
        return apply(Groups.json(yaml));
    }

    /** Groups are remembered, and taken away at the end. */
    ObjectNode apply(ObjectNode object) {
        if (object.path("kind").asText().equals(ApplicationGroup.KIND)) {
            groups.add(name(object));
        }
        return setup.apply(object);
    }

    /** As kubectl create: what the schema does not know is dropped, and all of Unicode goes through. */
    ObjectNode create(ObjectNode group) {
        ObjectNode stored = cluster.create(groupType(), group, "release-it");
        groups.add(name(group));
        return stored;
    }

    /** Asks for the group to be deleted; returns it as it is then, if it is still there. */
    ObjectNode delete(String group) {
        cluster.delete(groupType(), "", group, "");
        return cluster.get(groupType(), "", group).orElseGet(JsonNodeFactory.instance::objectNode);
    }

    /** Waits until the group's Ready has {@code status} and {@code reason} for {@code generation}. */
    ObjectNode awaitReady(ObjectNode group, String status, String reason) {
        long generation = GroupStatus.generation(group);
        return await(
                groupType(),
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
                namespace,
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
                String executor = task.path("template").asText();
                if (executor.startsWith("helmrelease-")) {
                    String parameter = task.at("/arguments/parameters/0/value").asText("");
                    carryOut(Groups.json(decoded(parameter)), executor.startsWith("helmrelease-reverse"), ready);
                }
            }
        }
    }

    /** Keeps {@code workflow} from going when it is deleted, as a finalizer of somebody else does. */
    ObjectNode hold(ObjectNode workflow) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata")
                .putArray("finalizers")
                .add(GroupNames.FINALIZER)
                .add("orkestra.test/hold");
        return cluster.mergePatch(workflows(), namespace, name(workflow), patch, false, "release-it");
    }

    /** Makes an engine's Workflow change without news for the group. */
    void touch(ObjectNode workflow) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").putObject("annotations").put("touched", "" + System.nanoTime());
        cluster.mergePatch(workflows(), namespace, name(workflow), patch, false, "release-it");
    }

    /** Lets a held Workflow go. */
    void release(ObjectNode workflow) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").putArray("finalizers");
        cluster.mergePatch(workflows(), namespace, name(workflow), patch, false, "release-it");
    }

    /** Comes back when the controller has looked at what it was told of before: it brings another group on its way. */
    void passed() {
        String name = namespace + "-passed" + passes.incrementAndGet();
        awaitReady(group(name, true, "- {name: nothing}"), "False", "Invalid");
        delete(name);
        awaitGroupGone(name);
    }

    /** Does what {@code workflow} says, and reports that all went well. */
    void finish(ObjectNode workflow) {
        carryOut(workflow, true);
        end(workflow, "Succeeded");
    }

    /** As an engine that does all and fails at it. */
    void fail(ObjectNode workflow) {
        carryOut(workflow, false);
        end(workflow, "Failed");
    }

    /** Applies a group by hand and sees it through; returns it Ready. */
    ObjectNode succeeded(String name, String applications) {
        ObjectNode group = group(name, false, applications);
        finish(awaitWorkflow(WorkflowType.FORWARD, group));
        return awaitReady(group, "True", "Succeeded");
    }

    /** Reports how the Workflow ended. */
    void end(ObjectNode workflow, String phase) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("status")
                .put("phase", phase)
                .put("finishedAt", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        // Argo's CRD has no status subresource, and neither has ours.
        cluster.mergePatch(workflows(), namespace, name(workflow), patch, false, "release-it");
    }

    /** Reports how far a step is. */
    void step(ObjectNode workflow, String name, String phase, String message) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode node = patch.putObject("status")
                .put("phase", "Running")
                .putObject("nodes")
                .putObject(name);
        node.put("id", name).put("name", name).put("displayName", name.substring(name.lastIndexOf('.') + 1));
        node.put("type", "Pod").put("phase", phase).put("message", message);
        cluster.mergePatch(workflows(), namespace, name(workflow), patch, false, "release-it");
    }

    ObjectNode awaitMessage(ObjectNode group, String message) {
        return await(
                groupType(), "", name(group), each -> message(each, "Ready").equals(message));
    }

    private void carryOut(ObjectNode release, boolean delete, boolean ready) {
        ResourceType releases = type(release);
        String where = release.path("metadata").path("namespace").asText();
        if (delete) {
            cluster.delete(releases, where, name(release), "");
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
        cluster.mergePatch(releases, where, name(release), status, true, "release-it");
    }

    ObjectNode await(ResourceType type, String where, String name, Predicate<ObjectNode> wanted) {
        return waits.until(type, where, name, wanted);
    }

    /** Waits until the object is not there any more. */
    void awaitGone(ResourceType type, String where, String name) {
        waits.untilGone(type, where, name);
    }

    void awaitGroupGone(String group) {
        waits.untilGone(groupType(), "", group);
    }

    /** Waits until a condition of the group has {@code status} and {@code reason}. */
    ObjectNode awaitCondition(String group, String type, String status, String reason) {
        return await(
                groupType(),
                "",
                group,
                each -> Conditions.find(each, type)
                        .filter(condition -> condition.path("status").asText().equals(status)
                                && condition.path("reason").asText().equals(reason))
                        .isPresent());
    }

    /** The group now. */
    ObjectNode stored(String group) {
        return cluster.get(groupType(), "", group).orElseThrow();
    }

    /** What the group's events say: {@code Warning ReconcileError text}, as often as it was said. */
    List<String> events(ObjectNode group) {
        return cluster.list(type("v1", "Event"), "default", "").stream()
                .filter(each -> isAbout(each, group))
                .flatMap(each -> Collections.nCopies(each.path("count").asInt(1), said(each)).stream())
                .sorted()
                .toList();
    }

    /** Waits for an event about the group that begins with {@code said}. */
    void awaitEvent(ObjectNode group, String said) {
        waits.until(
                type("v1", "Event"),
                "default",
                each -> isAbout(each, group) && said(each).startsWith(said));
    }

    private static boolean isAbout(ObjectNode event, ObjectNode group) {
        return event.at("/involvedObject/uid").asText().equals(WorkflowView.uid(group));
    }

    private static String said(ObjectNode event) {
        return event.path("type").asText() + " " + event.path("reason").asText() + " "
                + event.path("message").asText();
    }

    /** The message of the group's condition; empty when it has none. */
    static String message(ObjectNode group, String condition) {
        return Conditions.find(group, condition)
                .map(each -> each.path("message").asText())
                .orElse("");
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
        return cluster.get(workflows(), namespace, type.workflowName(group));
    }

    ResourceType groupType() {
        return type(ApplicationGroup.API_VERSION, ApplicationGroup.KIND);
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
        setup.down(groups);
        cluster.close();
    }

    private ResourceType type(ObjectNode object) {
        return type(object.path("apiVersion").asText(), object.path("kind").asText());
    }
}
