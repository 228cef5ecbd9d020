package dev.orkestra.release;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Groups;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** What a {@link GroupWorld} needs of the cluster before it begins, and how it leaves it. */
final class WorldSetup {
    private static final String MANAGER = "release-it";

    private final KubeCluster cluster;
    private final WorldWaits waits;
    private final String name;
    private final List<String> roles = new ArrayList<>();

    WorldSetup(KubeCluster cluster, WorldWaits waits, String name) {
        this.cluster = cluster;
        this.waits = waits;
        this.name = name;
    }

    void up() throws IOException {
        installDefinitions();
        apply(Groups.json("apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + "}\n"));
        apply(Groups.json(
                "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: deployer, namespace: " + name + "}\n"));
        allow(name, """
                [{apiGroups: [""], resources: [namespaces], verbs: [get, create]},
                 {apiGroups: [helm.toolkit.fluxcd.io], resources: [helmreleases], verbs: [get, list, delete]}]""");
    }

    /** Gives the world's service account what {@code rules} allow, in the whole cluster. */
    void allow(String role, String rules) {
        roles.add(role);
        apply(Groups.json("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: " + role
                + "}, rules: " + rules + "}"));
        apply(Groups.json("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: ROLE}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ROLE}
                subjects: [{kind: ServiceAccount, name: deployer, namespace: WORLD}]
                """.replace("ROLE", role).replace("WORLD", name)));
    }

    ObjectNode apply(ObjectNode object) {
        return cluster.apply(type(object), object, new ApplyOptions(MANAGER, true, false));
    }

    /** Takes away {@code groups}, what they made, and what {@link #up} made. */
    void down(Collection<String> groups) {
        ResourceType groupType = type(ApplicationGroup.API_VERSION, ApplicationGroup.KIND);
        ResourceType releases = type(GroupNames.HELM_RELEASE_API, "HelmRelease");
        ResourceType workflows = type(GroupNames.WORKFLOW_API, "Workflow");
        for (String group : groups) {
            String ours = GroupNames.OWNER + "=" + group;
            if (group.length() <= 63) {
                cluster.list(releases, "", ours).forEach(each -> remove(releases, each));
                cluster.list(workflows, name, ours).forEach(each -> remove(workflows, each));
            }
            cluster.get(groupType, "", group).ifPresent(each -> remove(groupType, each));
        }
        roles.forEach(role -> {
            cluster.delete(type("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"), "", role, "");
            cluster.delete(type("rbac.authorization.k8s.io/v1", "ClusterRole"), "", role, "");
        });
        groups.forEach(group -> cluster.delete(type("v1", "Namespace"), "", group, ""));
    }

    private void remove(ResourceType type, ObjectNode object) {
        String namespace = object.path("metadata").path("namespace").asText("");
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").putArray("finalizers");
        cluster.mergePatch(type, namespace, GroupWorld.name(object), patch, false, MANAGER);
        cluster.delete(type, namespace, GroupWorld.name(object), "");
    }

    private void installDefinitions() throws IOException {
        ResourceType definitions = type("apiextensions.k8s.io/v1", "CustomResourceDefinition");
        try (Stream<Path> files = Files.list(Testbed.root().resolve("schemas/crds"))) {
            for (Path file : files.sorted().toList()) {
                ObjectNode definition = Groups.json(Files.readString(file));
                if (cluster.get(definitions, "", GroupWorld.name(definition)).isEmpty()) {
                    cluster.apply(definitions, definition, ApplyOptions.of(MANAGER));
                    waits.until(
                            definitions,
                            "",
                            GroupWorld.name(definition),
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

    private ResourceType type(String apiVersion, String kind) {
        return cluster.resourceType(apiVersion, kind);
    }
}
