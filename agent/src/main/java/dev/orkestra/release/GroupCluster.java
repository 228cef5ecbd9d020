package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Identity;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.group.ApplicationGroup;
import java.util.List;
import java.util.Optional;

/**
 * What the group controller asks of the cluster. Objects are read from the API server, not from a cache: what follows
 * from a look is worth a request, and an old picture would start work twice.
 */
final class GroupCluster {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Cluster cluster;
    private final GroupSettings settings;
    private final ResourceType groups;
    private final ResourceType workflows;
    private final ResourceType releases;

    /** @throws ClusterException MISSING_KIND when a CRD is not there */
    GroupCluster(Cluster cluster, GroupSettings settings) {
        this.cluster = cluster;
        this.settings = settings;
        this.groups = cluster.resourceType(ApplicationGroup.API_VERSION, ApplicationGroup.KIND);
        this.workflows = cluster.resourceType(GroupNames.WORKFLOW_API, "Workflow");
        this.releases = cluster.resourceType(GroupNames.HELM_RELEASE_API, "HelmRelease");
    }

    ResourceType groups() {
        return groups;
    }

    ResourceType workflows() {
        return workflows;
    }

    ResourceType releases() {
        return releases;
    }

    Optional<ObjectNode> group(String name) {
        return cluster.get(groups, "", name);
    }

    Optional<ObjectNode> workflow(WorkflowType type, String group) {
        return anyWorkflow(type, group).filter(workflow -> owner(workflow).equals(group));
    }

    /** Whose Workflow has the name that {@code group}'s would have; empty when nobody's has. */
    Optional<String> foreignOwner(WorkflowType type, String group) {
        return anyWorkflow(type, group).map(GroupCluster::owner).filter(owner -> !owner.equals(group));
    }

    private Optional<ObjectNode> anyWorkflow(WorkflowType type, String group) {
        return cluster.get(workflows, settings.namespace(), type.workflowName(group));
    }

    private static String owner(ObjectNode workflow) {
        return workflow.path("metadata").path("labels").path(GroupNames.OWNER).asText("");
    }

    List<ObjectNode> releasesOf(String group) {
        return cluster.list(
                releases,
                "",
                GroupNames.HERITAGE + "=" + GroupNames.HERITAGE_VALUE + "," + GroupNames.OWNER + "=" + group);
    }

    List<ObjectNode> allReleases() {
        return cluster.list(releases, "", GroupNames.HERITAGE + "=" + GroupNames.HERITAGE_VALUE);
    }

    void createWorkflow(ObjectNode workflow) {
        cluster.create(workflows, workflow, GroupNames.MANAGER);
    }

    void deleteWorkflow(ObjectNode workflow) {
        JsonNode metadata = workflow.path("metadata");
        if (!metadata.has("deletionTimestamp")) {
            cluster.delete(
                    workflows,
                    settings.namespace(),
                    metadata.path("name").asText(),
                    metadata.path("uid").asText());
        }
    }

    void suspendWorkflow(ObjectNode workflow) {
        if (!workflow.path("spec").path("suspend").asBoolean(false)) {
            ObjectNode patch = JSON.objectNode();
            patch.putObject("spec").put("suspend", true);
            cluster.mergePatch(
                    workflows,
                    settings.namespace(),
                    workflow.path("metadata").path("name").asText(),
                    patch,
                    false,
                    GroupNames.MANAGER);
        }
    }

    /** Lets a Workflow that is being deleted go. */
    void releaseWorkflow(ObjectNode workflow) {
        withoutFinalizer(workflows, workflow);
    }

    /** Lets a group that is being deleted go. */
    void releaseGroup(ObjectNode group) {
        withoutFinalizer(groups, group);
    }

    /** Returns the group with our finalizer. */
    ObjectNode withFinalizer(ObjectNode group) {
        if (hasFinalizer(group)) {
            return group;
        }
        ArrayNode finalizers = JSON.arrayNode();
        group.path("metadata").path("finalizers").forEach(finalizers::add);
        finalizers.add(GroupNames.FINALIZER);
        return patchMetadata(groups, group, "finalizers", finalizers);
    }

    /** Returns the group with {@code annotations} added. */
    ObjectNode annotated(ObjectNode group, ObjectNode annotations) {
        return patchMetadata(groups, group, "annotations", annotations);
    }

    ObjectNode writeStatus(ObjectNode group, ObjectNode status) {
        ObjectNode changed = group.deepCopy();
        changed.set("status", status);
        return cluster.replaceStatus(groups, changed, GroupNames.MANAGER);
    }

