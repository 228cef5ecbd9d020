package dev.orkestra.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.release.GroupNames;
import dev.orkestra.release.GroupObjects;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads groups with what belongs to them. A cluster without Workflows or HelmReleases, or a user who may not see them,
 * is shown what there is, and told what is missing.
 */
final class GroupReader {
    /** A kind that people may be without; {@code type} is empty where they are. */
    record Kind(Optional<ResourceType> type, String namespace) {}

    private final Cluster cluster;
    private final ResourceType groups;
    private final Kind workflows;
    private final Kind releases;
    /** What the user may not list is not followed either. */
    private final Set<Kind> refused = new HashSet<>();

    private final List<String> notes = new ArrayList<>();

    /**
     * @param namespace where Workflows are
     * @throws ClusterException when ApplicationGroups cannot be asked for
     */
    GroupReader(Cluster cluster, String namespace) {
        this.cluster = cluster;
        this.groups = cluster.resourceType(ApplicationGroup.API_VERSION, ApplicationGroup.KIND);
        this.workflows = new Kind(type(GroupNames.WORKFLOW_API, "Workflow"), namespace);
        this.releases = new Kind(type(GroupNames.HELM_RELEASE_API, "HelmRelease"), "");
    }

    Cluster cluster() {
        return cluster;
    }

    ResourceType groups() {
        return groups;
    }

    Kind workflows() {
        return seen(workflows);
    }

    Kind releases() {
        return seen(releases);
    }

    private Kind seen(Kind kind) {
        return refused.contains(kind) ? new Kind(Optional.empty(), kind.namespace) : kind;
    }

    /** What could not be seen, and why. */
    List<String> notes() {
        return notes.stream().distinct().toList();
    }

    Optional<GroupObjects> read(String name) {
        String selector = GroupObjects.selector(name);
        return cluster.get(groups, "", name)
                .map(group -> new GroupObjects(group, list(workflows, selector), list(releases, selector)));
    }

    /** All groups by name. */
    List<GroupObjects> all() {
        Map<String, List<ObjectNode>> flows = byOwner(workflows);
        Map<String, List<ObjectNode>> released = byOwner(releases);
        return cluster.list(groups, "", "").stream()
                .map(group -> {
                    String name = group.path("metadata").path("name").asText("");
                    return new GroupObjects(
                            group, flows.getOrDefault(name, List.of()), released.getOrDefault(name, List.of()));
                })
                .toList();
    }

    private Map<String, List<ObjectNode>> byOwner(Kind kind) {
        return list(kind, GroupObjects.anyGroup()).stream().collect(Collectors.groupingBy(GroupObjects::owner));
    }

    private List<ObjectNode> list(Kind kind, String selector) {
        try {
            return kind.type()
                    .map(type -> cluster.list(type, kind.namespace(), selector))
                    .orElse(List.of());
        } catch (ClusterException e) {
            if (e.reason() != ClusterException.Reason.FORBIDDEN) {
                throw e;
            }
            refused.add(kind);
            notes.add("not everything is shown: " + e.getMessage());
            return List.of();
        }
    }

    private Optional<ResourceType> type(String apiVersion, String kind) {
        try {
            return Optional.of(cluster.resourceType(apiVersion, kind));
        } catch (ClusterException e) {
            if (e.reason() != ClusterException.Reason.MISSING_KIND) {
                throw e;
            }
            notes.add("the cluster has no " + kind + "s (" + apiVersion + "), so nothing can be installed there");
            return Optional.empty();
        }
    }
}
