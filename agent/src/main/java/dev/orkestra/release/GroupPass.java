package dev.orkestra.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.ReleaseGraph;
import dev.orkestra.group.StagedCharts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One look at one group: what was read of it, and the status that the look comes to. Written once, and only when
 * something changed; events follow what Ready turned into, so a restart does not repeat them.
 */
final class GroupPass {
    /** Backs up watch events; nothing depends on it. */
    static final Duration SAFETY_LOOK = Duration.ofSeconds(30);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    final GroupCluster cluster;
    final ApplicationGroup model;
    private ObjectNode group;
    private final ReleaseSeal seal;
    private final Instant now;
    private GroupStatus status;

    GroupPass(GroupCluster cluster, ReleaseSeal seal, ObjectNode group, Instant now) {
        this.cluster = cluster;
        this.seal = seal;
        this.group = group;
        this.now = now;
        this.model = ApplicationGroup.of(group);
        this.status = new GroupStatus(group, now);
    }

    ObjectNode group() {
        return group;
    }

    GroupStatus status() {
        return status;
    }

    String name() {
        return model.name();
    }

    long generation() {
        return GroupStatus.generation(group);
    }

    String annotation(String key) {
        return group.path("metadata").path("annotations").path(key).asText("");
    }

    boolean remediationByRun() {
        return annotation(GroupNames.REMEDIATION).equals(GroupNames.REMEDIATION_BY_RUN);
    }

    /** The Workflow of {@code type} that carries out the present generation. */
    Optional<ObjectNode> workflow(WorkflowType type) {
        return cluster.workflow(type, name()).filter(this::isOfThisGeneration);
    }

    boolean isOfThisGeneration(JsonNode workflow) {
        return workflow.path("metadata")
                        .path("labels")
                        .path(GroupNames.GENERATION)
                        .asText()
                        .equals(Long.toString(generation()))
                && isForThisGroup(workflow);
    }

    /** A group that was deleted and made anew has the name and may have the generation of the one before. */
    private boolean isForThisGroup(JsonNode workflow) {
        String uid = workflow.path("metadata")
                .path("labels")
                .path(GroupNames.GROUP_UID)
                .asText("");
        return uid.isEmpty() || uid.equals(uid());
    }

    String uid() {
        return group.path("metadata").path("uid").asText();
    }

    Instant now() {
        return now;
    }

    /**
     * The HelmReleases that are the group's: planned for it, or named by its spec as Azure Orkestra made them. A label alone
     * is no proof: anybody may write one.
     */
    List<ObjectNode> releases() {
        Optional<ApplicationGroup> last =
                json(annotation(GroupNames.LAST_SUCCESSFUL)).map(spec -> ApplicationGroup.of(name(), spec));
        return cluster.releasesOf(name()).stream()
                .filter(release -> seal.belongs(release)
                        || InstalledReleases.isNamedBy(model, release)
                        || last.filter(group -> InstalledReleases.isNamedBy(group, release))
                                .isPresent())
                .toList();
    }

    /** Which charts were staged: with digests from the Workflow, else with versions from the status. */
    StagedCharts staged(Optional<ObjectNode> workflow) {
        return workflow.flatMap(each -> json(each.path("metadata")
                        .path("annotations")
                        .path(GroupNames.CHARTS)
                        .asText("")))
                .map(StagedCharts::of)
                .orElseGet(() -> StagedCharts.ofStatus(group.path("status")));
    }

    /** The graph of the last spec that succeeded, as far as it is remembered; else nothing. */
    ReleaseGraph lastSuccess() {
        Optional<StagedCharts> charts =
                json(annotation(GroupNames.LAST_SUCCESSFUL_CHARTS)).map(StagedCharts::of);
        return json(annotation(GroupNames.LAST_SUCCESSFUL))
                .map(spec -> ReleaseGraph.forward(ApplicationGroup.of(name(), spec), charts.orElse(StagedCharts.NONE)))
                .orElse(new ReleaseGraph(Map.of()));
    }

    /** The graph of the present spec. */
    ReleaseGraph forward(StagedCharts staged) {
        return ReleaseGraph.forward(model, staged);
    }

    /** {@code text} as JSON, if it is an object. */
    static Optional<JsonNode> json(String text) {
        try {
            return Optional.ofNullable(MAPPER.readTree(text)).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    void applications(StagedCharts staged, List<ObjectNode> releases) {
        status.applications(model, staged, Map.of(), releases);
    }

    /** Adds annotations, unless they are there. */
    void annotate(ObjectNode annotations) {
        boolean missing = annotations.properties().stream()
                .anyMatch(each ->
                        !annotation(each.getKey()).equals(each.getValue().asText()));
        if (missing) {
            // The answer holds the stored status; what this look has found out stays in ours.
            group = cluster.annotated(group, annotations);
        }
    }

    /** Removes annotations that are there. */
    void forget(List<String> keys) {
        ObjectNode none = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        keys.stream().filter(key -> !annotation(key).isEmpty()).forEach(none::putNull);
        if (!none.isEmpty()) {
            group = cluster.annotated(group, none);
        }
    }

    /** Writes the status if it changed, and records {@code event} if Ready turned into something else. */
    void write(Optional<GroupEvent> event) {
        if (!status.isChanged()) {
            return;
        }
        boolean turned = !readyWords(group).equals(readyWords(withStatus(status.json())));
        group = cluster.writeStatus(group, status.json());
        status = new GroupStatus(group, now);
        if (turned) {
            event.ifPresent(each -> cluster.event(group, each.warning(), each.reason(), each.message()));
        }
    }

    void write() {
        write(Optional.empty());
    }

    private ObjectNode withStatus(ObjectNode other) {
        ObjectNode copy = group.deepCopy();
        copy.set("status", other);
        return copy;
    }

    /** Message and time left out: a longer list of the same trouble is no new event. */
    private static String readyWords(JsonNode group) {
        return Conditions.find(group, GroupStatus.READY)
                .map(ready -> ready.path("status").asText()
                        + ready.path("reason").asText()
                        + ready.path("observedGeneration").asText())
                .orElse("");
    }
}
