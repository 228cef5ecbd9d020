package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Charts that bring custom resource definitions, which Helm itself only ever makes once. */
class ReleaseDefinitionsIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static Engines engines;
    private static String group;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        engines = Engines.start(HelmReleases.namespace("embedded-crds"));
        group = engines.namespace + ".orkestra.test";
        for (String version : new String[] {"0.1.0", "0.2.0"}) {
            Path chart = Files.createDirectories(engines.folder.resolve("defs-" + version));
            Files.createDirectories(chart.resolve("crds"));
            Files.createDirectories(chart.resolve("templates"));
            Files.writeString(chart.resolve("Chart.yaml"), "apiVersion: v2\nname: defs\nversion: " + version + "\n");
            Files.writeString(chart.resolve("crds/crd.yaml"), definition(version));
            Files.writeString(
                    chart.resolve("templates/thing.yaml"),
                    "apiVersion: " + group + "/v1\nkind: Thing\nmetadata: {name: a}\nspec: {words: "
                            + (version.equals("0.1.0") ? "{first: a}" : "{second: a}") + "}\n");
            engines.helm("package", chart.toString(), "--destination", repository());
        }
        engines.helm("repo", "index", repository());
    }

    @AfterAll
    static void stop() {
        engines.cluster.delete(
                engines.cluster.resourceType("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
                "",
                "things." + group,
                "");
        for (String kind : new String[] {"ClusterRoleBinding", "ClusterRole"}) {
            engines.cluster.delete(
                    engines.cluster.resourceType("rbac.authorization.k8s.io/v1", kind), "", engines.namespace, "");
        }
        HelmReleases.end(engines);
    }

    @Test
    void replacesDefinitionsAtAnUpgradeOnlyWhereAskedToAndOnlyWithTheGroupsRights() throws InterruptedException {
        allow("create", "get", "list", "watch");
        engines.apply(release("0.1.0", "Skip"));
        engines.awaitRelease("defs", SOON, state -> ReleaseEngine.isTrue(state, "Ready"));
        assertThat(definition()).contains("first").doesNotContain("second");

        engines.apply(release("0.2.0", "CreateReplace"));
        ObjectNode refused = engines.awaitRelease("defs", SOON, state -> ReleaseEngine.isTrue(state, "Stalled"));
        assertThat(Conditions.find(refused, "Ready")
                        .orElseThrow()
                        .path("reason")
                        .asText())
                .isEqualTo("UpgradeFailed");
        assertThat(Conditions.find(refused, "Ready")
                        .orElseThrow()
                        .path("message")
                        .asText())
                .contains("the chart's definitions cannot be brought")
                .contains("things." + group)
                .contains("forbidden");

        allow("*");
        ObjectNode again = release("0.2.0", "CreateReplace");
        again.withObject("/spec").put("timeout", "41s");
        engines.apply(again);
        ObjectNode upgraded = engines.awaitRelease(
                "defs", SOON, state -> RecordedLife.said(state).contains("Ready=True/UpgradeSucceeded"));
        assertThat(RecordedLife.history(upgraded).getFirst()).isEqualTo("2 deployed 0.2.0");
        assertThat(definition()).contains("second");
        HelmReleases.delete(engines, "defs");
    }

    private static ObjectNode release(String version, String upgradePolicy) {
        ObjectNode release = engines.release("defs", "40s", "", "");
        ObjectNode spec = release.withObject("/spec");
        spec.withObject("/chart/spec").put("chart", "defs").put("version", version);
        spec.putObject("values");
        spec.withObject("/upgrade").put("crds", upgradePolicy);
        return release;
    }

    private static void allow(String... verbs) {
        ObjectNode role = Engines.object("rbac.authorization.k8s.io/v1", "ClusterRole", "", engines.namespace);
        ObjectNode definitions = role.putArray("rules").addObject();
        definitions.putArray("apiGroups").add("apiextensions.k8s.io");
        definitions.putArray("resources").add("customresourcedefinitions");
        for (String verb : verbs) {
            definitions.withArray("/verbs").add(verb);
        }
        ObjectNode things = role.withArray("/rules").addObject();
        things.putArray("apiGroups").add(group);
        things.putArray("resources").add("*");
        things.putArray("verbs").add("*");
        engines.apply(role);
        ObjectNode binding =
                Engines.object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "", engines.namespace);
        binding.putObject("roleRef")
                .put("apiGroup", "rbac.authorization.k8s.io")
                .put("kind", "ClusterRole")
                .put("name", engines.namespace);
        binding.putArray("subjects")
                .addObject()
                .put("kind", "ServiceAccount")
                .put("name", "deployer")
                .put("namespace", engines.namespace);
        engines.apply(binding);
    }

    private static String definition() {
        return engines.cluster
                .get(
                        engines.cluster.resourceType("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
                        "",
                        "things." + group)
                .orElseThrow()
                .path("spec")
                .toString();
    }

    private static String definition(String version) {
        return """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata:
                  name: things.GROUP
                spec:
                  group: GROUP
                  scope: Namespaced
                  names: {kind: Thing, listKind: ThingList, plural: things, singular: thing}
                  versions:
                    - name: v1
                      served: true
                      storage: true
                      schema:
                        openAPIV3Schema:
                          type: object
                          properties:
                            spec:
                              type: object
                              properties:
                                words:
                                  type: object
                                  properties: {WORD: {type: string}}
                """.replace("GROUP", group).replace("WORD", version.equals("0.1.0") ? "first" : "second");
    }

    private static String repository() {
        return engines.folder.resolve("repository").toString();
    }
}
