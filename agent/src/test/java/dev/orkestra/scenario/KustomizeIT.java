package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A layer that kustomize builds, with the real agent, and what a hostile commit or object does to it. */
class KustomizeIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(2);
    private static final String OVERLAY = "applications/staging/kustomization.yaml";

    private static String prepare(Scenario scenario) {
        scenario.repository.delete("applications/staging/shop.yaml");
        scenario.repository.write("applications/base/kustomization.yaml", "resources: [hours.yaml]\n");
        scenario.repository.write("applications/base/hours.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: hours}
                data: {open: "9", close: "17"}
                """);
        scenario.repository.write(OVERLAY, """
                namespace: shop
                namePrefix: stg-
                resources: [../base]
                patches: [{path: later.yaml}]
                configMapGenerator:
                  - name: motd
                    literals: [text=hello]
                """);
        scenario.repository.write("applications/staging/later.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: hours}
                data: {close: "20"}
                """);
        return scenario.repository.push("Describe the shop with kustomize");
    }

    @Test
    void aKustomizeLayerIsBuiltAppliedAndRefusedWithThePlaceOfTheOverlay(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "kustomize")) {
            String first = prepare(scenario);
            scenario.createConfigRepo("allow: {kinds: [{kind: ConfigMap}, {kind: Namespace}], namespaces: [shop]}");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                ends(scenario, first, "Good");
                assertThat(data(scenario, "stg-hours")).isEqualTo("{\"close\":\"20\",\"open\":\"9\"}");
                assertThat(scenario.kubectl(
                                "-n", "shop", "get", "configmap", "stg-hours", "-o=jsonpath={.metadata.annotations}"))
                        .doesNotContain("config.kubernetes.io");
                String motd = generated(scenario);
                scenario.repository.edit(OVERLAY, text -> text.replace("text=hello", "text=bye"));
                ends(scenario, scenario.repository.push("Say something else"), "Good");
                assertThat(generated(scenario)).isNotEqualTo(motd);
                hostileCommits(scenario);
            }
        }
    }

    /** Attacks 11 and 12, and a base from elsewhere: refused before anything is planned, and nothing is touched. */
    private static void hostileCommits(Scenario scenario) throws InterruptedException {
        Map<String, String> before = scenario.versions();
        scenario.repository.edit(
                OVERLAY, text -> text.replace("[../base]", "[../base, 'https://example.test/evil?ref=main']"));
        refused(scenario, "Take a base from elsewhere", OVERLAY + ":3:22", "ImportNotAllowed");
        scenario.repository.edit(
                OVERLAY,
                text -> text.replace("[../base, 'https://example.test/evil?ref=main']", "[../base, more.yaml]"));
        scenario.repository.write("applications/staging/more.yaml", """
                apiVersion: v1
                kind: List
                items:
                  - apiVersion: rbac.authorization.k8s.io/v1
                    kind: ClusterRoleBinding
                    metadata: {name: mine}
                """);
        refused(scenario, "Hide a binding in a list", "applications/staging/more.yaml:5:5", "Forbidden");
        scenario.repository.write("applications/staging/more.yaml", """
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: shop
                  labels: {pod-security.kubernetes.io/enforce: privileged}
                """);
        refused(scenario, "Open the namespace", "applications/staging/more.yaml:5:12", "Forbidden");
        scenario.repository.write("applications/staging/more.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: hours}
                """);
        refused(scenario, "Write one object twice", "applications/staging/more.yaml:1:1", "RenderFailed");
        assertThat(scenario.versions()).isEqualTo(before);
    }

    private static void refused(Scenario scenario, String message, String position, String code)
            throws InterruptedException {
        JsonNode status =
                scenario.awaitRun(scenario.repository.push(message), RUN).path("status");
        assertThat(status.path("phase").asText()).as(status.toString()).isEqualTo("Invalid");
        assertThat(status.path("diagnostics").findValuesAsText("position"))
                .as(status.toString())
                .contains(position);
        assertThat(status.path("diagnostics").findValuesAsText("code")).contains(code);
    }

    /**
     * Attack 26: objects of the kinds that the agent watches, with values that no honest writer makes. Each is passed
     * over or reported, and an agent that starts with them there does its work.
     */
    @Test
    void attack26HostileLabelsAndAnnotationsStopNoAgent(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "hostile-objects")) {
            String first = prepare(scenario);
            scenario.createConfigRepo();
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                ends(scenario, first, "Good");
            }
            Path hostile = scratch.resolve("hostile.yaml");
            Files.writeString(hostile, HOSTILE.formatted("x".repeat(200_000)));
            scenario.kubectl("apply", "--server-side", "-f", hostile.toString());
            scenario.kubectl(
                    "-n",
                    "orkestra",
                    "annotate",
                    "configrepo",
                    "staging",
                    "orkestra.dev/sync-requested={{.}}\n%n$(id)",
                    "orkestra.dev/approved-plan=../../../etc/passwd");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                scenario.repository.edit(OVERLAY, text -> text.replace("text=hello", "text=still here"));
                // What was "approved" is no plan of ours: this run is held, and no later one.
                ends(scenario, scenario.repository.push("Go on"), "Held");
                scenario.repository.edit(OVERLAY, text -> text.replace("text=still here", "text=here again"));
                ends(scenario, scenario.repository.push("And on"), "Good");
                assertThat(scenario.readyz()).isEqualTo("200 ok");
                scenario.await(
                        Scenario.REPOS,
                        "orkestra",
                        repo -> repo.path("metadata").path("name").asText().equals("hostile")
                                && Scenario.condition(repo, "Ready")
                                        .path("status")
                                        .asText()
                                        .equals("False"),
                        "the word on the hostile ConfigRepo",
                        RUN);
                assertThat(agent.output()).doesNotContain("NullPointerException", "ClassCastException", "$(id)");
            }
            // It lies in no namespace, so that it would stay for others to find.
            scenario.kubectl(
                    "patch",
                    "applicationgroup",
                    "hostile",
                    "--type=merge",
                    "-p",
                    "{\"metadata\":{\"finalizers\":null}}");
            scenario.kubectl("delete", "applicationgroup", "hostile", "--ignore-not-found");
        }
    }

    private static final String HOSTILE = """
            apiVersion: orkestra.dev/v1alpha1
            kind: ConfigRepo
            metadata:
              name: hostile
              namespace: orkestra
              labels: {orkestra.dev/config-repo: kube-system.other}
              annotations:
                orkestra.dev/sync-requested: "%1$s"
                orkestra.dev/approved-plan: "sha256:\\u202e\\e[31m"
            spec:
              source: {url: "http://127.0.0.1:1/../../etc/passwd", ref: {branch: "main"}}
              schedule: {interval: 5s}
              layers: [{path: a}]
              serviceAccountName: staging
            ---
            apiVersion: orkestra.dev/v1alpha1
            kind: ConfigRun
            metadata:
              name: staging-999999
              namespace: orkestra
              labels: {orkestra.dev/config-repo: orkestra.staging}
              annotations: {orkestra.dev/run: "-1", "orkestra.dev/commit": "{{ .Values }}"}
            spec: {configRepo: nobody, number: 999999, commit: "0000000000000000000000000000000000000000", trigger: schedule}
            ---
            apiVersion: orkestra.azure.microsoft.com/v1alpha1
            kind: ApplicationGroup
            metadata:
              name: hostile
              labels: {orkestra.dev/config-repo: orkestra.staging}
              annotations:
                orkestra/last-successful-applicationgroup: "{{{ not json"
                orkestra.dev/remediation: "%1$s"
            spec: {}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: hostile
              namespace: shop
              labels: {orkestra.dev/config-repo: orkestra.staging}
              annotations:
                argocd.argoproj.io/sync-wave: "99999999999999999999"
                orkestra.dev/prune: "\\u0001"
            """;

    private static void ends(Scenario scenario, String commit, String phase) throws InterruptedException {
        JsonNode status = scenario.awaitRun(commit, RUN).path("status");
        assertThat(status.path("phase").asText()).as(status.toString()).isEqualTo(phase);
    }

    private static String data(Scenario scenario, String name) {
        return scenario.kubectl("-n", "shop", "get", "configmap", name, "-o=jsonpath={.data}");
    }

    private static String generated(Scenario scenario) {
        return scenario.kubectl("-n", "shop", "get", "configmap", "-o=name")
                .lines()
                .filter(name -> name.contains("stg-motd-"))
                .reduce("", (all, name) -> all + name);
    }
}
