package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Identity;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.HealthStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With load balancer Services: nothing but the test gives them an address, so it decides when they are healthy. */
class HealthGateIT {
    /** Longer than this would be the safety look, not the watch event. */
    private static final Duration BY_EVENT = Duration.ofSeconds(20);

    private ApplyWorld world;

    @BeforeEach
    void connect() {
        world = new ApplyWorld("health-gate");
    }

    @AfterEach
    void removeEverything() {
        world.release("Service", "web");
        world.close();
    }

    @Test
    void theGateOpensOnTheWatchEvent() throws Exception {
        DesiredObject web = service("web");
        CompletableFuture<Map<ObjectKey, HealthStatus>> told = new CompletableFuture<>();
        CompletableFuture<HealthGate.Result> result = await(world.cluster, 120, new AtomicBoolean(), told, web);
        assertThat(of(told.get(60, TimeUnit.SECONDS), web.key()).message()).contains("no address");

        Instant before = Instant.now();
        giveAddress("web");

        assertThat(result.get(60, TimeUnit.SECONDS)).isInstanceOf(HealthGate.Result.Healthy.class);
        assertThat(Duration.between(before, Instant.now())).isLessThan(BY_EVENT);
    }

    @Test
    void theDeadlineNamesWhatIsUnhealthyAndWhyAndNothingElse() throws Exception {
        DesiredObject web = service("web");
        DesiredObject ready = service("ready");
        giveAddress("ready");
        DesiredObject absent = ApplyWorld.desired(body("absent"));

        HealthGate.Result result = awaited(world.cluster, 3, web, ready, absent);

        assertThat(result).isInstanceOfSatisfying(HealthGate.Result.DeadlinePassed.class, passed -> {
            assertThat(passed.unhealthy()).containsOnlyKeys(web.key(), absent.key());
            assertThat(of(passed.unhealthy(), web.key()).message()).contains("no address");
            assertThat(of(passed.unhealthy(), absent.key()).state()).isEqualTo(HealthStatus.State.NOT_FOUND);
        });
    }

    @Test
    void anObjectThatIsBeingDeletedIsNotHealthy() throws Exception {
        ObjectNode body = body("web");
        ((ObjectNode) body.path("metadata")).putArray("finalizers").add("test.orkestra.dev/hold");
        world.put(body);
        giveAddress("web");
        world.cluster.delete(world.type("v1", "Service"), world.namespace, "web", "");

        assertThat(awaited(world.cluster, 2, ApplyWorld.desired(body)))
                .isInstanceOfSatisfying(
                        HealthGate.Result.DeadlinePassed.class,
                        passed -> assertThat(passed.unhealthy())
                                .hasValueSatisfying(new org.assertj.core.api.Condition<>(
                                        status -> status.state() == HealthStatus.State.TERMINATING, "terminating")));
    }

    @Test
    void healthyAtOnceIsHealthyEvenPastTheDeadline() throws Exception {
        DesiredObject web = service("web");
        giveAddress("web");

        assertThat(awaited(world.cluster, 0, web)).isInstanceOf(HealthGate.Result.Healthy.class);
    }

