package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.TcpProxy;
import dev.orkestra.testing.Testbed;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole environment goes back to last-good, with nobody to ask but the API server. */
class RollbackIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(2);
    private static final String OVERLAY = "operator-definitions/overlays/staging/komposer.yaml";
    private static final ResourceType DEFINITIONS = new ResourceType(
            "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false);
    private static final ResourceType CLAIMS =
            new ResourceType("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true);

    private static final String GROUP = """
            apiVersion: orkestra.azure.microsoft.com/v1alpha1
            kind: ApplicationGroup
            metadata: {name: shop}
            spec:
              applications:
                - name: cache
                  spec:
                    chart: {url: "CHARTS", name: cache, version: 0.1.0}
                    release: {targetNamespace: shop, timeout: 1m, values: {replicas: 1}}
            """;

    private static final String GATEWAY = """
                - name: gateway
                  dependencies: [cache]
                  spec:
                    chart: {url: "CHARTS", name: gateway, version: 0.1.0}
                    release: {targetNamespace: shop, timeout: 1m, values: {replicas: 1, image: "ork.local/httpd:1"}}
            """;

    private static final String WIDGETS = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.rollback.example}
            spec:
              group: rollback.example
              scope: Namespaced
              names: {kind: Widget, listKind: WidgetList, plural: widgets, singular: widget}
              versions:
              - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
            """;

    private static final String V2 =
            "  - {name: v2, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}\n";

    private static final String ANNEX = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: annex-rollback-it}
            ---
            """ + WIDGETS;

    private static final String LATE = """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: data
              namespace: shop
              annotations: {argocd.argoproj.io/sync-wave: "5"}
            spec:
              accessModes: [ReadWriteOnce]
              resources: {requests: {storage: 1Mi}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: never
              namespace: shop
              annotations: {argocd.argoproj.io/sync-wave: "5"}
            spec:
              selector: {matchLabels: {app: never}}
              template:
                metadata: {labels: {app: never}}
                spec:
                  containers: [{name: never, image: "ork.local/not-there:1", imagePullPolicy: Never}]
            """;

    /** Ready while a ConfigMap is there that no commit knows. */
    private static final String DESK = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: desk, namespace: shop}
            spec:
              selector: {matchLabels: {app: desk}}
              template:
                metadata: {labels: {app: desk}}
                spec:
                  terminationGracePeriodSeconds: 0
                  containers:
                    - name: desk
                      image: ork.local/httpd:1
                      imagePullPolicy: IfNotPresent
                      command: [/bin/busybox, httpd, -f, -p, "8080", -h, /tmp]
                      envFrom: [{configMapRef: {name: of-somebody-else}}]
            """;

    private static final String[] STAYING = {
        "Namespace/annex-rollback-it is not wanted any more and stays",
        "PersistentVolumeClaim/shop/data is not wanted any more and stays",
        "CustomResourceDefinition.apiextensions.k8s.io/widgets.rollback.example is not wanted any more and stays"
    };

    private final Testbed testbed = Testbed.shared();

    @Test
    void everythingIsAsLastGoodWantsItWithEveryUpstreamAway(@TempDir Path scratch) throws Exception {
        Path imported = testbed.chartsDir().resolve("rollback-it.yaml");
        try (Scenario scenario = Scenario.ofSample(scratch, "rollback");
                TcpProxy git =
                        new TcpProxy("127.0.0.1", URI.create(scenario.url()).getPort());
                TcpProxy web = new TcpProxy("127.0.0.1", testbed.chartsUrl().getPort())) {
            removeWhatStays(scenario);
            mayMakeAll(scenario);
            Files.writeString(imported, katalog(2));
            String first = describe(scenario, scratch, web);
            scenario.createConfigRepo(
                    "deadlines: {wave: 40s, run: 5m}",
                    "source: {url: \"http://" + git.host() + ":" + git.port()
                            + URI.create(scenario.url()).getPath()
                            + "\", ref: {branch: main}, secretRef: {name: git}}");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                assertThat(ended(scenario, first).path("phase").asText()).isEqualTo("Good");
                Map<String, String> releases = scenario.uids();
                String katalog = katalog(scenario);
                assertThat(katalog).contains("workers: 2");

                Files.writeString(imported, katalog(7));
                String bad = spoil(scenario, scratch, web);
                agent.awaitLine("run=staging-2 step=RecordQuarantine ", RUN);
                assertThat(scenario.revisions()).as("before the way back").containsOnlyKeys("cache");
                git.goAway();
                web.goAway();
                rolledBack(scenario, bad, first);
                assertThat(scenario.uids()).containsKeys(releases.keySet().toArray(String[]::new));
                assertThat(katalog(scenario)).isEqualTo(katalog);
                git.comeBack();
                web.comeBack();
            }
            removeWhatStays(scenario);
        } finally {
            Files.deleteIfExists(imported);
        }
    }

    @Test
    void whenLastGoodFailsAsWellTheEnvironmentIsToBlame(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "rollback-in-vain")) {
            String first = scenario.repository.delete("applications").push("Describe the shop");
            scenario.createConfigRepo(
                    "layers: [{path: infrastructure, wave: 0}]",
                    "deadlines: {wave: 15s, run: 5m}",
                    "health: {soak: 10s}");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                assertThat(ended(scenario, first).path("phase").asText()).isEqualTo("Good");
                outside(scenario);
                String good = scenario.repository
                        .write("infrastructure/desk.yaml", DESK)
                        .push("Open a desk");
                assertThat(ended(scenario, good).path("phase").asText()).isEqualTo("Good");

                scenario.repository.edit("infrastructure/settings.yaml", text -> text.replace("EUR", "CHF"));
                String bad = scenario.repository.push("Pay in francs");
                agent.awaitLine("run=staging-3 step=Soak ", RUN);
                scenario.kubectl("-n", "shop", "delete", "configmap", "of-somebody-else");
                scenario.kubectl("-n", "shop", "delete", "pod", "-l", "app=desk", "--wait=false");
                JsonNode status = ended(scenario, bad);

                assertThat(status.path("phase").asText()).as("%s", status).isEqualTo("RollbackFailed");
                assertThat(status.path("verdict").asText()).isEqualTo("environment");
                assertThat(status.at("/evidence/0/object").asText()).isEqualTo("Deployment.apps/shop/desk");
                assertThat(status.at("/evidence/0/before").asText()).isEqualTo("Healthy");
                assertThat(status.at("/evidence/0/changedByRun").asBoolean()).isFalse();
                ObjectNode repo = scenario.awaitReady("False", "RollbackFailed", RUN);
                assertThat(repo.at("/status/quarantined")).isEmpty();
                assertThat(repo.at("/status/lastGood/commit").asText()).isEqualTo(good);
            }
        }
    }

    /** Neither by the rollback that somebody asks for nor by what puts right what is changed by hand afterwards. */
    @Test
    void aRollbackThatSomebodyAsksForTakesNoDefinitionBack(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "rollback-definition")) {
            removeWhatStays(scenario);
            mayMakeAll(scenario);
            String first = scenario.repository
                    .delete("applications")
                    .write("infrastructure/widgets.yaml", WIDGETS)
                    .push("Describe the shop, and widgets");
            scenario.createConfigRepo("layers: [{path: infrastructure, wave: 0}]");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                assertThat(ended(scenario, first).path("phase").asText()).isEqualTo("Good");
                scenario.repository
                        .edit("infrastructure/settings.yaml", text -> text.replace("EUR", "CHF"))
                        .write("infrastructure/widgets.yaml", WIDGETS + V2);
                String second = scenario.repository.push("Widgets have a second version");
                assertThat(ended(scenario, second).path("phase").asText()).isEqualTo("Good");
                ObjectNode made = widgets(scenario);
                assertThat(versions(made)).containsExactly("v1", "v2");

                OrkProgram.Said said =
                        OrkProgram.run(scenario, "rollback", "staging", "--to", first, "--timeout", "1m");

                assertThat(said.exitCode()).as(said.text()).isZero();
                assertThat(currency(scenario)).isEqualTo("EUR");
                ObjectNode left = widgets(scenario);
                assertThat(left.at("/metadata/uid")).isEqualTo(made.at("/metadata/uid"));
                assertThat(left.at("/metadata/generation")).isEqualTo(made.at("/metadata/generation"));
                ObjectNode repo = scenario.awaitReady("False", "Suspended", RUN);
                assertThat(Scenario.condition(repo, "Pruned").path("message").asText())
                        .contains("widgets.rollback.example stays as another commit made it");
                driftDoesNotTakeItBack(scenario);

                assertThat(OrkProgram.run(scenario, "resume", "staging").exitCode())
                        .isZero();
                scenario.awaitReady("True", "Good", RUN);
                assertThat(currency(scenario)).isEqualTo("CHF");
                assertThat(versions(widgets(scenario))).containsExactly("v1", "v2");
            }
            removeWhatStays(scenario);
        }
    }

    /** What is changed after it is put right: then the definition has been looked at, too. */
    private static void driftDoesNotTakeItBack(Scenario scenario) throws InterruptedException {
        patchWidgets(scenario, "{\"op\": \"add\", \"path\": \"/spec/versions/1/deprecated\", \"value\": true}");
        scenario.kubectl(
                "-n",
                "shop",
                "patch",
                "configmap",
                "settings",
                "--type=merge",
                "-p={\"data\": {\"currency\": \"GBP\"}}");
        scenario.await(
                Scenario.CONFIG_MAPS,
                "shop",
                map -> map.at("/metadata/name").asText().equals("settings")
                        && map.at("/data/currency").asText().equals("EUR"),
                "the settings put right",
                RUN);
        assertThat(versions(widgets(scenario))).containsExactly("v1", "v2");
        // Else the next commit finds a field that is somebody else's.
        patchWidgets(scenario, "{\"op\": \"remove\", \"path\": \"/spec/versions/1/deprecated\"}");
    }

    private static void patchWidgets(Scenario scenario, String patch) {
        scenario.kubectl("patch", "crd", "widgets.rollback.example", "--type=json", "-p=[" + patch + "]");
    }

    private static ObjectNode widgets(Scenario scenario) {
        return scenario.cluster.get(DEFINITIONS, "", "widgets.rollback.example").orElseThrow();
    }

    private static List<String> versions(ObjectNode definition) {
        return definition.at("/spec/versions").findValuesAsText("name");
    }

    private static String currency(Scenario scenario) {
        return scenario.cluster
                .get(Scenario.CONFIG_MAPS, "shop", "settings")
                .orElseThrow()
                .at("/data/currency")
                .asText();
    }

    private String describe(Scenario scenario, Path scratch, TcpProxy web) {
        scenario.repository
                .delete("applications/staging/status-page.yaml")
                .write("applications/staging/shop.yaml", (GROUP + GATEWAY).replace("CHARTS", charts(web)))
                .edit(
                        OVERLAY,
                        text -> text.replace(
                                "    - ../../base/web.yaml\n",
                                "    - ../../base/web.yaml\n    - " + charts(web) + "/rollback-it.yaml\n"));
        lock(scratch);
        return scenario.repository.push("Describe the shop");
    }

    private String spoil(Scenario scenario, Path scratch, TcpProxy web) {
        scenario.repository
                .write("applications/staging/shop.yaml", GROUP.replace("CHARTS", charts(web)))
                .write("applications/staging/late.yaml", LATE)
                .write("infrastructure/annex.yaml", ANNEX)
                .edit("infrastructure/settings.yaml", text -> text.replace("EUR", "CHF"));
        lock(scratch);
        return scenario.repository.push("Build an annex, close the gateway, and fail");
    }

    private static void rolledBack(Scenario scenario, String bad, String lastGood) throws InterruptedException {
        JsonNode status = ended(scenario, bad);
        assertThat(status.path("phase").asText()).as("%s", status).isEqualTo("RolledBack");
        assertThat(status.at("/rollback/toCommit").asText()).isEqualTo(lastGood);
        assertThat(status.path("message").asText())
                .as("what stays, and that it does")
                .contains("The environment is back on " + lastGood.substring(0, 12), "some stays:")
                .contains(STAYING);
        assertThat(status.path("diagnostics").findValuesAsText("message"))
                .anyMatch(message -> message.startsWith(STAYING[0]))
                .anyMatch(message -> message.startsWith(STAYING[1]))
                .anyMatch(message -> message.startsWith(STAYING[2]));

        assertThat(scenario.cluster.get(Scenario.NAMESPACES, "", "annex-rollback-it"))
                .isPresent();
        assertThat(scenario.cluster.get(CLAIMS, "shop", "data")).isPresent();
        assertThat(scenario.cluster.get(DEFINITIONS, "", "widgets.rollback.example"))
                .isPresent();
        assertThat(scenario.cluster.get(Scenario.DEPLOYMENTS, "shop", "never")).isEmpty();
        assertThat(scenario.revisions()).containsOnlyKeys("cache", "gateway");
        assertThat(currency(scenario)).isEqualTo("EUR");
        ObjectNode group = scenario.cluster.get(Scenario.GROUPS, "", "shop").orElseThrow();
        assertThat(group.at("/spec/applications")).hasSize(2);
        assertThat(Scenario.condition(group, "Ready").path("status").asText()).isEqualTo("True");
    }

    private static JsonNode ended(Scenario scenario, String commit) throws InterruptedException {
        return scenario.awaitRun(commit, RUN).path("status");
    }

    private String charts(TcpProxy web) {
        return "http://127.0.0.1:" + web.port() + testbed.chartsUrl().getPath();
    }

    private static String katalog(Scenario scenario) {
        return scenario.kubectl("-n", "shop", "get", "configmap", "orkestra-katalog", "-o=jsonpath={.data}");
    }

    private static String katalog(int workers) {
        return """
                apiVersion: orkestra.orkspace.io/v1
                kind: Katalog
                metadata: {name: till}
                spec:
                  crds:
                    till:
                      apiTypes: {group: it.test, version: v1, kind: Till, plural: tills}
                      operatorBox: {reconcile: {default: true, workers: %d, queue: {maxDepth: 10}}}
                """.formatted(workers);
    }

    private static void lock(Path scratch) {
        ProcessBuilder ork = new ProcessBuilder(
                        Testbed.root().resolve("ork").toString(), "compose", "-f", OVERLAY, "--lock")
                .directory(scratch.resolve("config").toFile())
                .redirectErrorStream(true);
        ork.environment().put("XDG_CACHE_HOME", scratch.resolve("user-cache").toString());
        Programs.run(ork);
    }

    private static void outside(Scenario scenario) {
        scenario.kubectl("-n", "shop", "create", "configmap", "of-somebody-else", "--from-literal=OPEN=yes");
    }

    /** What a rollback leaves, another try of this test must not find. */
    private static void removeWhatStays(Scenario scenario) {
        scenario.kubectl("delete", "crd", "widgets.rollback.example", "--ignore-not-found", "--timeout=60s");
        scenario.kubectl("delete", "namespace", "annex-rollback-it", "--ignore-not-found", "--timeout=60s");
    }

    private static void mayMakeAll(Scenario scenario) {
        String name = "orkestra-staging-rollback-it";
        scenario.kubectl("delete", "clusterrolebinding", name, "--ignore-not-found");
        scenario.kubectl("delete", "clusterrole", name, "--ignore-not-found");
        scenario.kubectl(
                "create",
                "clusterrole",
                name,
                "--verb=get,list,watch,create,patch,update,delete",
                "--resource=customresourcedefinitions.apiextensions.k8s.io,persistentvolumeclaims,namespaces");
        scenario.kubectl(
                "create", "clusterrolebinding", name, "--clusterrole=" + name, "--serviceaccount=orkestra:staging");
    }
}
