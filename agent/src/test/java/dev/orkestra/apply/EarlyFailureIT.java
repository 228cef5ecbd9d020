package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.Identity;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.health.EarlyFailures;
import dev.orkestra.health.HealthRules;
import dev.orkestra.health.HealthStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real pods of a real kubelet that do not become what they should. No wait here gets near its deadline. */
class EarlyFailureIT {
    private static final int DEADLINE = 240;

    private ApplyWorld world;

    @BeforeEach
    void connect() {
        world = new ApplyWorld("early-failure");
    }

    @AfterEach
    void removeEverything() {
        world.close();
    }

    @Test
    void anImageNameThatIsNoneEndsTheWaitInSeconds() throws Exception {
        DesiredObject web = put(deployment("web", container("'ork.local/Bad:1'", ""), ""));

        assertFailed(
                within(Duration.ofSeconds(30), world.cluster, web),
                "Pod web-[a-z0-9-]+: Container main: InvalidImageName: .*must be lowercase");
    }

    @Test
    void anImageThatMayNotBePulledEndsTheWaitInSeconds() throws Exception {
        DesiredObject web =
                put(workload("DaemonSet", "web", "", container("'ork.local/none:1'", ", 'imagePullPolicy': 'Never'")));

        assertFailed(
                within(Duration.ofSeconds(30), world.cluster, web),
                "Pod web-[a-z0-9]+: Container main: ErrImageNeverPull: .*not present with pull policy of Never");
    }

    @Test
    void aCrashLoopEndsTheWaitWithTheExitCode() throws Exception {
        DesiredObject web = put(workload("StatefulSet", "web", "'serviceName': 'web', ", crashing(3)));

        assertFailed(
                within(Duration.ofSeconds(120), world.cluster, web),
                "Pod web-0: Container main: CrashLoopBackOff: .*\\(last exit code 3\\), after 3 restarts");
    }

    @Test
    void anExceededProgressDeadlineIsToldWithThePodsWords() throws Exception {
        DesiredObject web = put(deployment(
                "web",
                container("'ork.local/httpd:1'", ", 'envFrom': [{'configMapRef': {'name': 'absent'}}]"),
                "'progressDeadlineSeconds': 5, "));

        assertFailed(
                within(Duration.ofSeconds(60), world.cluster, web),
                "Progress deadline exceeded: .*Pod web-[a-z0-9-]+: Container main: CreateContainerConfigError:"
                        + " configmap .absent. not found");
    }

    /** The node cannot reach any registry. */
    @Test
    void aRegistryThatCannotBeReachedIsTheEnvironmentsTroubleEvenPastTheProgressDeadline() throws Exception {
        DesiredObject web =
                put(deployment("web", container("'ork.local/not-there:1'", ""), "'progressDeadlineSeconds': 20, "));

        HealthGate.Result result = ApplyWorld.gate(world.cluster, ApplyWorld.LABEL)
                .await(List.of(web), Instant.now().plusSeconds(35), () -> false, waiting -> {});

        assertThat(result)
                .isInstanceOfSatisfying(
                        HealthGate.Result.DeadlinePassed.class,
                        passed -> assertThat(passed.unhealthy().get(web.key())).satisfies(status -> {
                            assertThat(status.environment()).isTrue();
                            assertThat(status.message())
                                    .startsWith("Progress deadline exceeded")
                                    .contains("name resolution");
                        }));
    }

    /** The pods of the template before go on crashing until the new ones are there. */
    @Test
    void podsOfAnOlderTemplateDoNotCondemnTheNewOne() throws Exception {
        DesiredObject broken =
                put(deployment("web", crashing(1), "'strategy': {'rollingUpdate': {'maxUnavailable': 0}}, "));
        HealthGate hasty = ApplyWorld.gate(
                world.cluster,
                ApplyWorld.LABEL,
                HealthRules.BUILT_IN,
                new EarlyFailures.Limits(Duration.ofHours(1), Duration.ofHours(1), 1, 1));
        assertFailed(
                hasty.await(List.of(broken), Instant.now().plusSeconds(DEADLINE), () -> false, waiting -> {}),
                "CrashLoopBackOff");

        DesiredObject mended = put(deployment(
                "web",
                container("'ork.local/pause:1'", ""),
                "'minReadySeconds': 5, 'strategy': {'rollingUpdate': {'maxUnavailable': 0}}, "));

        assertThat(within(Duration.ofSeconds(60), world.cluster, mended)).isInstanceOf(HealthGate.Result.Healthy.class);
    }