    @Test
    void anObjectThatFailsForGoodEndsTheWaitAtOnce() throws Exception {
        ObjectNode pod = world.object(
                "Pod",
                "seed",
                ", 'spec': {'schedulingGates': [{'name': 'test.orkestra.dev/never'}],"
                        + " 'containers': [{'name': 'main', 'image': 'ork.local/pause:1'}]}");
        world.put(pod);
        CompletableFuture<Map<ObjectKey, HealthStatus>> told = new CompletableFuture<>();
        CompletableFuture<HealthGate.Result> result =
                await(world.cluster, 120, new AtomicBoolean(), told, ApplyWorld.desired(pod));
        told.get(60, TimeUnit.SECONDS);

        status("Pod", "seed", "{'phase': 'Failed', 'message': 'out of disk'}");

        assertThat(result.get(60, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        HealthGate.Result.Failed.class,
                        failed -> assertThat(of(failed.unhealthy(), ObjectKey.of(pod))
                                        .message())
                                .contains("out of disk"));
    }

    @Test
    void passiveKindsAreNotWaitedFor() throws Exception {
        long before = world.cluster.requestCounts().values().stream()
                .mapToLong(Long::longValue)
                .sum();

        assertThat(awaited(world.cluster, 0, ApplyWorld.desired(world.object("ConfigMap", "absent", ""))))
                .isInstanceOf(HealthGate.Result.Healthy.class);

        assertThat(world.cluster.requestCounts().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(before);
    }

    @Test
    void whatMayNotBeWatchedIsNotCalledAbsent() throws Exception {
        DesiredObject web = service("web");

        HealthGate.Result result = awaited(world.cluster.as(new Identity(world.namespace, "nobody")), 3, web);

        assertThat(result)
                .isInstanceOfSatisfying(
                        HealthGate.Result.DeadlinePassed.class,
                        passed -> assertThat(of(passed.unhealthy(), web.key()).message())
                                .contains("cannot be watched")
                                .contains("forbidden"));
    }

    @Test
    void aSoakNamesWhatBreaksMeanwhile() throws Exception {
        DesiredObject web = service("web");
        giveAddress("web");
        HealthGate gate = ApplyWorld.gate(world.cluster, ApplyWorld.LABEL);
        assertThat(gate.soak(List.of(web), Instant.now().plusSeconds(1))).isEmpty();

        world.cluster.delete(world.type("v1", "Service"), world.namespace, "web", "");

        assertThat(gate.soak(List.of(web), Instant.now().plusSeconds(60)).orElseThrow())
                .containsOnlyKeys(web.key());
    }

    /** Else a night without the API server would roll a good commit back. */
    @Test
    void aSoakThatCannotSeeIsTroubleAndNotAVerdict() {
        DesiredObject web = service("web");
        HealthGate blind = ApplyWorld.gate(world.cluster.as(new Identity(world.namespace, "nobody")), ApplyWorld.LABEL);

        assertThatThrownBy(() -> blind.soak(List.of(web), Instant.now().plusSeconds(5)))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("forbidden");
    }

    private HealthGate.Result awaited(Cluster cluster, int seconds, DesiredObject... objects) throws Exception {
        return await(cluster, seconds, new AtomicBoolean(), new CompletableFuture<>(), objects)
                .get(60, TimeUnit.SECONDS);
    }

    private static CompletableFuture<HealthGate.Result> await(
            Cluster cluster,
            int seconds,
            AtomicBoolean cancelled,
            CompletableFuture<Map<ObjectKey, HealthStatus>> told,
            DesiredObject... objects) {
        HealthGate gate = ApplyWorld.gate(cluster, ApplyWorld.LABEL);
        return CompletableFuture.supplyAsync(() -> {
            try {
                return gate.await(List.of(objects), Instant.now().plusSeconds(seconds), cancelled::get, told::complete);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private DesiredObject service(String name) {
        world.put(body(name));
        return ApplyWorld.desired(body(name));
    }

    private ObjectNode body(String name) {
        return world.object(
                "Service",
                name,
                ", 'spec': {'type': 'LoadBalancer', 'allocateLoadBalancerNodePorts': false,"
                        + " 'ports': [{'port': 80}], 'selector': {'app': '" + name + "'}}");
    }

    private void giveAddress(String name) {
        status("Service", name, "{'loadBalancer': {'ingress': [{'ip': '192.0.2.1'}]}}");
    }

    private void status(String kind, String name, String status) {
        world.cluster.mergePatch(
                world.type("v1", kind),
                world.namespace,
                name,
                ApplyWorld.json("{'status': " + status + "}"),
                true,
                "apply-it");
    }

    private static HealthStatus of(Map<ObjectKey, HealthStatus> statuses, ObjectKey key) {
        return Objects.requireNonNull(statuses.get(key), () -> "nothing is said of " + key);
    }
}
