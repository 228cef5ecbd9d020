package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ResourceType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The life of an ApplicationGroup with an executor of somebody else's image, from the commit that brings it to the one
 * that takes it away, through a whole agent and pods on a real node.
 */
class GroupsIT {
    private static final ResourceType PODS = new ResourceType("", "v1", "Pod", "pods", true);
    private static final ResourceType WORKFLOWS =
            new ResourceType("argoproj.io", "v1alpha1", "Workflow", "workflows", true);
    private static final ResourceType LEDGERS =
            new ResourceType("orkestra.dev", "v1alpha1", "ConfigLedger", "configledgers", true);

    private static final String GROUP = "applications/staging/shop.yaml";
    private static final String EXECUTOR = "orkestra.dev/workflow-uid";
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(2);
    private static final Duration SOON = Duration.ofSeconds(40);

    /** The text of the Secret that the chart's values come from. */
    private static final String WORD = "hush-4711-not-for-you";

    /** Looks at what it is called with: $0 is its name, and the arguments are those of every executor. */
    private static final String ARGUMENTS = """
            [ "$1 $3 $5 $7" = "--spec --action --data --timeout" ] || { echo "called with $*"; exit 9; }
            echo "$2" | base64 -d | grep -q "^kind: HelmRelease" || { echo "no release"; exit 8; }
            echo "$6" | base64 -d | grep -q /index.html || { echo "no data"; exit 7; }
            """;

    private static final String FAILING = ARGUMENTS + """
            [ "$4" = install ] || exit 0
            echo "asking the cache"
            echo "the cache does not answer"
            exit 3
            """;

    /** Reads from a pipe, so that it ends when the test says so. */
    private static final String WAITING = ARGUMENTS + """
            mkfifo /dev/shm/go 2>/dev/null
            read word < /dev/shm/go
            [ "$word" = go ]
            """;