    @Test
    void whoMayNotReadPodsGoesWithoutAndIsTold() throws Exception {
        world.put(rights(
                "Role",
                "'rules': [{'apiGroups': ['apps'], 'resources': ['deployments'],"
                        + " 'verbs': ['get', 'list', 'watch']}]"));
        world.put(rights(
                "RoleBinding",
                "'roleRef': {'apiGroup': 'rbac.authorization.k8s.io', 'kind': 'Role', 'name':"
                        + " 'reader'}, 'subjects': [{'kind': 'ServiceAccount', 'name': 'reader', 'namespace': '"
                        + world.namespace
                        + "'}]"));
        DesiredObject web = put(deployment("web", container("'ork.local/Bad:1'", ""), ""));
        CompletableFuture<String> told = new CompletableFuture<>();

        HealthGate.Result result = ApplyWorld.gate(
                        world.cluster.as(new Identity(world.namespace, "reader")), ApplyWorld.LABEL)
                .await(
                        List.of(web),
                        Instant.now().plusSeconds(8),
                        () -> false,
                        waiting -> waiting.values().stream()
                                .map(HealthStatus::message)
                                .filter(message -> message.contains("may not list and watch pods"))
                                .forEach(told::complete));

        assertThat(result).isInstanceOf(HealthGate.Result.DeadlinePassed.class);
        assertThat(told).isCompleted();
    }

    @Test
    void aRuleOfTheConfigRepoIsWaitedForOnTheWatchEvent() throws Exception {
        ConfigRepo repo = withRule(new ConfigRepo.HealthRule("v1", "ConfigMap", "", "", "object.data.ready == 'yes'"));
        ObjectNode map = world.object("ConfigMap", "switch", ", 'data': {'ready': 'no'}");
        DesiredObject wanted = put(map);
        CompletableFuture<Map<?, HealthStatus>> told = new CompletableFuture<>();
        HealthGate gate =
                ApplyWorld.gate(world.cluster, ApplyWorld.LABEL, HealthRules.of(repo), EarlyFailures.Limits.DEFAULT);
        CompletableFuture<HealthGate.Result> result = CompletableFuture.supplyAsync(() -> {
            try {
                return gate.await(List.of(wanted), Instant.now().plusSeconds(DEADLINE), () -> false, told::complete);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(told.get(30, TimeUnit.SECONDS).values())
                .singleElement()
                .satisfies(status -> assertThat(status.message()).startsWith("Not current yet"));

        map.withObject("data").put("ready", "yes");
        world.put(map);

        assertThat(result.get(20, TimeUnit.SECONDS)).isInstanceOf(HealthGate.Result.Healthy.class);
    }

    private static HealthGate.Result within(Duration time, Cluster cluster, DesiredObject object) throws Exception {
        Instant begin = Instant.now();
        HealthGate.Result result = ApplyWorld.gate(cluster, ApplyWorld.LABEL)
                .await(List.of(object), begin.plusSeconds(DEADLINE), () -> false, waiting -> {});
        assertThat(Duration.between(begin, Instant.now())).as("%s", result).isLessThan(time);
        return result;
    }

    private static void assertFailed(HealthGate.Result result, String words) {
        assertThat(result)
                .isInstanceOfSatisfying(
                        HealthGate.Result.Failed.class,
                        failed -> assertThat(failed.unhealthy().values())
                                .singleElement()
                                .satisfies(
                                        status -> assertThat(status.message()).containsPattern(words)));
    }

    private DesiredObject put(ObjectNode body) {
        world.put(body);
        return ApplyWorld.desired(body);
    }

    private ObjectNode deployment(String name, String container, String spec) {
        return workload("Deployment", name, "'replicas': 1, " + spec, container);
    }

    private ObjectNode workload(String kind, String name, String spec, String container) {
        ObjectNode object = world.object(
                kind,
                name,
                ", 'spec': {" + spec + "'selector': {'matchLabels': {'app': '" + name
                        + "'}}, 'template': {'metadata': {'labels': {'app': '" + name
                        + "'}}, 'spec': {'terminationGracePeriodSeconds': 0, 'containers': [" + container + "]}}}");
        return object.put("apiVersion", "apps/v1");
    }

    private static String container(String image, String rest) {
        return "{'name': 'main', 'image': " + image
                + (rest.contains("imagePullPolicy") ? "" : ", 'imagePullPolicy': 'IfNotPresent'") + rest + "}";
    }

    private static String crashing(int code) {
        // Without a probe a container is ready in the moment before it ends.
        return container(
                "'ork.local/httpd:1'",
                ", 'command': ['sh', '-c', 'exit " + code + "'], 'readinessProbe': {'exec': {'command': ['true']},"
                        + " 'initialDelaySeconds': 5}");
    }

    private ObjectNode rights(String kind, String rest) {
        return world.object(kind, "reader", ", " + rest).put("apiVersion", "rbac.authorization.k8s.io/v1");
    }

    private static ConfigRepo withRule(ConfigRepo.HealthRule rule) {
        ConfigRepo repo = ApplyWorld.repo("shop");
        ConfigRepo.Policies policies = repo.policies();
        return new ConfigRepo(
                repo.namespace(),
                repo.name(),
                repo.uid(),
                repo.generation(),
                repo.source(),
                repo.schedule(),
                repo.overlay(),
                repo.importsSecret(),
                repo.layers(),
                repo.deadlines(),
                repo.soak(),
                repo.rollback(),
                repo.prune(),
                repo.adoption(),
                repo.suspend(),
                new ConfigRepo.Policies(
                        List.of(rule),
                        policies.ignored(),
                        policies.allow(),
                        policies.drift(),
                        policies.approval(),
                        policies.deletion()),
                repo.serviceAccountName());
    }
}