    void deleteRelease(ObjectNode release, Identity identity) {
        JsonNode metadata = release.path("metadata");
        if (!metadata.has("deletionTimestamp")) {
            cluster.as(identity)
                    .delete(
                            releases,
                            metadata.path("namespace").asText(),
                            metadata.path("name").asText(),
                            metadata.path("uid").asText());
        }
    }

    /** The cluster with the rights of {@code identity}. */
    Cluster as(Identity identity) {
        return cluster.as(identity);
    }

    void event(ObjectNode group, boolean warning, String reason, String message) {
        cluster.event(group, warning, reason, message);
    }

    Optional<ObjectNode> secret(Identity identity, String namespace, String name) {
        Cluster asGroup = cluster.as(identity);
        return asGroup.get(asGroup.resourceType("v1", "Secret"), namespace, name);
    }

    /** Makes sure that engines find the staged charts. */
    void applyRepository() {
        ObjectNode repository = JSON.objectNode();
        repository.put("apiVersion", GroupNames.HELM_REPOSITORY_API).put("kind", "HelmRepository");
        repository
                .putObject("metadata")
                .put("name", settings.repositoryName())
                .put("namespace", settings.namespace())
                .putObject("labels")
                .put(GroupNames.HERITAGE, GroupNames.HERITAGE_VALUE);
        repository.set(
                "spec",
                RegistryDestination.repositorySpec(
                        settings.repositoryUrl(), settings.repository().pullSecret()));
        cluster.apply(
                cluster.resourceType(GroupNames.HELM_REPOSITORY_API, "HelmRepository"),
                repository,
                ApplyOptions.of(GroupNames.MANAGER).forced());
    }

    /**
     * Creates {@code namespace} in the group's name, unless it is there. A group applied by hand owns what it created,
     * as with Azure Orkestra; a run's namespaces are never removed by the way (DESIGN.md §4.10).
     *
     * @return false when the namespace is being deleted
     */
    boolean ensureNamespace(String namespace, ObjectNode group, boolean owned, Identity identity) {
        Cluster asGroup = cluster.as(identity);
        ResourceType namespaces = asGroup.resourceType("v1", "Namespace");
        try {
            Optional<ObjectNode> present = asGroup.get(namespaces, "", namespace);
            if (present.isPresent()) {
                return !present.get().path("metadata").has("deletionTimestamp");
            }
        } catch (ClusterException e) {
            if (e.reason() == ClusterException.Reason.FORBIDDEN) {
                // Rights inside a namespace are enough where somebody else made it; if nobody did, its releases say so.
                return true;
            }
            throw e;
        }
        ObjectNode object = JSON.objectNode();
        object.put("apiVersion", "v1").put("kind", "Namespace");
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("name", namespace).putObject("labels").put("name", namespace);
        if (owned) {
            ObjectNode owner = WorkflowDocument.owner(group);
            metadata.putArray("ownerReferences")
                    .add(owner.put("controller", true).put("blockOwnerDeletion", true));
        }
        try {
            asGroup.create(namespaces, object, GroupNames.MANAGER);
        } catch (ClusterException e) {
            if (e.reason() != ClusterException.Reason.ALREADY_EXISTS) {
                throw e;
            }
        }
        return true;
    }

    static boolean hasFinalizer(JsonNode object) {
        for (JsonNode each : object.path("metadata").path("finalizers")) {
            if (each.asText().equals(GroupNames.FINALIZER)) {
                return true;
            }
        }
        return false;
    }

    private void withoutFinalizer(ResourceType type, ObjectNode object) {
        if (!hasFinalizer(object)) {
            return;
        }
        ArrayNode left = JSON.arrayNode();
        for (JsonNode each : object.path("metadata").path("finalizers")) {
            if (!each.asText().equals(GroupNames.FINALIZER)) {
                left.add(each);
            }
        }
        try {
            patchMetadata(type, object, "finalizers", left);
        } catch (ClusterException e) {
            if (e.reason() != ClusterException.Reason.NOT_FOUND) {
                throw e;
            }
        }
    }

    /** Under the object's resourceVersion: a list is replaced as a whole. */
    private ObjectNode patchMetadata(ResourceType type, ObjectNode object, String field, JsonNode value) {
        ObjectNode patch = JSON.objectNode();
        JsonNode metadata = object.path("metadata");
        patch.putObject("metadata")
                .put("resourceVersion", metadata.path("resourceVersion").asText())
                .set(field, value);
        return cluster.mergePatch(
                type,
                metadata.path("namespace").asText(""),
                metadata.path("name").asText(),
                patch,
                false,
                GroupNames.MANAGER);
    }
}