    /** In a wave before the group's. */
    private static final String OPENING = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: opening
              namespace: shop
              annotations: {argocd.argoproj.io/sync-wave: "1"}
            data: {open: "yes"}
            """;

    @Test
    void aGroupWithACustomExecutorComesFailsOutlivesAKillAndGoes(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "groups");
                Sightings sightings = new Sightings(scenario.cluster)) {
            look(sightings);
            scenario.repository
                    .delete("applications/staging/shop.yaml")
                    .delete("applications/staging/status-page.yaml");
            scenario.repository.write("applications/staging/opening.yaml", OPENING.replace("yes", "no"));
            String empty = scenario.repository.push("Make room for the shop");
            scenario.createConfigRepo();
            AgentProcess agent = scenario.startAgent();
            try {
                agent.awaitLine("leading", START);
                ended(scenario, empty, "Good");
                prepare(scenario, scratch);
                doesNothingWhileItsConditionFails(scenario, sightings);
                failsAtFirstAndIsTakenAway(scenario, sightings, empty);
                String first = becomesGood(scenario, sightings);
                failsAndGoesBack(scenario, sightings, first);
                String greeting = executorWaits(scenario);
                agent = killed(agent, scenario);
                goesOnWithTheSamePod(scenario, sightings, greeting);
                String last = removalWaits(scenario);
                agent = killed(agent, scenario);
                goesInReverse(scenario, sightings, last);
            } finally {
                agent.close();
            }
            assertThat(sightings.thatHave(WORD)).as("who tells the secret").isEmpty();
            assertThat(sightings.thatHave("kind: HelmRelease"))
                    .as("what an executor gets, in Base64, is looked into")
                    .contains("Workflow/shop");
            assertThat(Files.readString(scratch.resolve("agent.log")))
                    .doesNotContain(WORD)
                    .doesNotContain("forbidden");
        }
    }

    private static AgentProcess killed(AgentProcess agent, Scenario scenario) throws InterruptedException {
        agent.kill();
        AgentProcess next = scenario.startAgent();
        next.awaitLine("leading", START);
        return next;
    }

    private static void look(Sightings sightings) throws InterruptedException {
        // Other tests leave theirs in namespaces of their own.
        sightings
                .of(PODS, "shop", EXECUTOR)
                .of(Scenario.GROUPS, "", "")
                .of(WORKFLOWS, Scenario.NAMESPACE, "")
                .of(Scenario.RELEASES, "shop", "")
                .of(Scenario.EVENTS, "", "");
        for (ResourceType type : List.of(Scenario.RUNS, Scenario.REPOS, LEDGERS)) {
            sightings.of(type, Scenario.NAMESPACE, "");
        }
    }

    /** What an administrator does: the rights of docs/executors.md, and the Secret that is in no repository. */
    private static void prepare(Scenario scenario, Path scratch) throws Exception {
        Path values = Files.writeString(scratch.resolve("values.yaml"), "memory: " + WORD + "\n");
        scenario.kubectl("-n", "shop", "create", "secret", "generic", "cache", "--from-file=" + values);
        Path rights = Files.writeString(scratch.resolve("executors.yaml"), """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: executors, namespace: shop}
                rules:
                  - {apiGroups: [""], resources: [pods], verbs: [create, get, list, watch, delete]}
                  - {apiGroups: [""], resources: [pods/log], verbs: [get]}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: executors, namespace: shop}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: executors}
                subjects: [{kind: ServiceAccount, name: staging, namespace: orkestra}]
                """);
        scenario.kubectl("apply", "-f", rights.toString());
    }

    private static void doesNothingWhileItsConditionFails(Scenario scenario, Sightings sightings)
            throws InterruptedException {
        String commit = scenario.repository
                .write(GROUP, group(scenario, "1", ARGUMENTS))
                .push("Forget to open the shop");
        ObjectNode run = ended(scenario, commit, "RolledBack");
        assertThat(messages(run)).singleElement().asString().contains("the shop is not open yet");
        sightings.awaitNone(Scenario.GROUPS, group -> true, SOON);
        assertThat(sightings.seen(WORKFLOWS)).isEmpty();
        assertThat(sightings.seen(Scenario.RELEASES)).isEmpty();
    }

    /** There is nothing to go back to but an environment without the group. */
    private static void failsAtFirstAndIsTakenAway(Scenario scenario, Sightings sightings, String lastGood)
            throws InterruptedException {
        String commit = scenario.repository
                .write("applications/staging/opening.yaml", OPENING)
                .write(GROUP, group(scenario, "1", FAILING))
                .push("Open the shop and ask the cache");
        failed(ended(scenario, commit, "RolledBack"), sightings, lastGood);
        nothingIsLeft(scenario, sightings);
        executors(sightings, 2);
    }

    /** The condition holds only because the same commit opens the shop, one wave earlier. */
    private static String becomesGood(Scenario scenario, Sightings sightings) throws InterruptedException {
        String commit = scenario.repository
                .write("applications/staging/opening.yaml", OPENING)
                .write(GROUP, group(scenario, "1", ARGUMENTS))
                .push("Open the shop");
        ended(scenario, commit, "Good");
        ready(scenario);
        assertThat(scenario.kubectl("-n", "shop", "get", "configmap", "cache-pages", "-o=jsonpath={.data}"))
                .contains("cache of " + WORD);
        assertThat(scenario.revisions()).isEqualTo(Map.of("cache", 1, "gateway", 1));
        executors(sightings, 3);
        return commit;
    }

    private static void failsAndGoesBack(Scenario scenario, Sightings sightings, String lastGood)
            throws InterruptedException {
        String commit =
                scenario.repository.write(GROUP, group(scenario, "2", FAILING)).push("Ask the cache another way");
        ObjectNode run = ended(scenario, commit, "RolledBack");
        failed(run, sightings, lastGood);
        ObjectNode group = ready(scenario);
        assertThat(group.path("metadata")
                        .path("annotations")
                        .path("orkestra.dev/remediation")
                        .asText())
                .isEqualTo("run");
        assertThat(sightings.seen(WORKFLOWS))
                .map(workflow -> workflow.path("metadata").path("name").asText())
                .as("Workflows; the group did not go back by itself")
                .doesNotContain("shop-rollback");
        // Revision 2 is the failed one, 3 the way back. What depends on it was never reached.
        assertThat(scenario.revisions()).isEqualTo(Map.of("cache", 3, "gateway", 1));
        assertThat(image(scenario)).isEqualTo("ork.local/httpd:1");
        executors(sightings, 5);
    }

    /** Pushes a commit whose executor waits, and waits until it does. */
    private static String executorWaits(Scenario scenario) throws InterruptedException {
        String commit = scenario.repository
                .write(GROUP, group(scenario, "2", WAITING).replace("{replicas: 1}", "{replicas: 1, greeting: Hello}"))
                .push("Greet, once the cache is there");
        running(scenario, "install");
        return commit;
    }

    private static void goesOnWithTheSamePod(Scenario scenario, Sightings sightings, String commit)
            throws InterruptedException {
        ObjectNode pod = running(scenario, "install");
        assertThat(scenario.revisions()).as("while it waits").isEqualTo(Map.of("cache", 4, "gateway", 1));
        letGo(scenario, pod);
        ended(scenario, commit, "Good");
        ready(scenario);
        assertThat(scenario.revisions()).isEqualTo(Map.of("cache", 4, "gateway", 2));
        assertThat(image(scenario)).isEqualTo("ork.local/httpd:2");
        // One more than before the kill.
        executors(sightings, 6);
    }

    private static String removalWaits(Scenario scenario) throws InterruptedException {
        String commit = scenario.repository.delete(GROUP).push("Close the shop");
        running(scenario, "delete");
        return commit;
    }

    /** What depends on another goes first, and the executor before its release. */
    private static void goesInReverse(Scenario scenario, Sightings sightings, String commit)
            throws InterruptedException {
        ObjectNode pod = running(scenario, "delete");
        assertThat(scenario.revisions()).as("while the executor waits").isEqualTo(Map.of("cache", 4));
        assertThat(scenario.cluster.list(Scenario.RELEASES, "shop", ""))
                .map(release -> release.path("metadata").path("name").asText())
                .containsExactly("cache");
        letGo(scenario, pod);
        ended(scenario, commit, "Good");
        nothingIsLeft(scenario, sightings);
        executors(sightings, 7);
    }

    /** The words of the executor stand in the run and in the group, with its release, and nothing is put before them. */
    private static void failed(ObjectNode run, Sightings sightings, String lastGood) {
        assertThat(run.path("status").path("verdict").asText()).isEqualTo("commit");
        assertThat(run.path("status").path("rollback").path("toCommit").asText())
                .isEqualTo(lastGood);
        String words =
                "workflow in failed state: step smoke(0) of cache: main: Error (exit code 3); the end of its log:"
                        + " asking the cache | the cache does not answer";
        assertThat(messages(run)).singleElement().asString().endsWith(words);
        assertThat(run.path("status").path("message").asText()).contains(words);
        assertThat(sightings.seen(Scenario.GROUPS))
                .map(group -> Scenario.condition(group, "Ready"))
                .anySatisfy(condition -> {
                    assertThat(condition.path("status").asText()).isEqualTo("False");
                    assertThat(condition.path("message").asText()).isEqualTo(words);
                });
    }

    private static List<String> messages(ObjectNode run) {
        return run.path("status")
                .path("diagnostics")
                .valueStream()
                .map(each -> each.path("message").asText())
                .toList();
    }

    private static void nothingIsLeft(Scenario scenario, Sightings sightings) throws InterruptedException {
        sightings.awaitNone(Scenario.GROUPS, group -> true, SOON);
        sightings.awaitNone(WORKFLOWS, workflow -> true, SOON);
        for (ResourceType type : List.of(Scenario.RELEASES, Scenario.DEPLOYMENTS, Scenario.SERVICES)) {
            assertThat(scenario.cluster.list(type, "shop", ""))
                    .as("%s that are left", type.kind())
                    .isEmpty();
        }
        assertThat(scenario.cluster.list(Scenario.SECRETS, "shop", "owner=helm"))
                .as("Helm's records")
                .isEmpty();
    }

    /** How many pods of executors there were since the beginning; none is left. */
    private static void executors(Sightings sightings, int count) throws InterruptedException {
        sightings.awaitNone(PODS, pod -> true, SOON);
        Set<String> uids = sightings.seen(PODS).stream()
                .map(pod -> pod.path("metadata").path("uid").asText())
                .collect(Collectors.toSet());
        assertThat(uids).as("pods of executors").hasSize(count);
    }

    private static ObjectNode running(Scenario scenario, String action) throws InterruptedException {
        return scenario.await(
                PODS,
                "shop",
                pod -> pod.path("metadata").path("labels").has(EXECUTOR)
                        && pod.path("status").path("phase").asText().equals("Running")
                        && pod.path("spec")
                                .path("containers")
                                .path(0)
                                .path("args")
                                .valueStream()
                                .anyMatch(each -> each.asText().equals(action)),
                "the pod of the executor, called with " + action,
                RUN);
    }

    private static void letGo(Scenario scenario, ObjectNode pod) {
        String go = "mkfifo /dev/shm/go 2>/dev/null; echo go > /dev/shm/go";
        scenario.kubectl("-n", "shop", "exec", name(pod), "--", "/bin/sh", "-c", go);
    }

    private static ObjectNode ended(Scenario scenario, String commit, String phase) throws InterruptedException {
        ObjectNode run = scenario.awaitRun(commit, RUN);
        assertThat(run.path("status").path("phase").asText())
                .as("phase of %s: %s", commit, run.path("status"))
                .isEqualTo(phase);
        return run;
    }

    private static ObjectNode ready(Scenario scenario) {
        ObjectNode group = scenario.cluster.get(Scenario.GROUPS, "", "shop").orElseThrow();
        JsonNode ready = Scenario.condition(group, "Ready");
        assertThat(ready.path("status").asText()).as("%s", group.path("status")).isEqualTo("True");
        assertThat(group.path("status").path("observedGeneration"))
                .isEqualTo(group.path("metadata").path("generation"));
        return group;
    }

    private static String image(Scenario scenario) {
        return scenario.kubectl(
                "-n", "shop", "get", "deployment", "cache", "-o=jsonpath={.spec.template.spec.containers[0].image}");
    }

    private static String name(ObjectNode object) {
        return object.path("metadata").path("name").asText();
    }

    /** Two applications, the second after the first, which is only there when an executor agrees. */
    private static String group(Scenario scenario, String image, String script) {
        return """
                apiVersion: orkestra.azure.microsoft.com/v1alpha1
                kind: ApplicationGroup
                metadata: {name: shop}
                spec:
                  conditions:
                    - name: open
                      objects: [{as: opening, apiVersion: v1, kind: ConfigMap, namespace: shop, name: opening}]
                      expression: opening != null && opening.data.open == "yes"
                      message: the shop is not open yet
                  applications:
                    - name: cache
                      spec:
                        chart: {url: "CHARTS", name: cache, version: 0.1.0}
                        release:
                          targetNamespace: shop
                          timeout: 1m
                          values: {image: "ork.local/httpd:IMAGE"}
                          valuesFrom: [{kind: Secret, name: cache}]
                        workflow:
                          - name: install
                          - name: smoke
                            type: custom
                            dependencies: [install]
                            image:
                              name: smoke
                              image: ork.local/httpd:1
                              imagePullPolicy: IfNotPresent
                              command:
                                - /bin/sh
                                - -c
                                - |
                SCRIPT
                                - smoke
                            params: {data: {path: /index.html}}
                    - name: gateway
                      dependencies: [cache]
                      spec:
                        chart: {url: "CHARTS", name: gateway, version: 0.1.0}
                        release: {targetNamespace: shop, timeout: 1m, values: {replicas: 1}}
                """.replace("CHARTS", scenario.testbed.chartsUrl().toString())
                .replace("IMAGE", image)
                .replace("SCRIPT", script.stripTrailing().indent(18).stripTrailing());
    }
}
