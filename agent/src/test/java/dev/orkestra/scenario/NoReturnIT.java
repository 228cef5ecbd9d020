package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ResourceType;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A definition that stores its objects in a new version, in a commit that fails: what is rolled back, and what is not. */
class NoReturnIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(3);
    private static final ResourceType DEFINITIONS = new ResourceType(
            "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false);
    private static final String NAME = "gadgets.noreturn.example";
    private static final String LAYERS = "layers: [{path: infrastructure, wave: 0}]";
    private static final String DEADLINES = "deadlines: {wave: 10s, run: 5m}";

    private static final String NEVER = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: never
              namespace: shop
              annotations: {argocd.argoproj.io/sync-wave: "1"}
            spec:
              selector: {matchLabels: {app: never}}
              template:
                metadata: {labels: {app: never}}
                spec:
                  containers: [{name: never, image: "ork.local/not-there:%d", imagePullPolicy: Never}]
            """;

    @Test
    void holdsPastANewStorageVersionAndWithAutoRollsBackAllButTheDefinition(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "no-return")) {
            scenario.kubectl("delete", "crd", NAME, "--ignore-not-found", "--timeout=60s");
            mayDefine(scenario);
            scenario.repository
                    .write("infrastructure/gadgets.yaml", definition("v1", "v1"))
                    .push("Bring gadgets");
            scenario.createConfigRepo(LAYERS, DEADLINES);
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                scenario.awaitReady("True", "Good", RUN);
                held(scenario);
                rolledBackWithAuto(scenario);
            }
            scenario.kubectl("delete", "crd", NAME, "--timeout=60s");
        }
    }

    private static void held(Scenario scenario) throws InterruptedException {
        String bad = scenario.repository
                .write("infrastructure/gadgets.yaml", definition("v2", "v1", "v2"))
                .write("infrastructure/never.yaml", NEVER.formatted(1))
                .push("Store gadgets otherwise, and fail");
        ObjectNode run = scenario.awaitRun(bad, RUN);
        assertThat(run.path("status").path("phase").asText()).isEqualTo("Held");
        assertThat(run.path("status").path("message").asText())
                .contains("past a point of no return", NAME, "nothing is rolled back");
        assertThat(run.path("status").has("rollback")).isFalse();
        assertThat(scenario.cluster.get(Scenario.DEPLOYMENTS, "shop", "never")).isPresent();
        assertThat(scenario.configRepo().path("status").path("quarantined")).hasSize(1);
    }

    /**
     * A commit of its own mends it: version 2 stays, as the server does not let go of a version in which something may be
     * stored. Then the same again, with the other policy.
     */
    private static void rolledBackWithAuto(Scenario scenario) throws InterruptedException {
        scenario.applyConfigRepo(LAYERS, DEADLINES, "rollback: auto", "prune: {maxPercent: 100, minObjects: 100}");
        String mended = scenario.repository
                .delete("infrastructure/never.yaml")
                .write("infrastructure/gadgets.yaml", definition("v1", "v1", "v2"))
                .push("Store gadgets as before");
        scenario.awaitRun(mended, RUN);
        scenario.awaitReady("True", "Good", RUN);
        assertThat(storage(scenario)).isEqualTo("v1");

        String bad = scenario.repository
                .write("infrastructure/gadgets.yaml", definition("v2", "v1", "v2"))
                .write("infrastructure/never.yaml", NEVER.formatted(2))
                .push("Store gadgets otherwise, and fail once more");
        ObjectNode run = scenario.awaitRun(bad, RUN);
        assertThat(run.path("status").path("phase").asText())
                .as(run.path("status").path("message").asText())
                .isEqualTo("RolledBack");
        assertThat(run.path("status").path("message").asText()).contains(NAME, "never taken back");
        assertThat(storage(scenario)).isEqualTo("v2");
        assertThat(scenario.cluster.get(Scenario.DEPLOYMENTS, "shop", "never")).isEmpty();
    }

    private static String storage(Scenario scenario) {
        for (var version : scenario.cluster
                .get(DEFINITIONS, "", NAME)
                .orElseThrow()
                .path("spec")
                .path("versions")) {
            if (version.path("storage").asBoolean()) {
                return version.path("name").asText();
            }
        }
        return "";
    }

    private static String definition(String stored, String... versions) {
        StringBuilder text = new StringBuilder("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: gadgets.noreturn.example}
                spec:
                  group: noreturn.example
                  scope: Namespaced
                  names: {kind: Gadget, listKind: GadgetList, plural: gadgets, singular: gadget}
                  versions:
                """);
        for (String version : versions) {
            text.append("  - {name: %s, served: true, storage: %s, schema: {openAPIV3Schema: {type: object}}}\n"
                    .formatted(version, version.equals(stored)));
        }
        return text.toString();
    }

    private static void mayDefine(Scenario scenario) {
        scenario.kubectl("delete", "clusterrolebinding", "orkestra-staging-definitions", "--ignore-not-found");
        scenario.kubectl("delete", "clusterrole", "orkestra-staging-definitions", "--ignore-not-found");
        scenario.kubectl(
                "create",
                "clusterrole",
                "orkestra-staging-definitions",
                "--verb=get,list,watch,create,patch,update,delete",
                "--resource=customresourcedefinitions.apiextensions.k8s.io");
        scenario.kubectl(
                "create",
                "clusterrolebinding",
                "orkestra-staging-definitions",
                "--clusterrole=orkestra-staging-definitions",
                "--serviceaccount=orkestra:staging");
    }
}
