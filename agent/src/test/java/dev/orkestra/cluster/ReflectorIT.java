package dev.orkestra.cluster;

import static dev.orkestra.cluster.TestCluster.MANAGER;
import static dev.orkestra.cluster.TestCluster.NAMESPACE;
import static dev.orkestra.cluster.TestCluster.configMap;
import static dev.orkestra.cluster.TestCluster.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReflectorIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String LABEL = "reflector-it";

    private static KubeCluster cluster;
    private static ResourceType configMaps;

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @TempDir
    Path folder;

    @BeforeAll
    static void connect() {
        cluster = TestCluster.admin();
        configMaps = cluster.resourceType("v1", "ConfigMap");
        TestCluster.namespace(cluster);
    }

    @AfterAll
    static void disconnect() {
        cluster.close();
    }

    @AfterEach
    void removeOwnObjects() {
        cluster.list(configMaps, NAMESPACE, LABEL).forEach(map -> delete(nameOf(map)));
    }

    private static String nameOf(ObjectNode object) {
        return object.path("metadata").path("name").asText();
    }

    private static void put(String name, String colour) {
        ObjectNode map = configMap(name, "colour", colour);
        map.withObject("/metadata").putObject("labels").put(LABEL, "yes");
        cluster.apply(configMaps, map, ApplyOptions.of(MANAGER));
    }

    private static void delete(String name) {
        cluster.delete(configMaps, NAMESPACE, name, "");
    }

    private WatchCache watch(Cluster through) throws InterruptedException {
        WatchCache cache = through.watch(configMaps, NAMESPACE, LABEL, this::tell);
        assertThat(cache.awaitSynced(SOON)).isTrue();
        return cache;
    }

    private void tell(WatchListener.Change change, ObjectNode map) {
        told.add(change + " " + nameOf(map) + " "
                + map.path("data").path("colour").asText());
    }

    private List<String> next(int count) throws InterruptedException {
        List<String> next = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            next.add(String.valueOf(told.poll(SOON.toSeconds(), TimeUnit.SECONDS)));
        }
        return next;
    }

    @Test
    void tellsWhatIsThereAndThenEachChangeInOrder() throws Exception {
        put("first", "green");
        try (WatchCache cache = watch(cluster)) {
            assertThat(next(1)).containsExactly("PRESENT first green");
            put("second", "blue");
            put("first", "red");
            delete("first");
            assertThat(next(3)).containsExactly("PRESENT second blue", "PRESENT first red", "DELETED first red");

            assertThat(cache.get(NAMESPACE, "first")).isEmpty();
            assertThat(cache.all()).singleElement().satisfies(map -> {
                assertThat(nameOf(map)).isEqualTo("second");
                assertThat(map.path("kind").asText()).isEqualTo("ConfigMap");
            });
            assertThat(cache.trouble()).isEmpty();
        }
    }

    @Test
    void isSilentAfterItWasClosed() throws Exception {
        WatchCache closed = watch(cluster);
        try (WatchCache other = cluster.watch(configMaps, NAMESPACE, LABEL, (_, map) -> told.add(nameOf(map)))) {
            assertThat(other.awaitSynced(SOON)).isTrue();
            closed.close();
            put("late", "green");
            assertThat(next(1)).containsExactly("late");
        }
        assertThat(told).isEmpty();
    }

    @Test
    void keepsOnlyWhatTheProjectionLeaves() throws Exception {
        put("big", "green");
        try (WatchCache cache = cluster.watch(
                configMaps,
                NAMESPACE,
                LABEL,
                map -> {
                    map.remove("data");
                    return map;
                },
                this::tell)) {
            assertThat(cache.awaitSynced(SOON)).isTrue();
            assertThat(next(1)).containsExactly("PRESENT big ");
            assertThat(cache.get(NAMESPACE, "big"))
                    .hasValueSatisfying(map -> assertThat(map.has("data")).isFalse());
        }
    }

    @Test
    void goesOnAfterTheApiServerWasAway() throws Exception {
        put("stays", "green");
        put("goes", "green");
        try (TcpProxy proxy = TestCluster.proxy();
                KubeCluster through = TestCluster.through(proxy, folder, Settings.standard());
                WatchCache cache = watch(through)) {
            assertThat(next(2)).containsExactlyInAnyOrder("PRESENT stays green", "PRESENT goes green");

            proxy.goAway();
            delete("goes");
            put("comes", "green");
            put("stays", "red");
            proxy.comeBack();

            assertThat(next(3))
                    .containsExactlyInAnyOrder("DELETED goes green", "PRESENT comes green", "PRESENT stays red");
            assertThat(cache.trouble()).isEmpty();
            Set<String> names = new TreeSet<>();
            cache.all().forEach(map -> names.add(nameOf(map)));
            assertThat(names).containsExactly("comes", "stays");
        }
    }

    @Test
    void noticesAConnectionThatIsOpenButDead() throws Exception {
        Settings settings = Settings.standard().withPingInterval(Duration.ofMillis(500));
        try (TcpProxy proxy = TestCluster.proxy();
                KubeCluster through = TestCluster.through(proxy, folder, settings);
                WatchCache cache = watch(through)) {
            put("before", "green");
            assertThat(next(1)).containsExactly("PRESENT before green");

            proxy.goSilent();
            put("after", "green");

            assertThat(next(1)).containsExactly("PRESENT after green");
            assertThat(cache.silence()).isLessThan(SOON);
        }
    }

    @Test
    void opensAWatchThatReachedItsTimeAnewWithoutTellingAnythingTwice() throws Exception {
        Settings settings = Settings.standard().withWatchTime(Duration.ofSeconds(1));
        try (TcpProxy proxy = TestCluster.proxy();
                KubeCluster through = TestCluster.through(proxy, folder, settings);
                WatchCache cache = watch(through)) {
            put("one", "green");
            assertThat(next(1)).containsExactly("PRESENT one green");
            long watches = 0;
            for (int i = 0; watches < 3; i++) {
                put("one", "shade " + i);
                assertThat(next(1)).containsExactly("PRESENT one shade " + i);
                watches = through.requestCounts().getOrDefault(new RequestKind(Verb.WATCH, 200), 0L);
            }
            assertThat(through.requestCounts()).containsEntry(new RequestKind(Verb.LIST, 200), 1L);
            assertThat(cache.trouble()).isEmpty();
        }
    }

    @Test
    void saysThatItMayNotReadAndBeginsWhenItMay() throws Exception {
        Cluster tenant = cluster.as(new Identity(NAMESPACE, "reflector-it"));
        ResourceType roles = cluster.resourceType("rbac.authorization.k8s.io/v1", "Role");
        ResourceType bindings = cluster.resourceType("rbac.authorization.k8s.io/v1", "RoleBinding");
        put("private", "green");
        try (WatchCache cache = tenant.watch(configMaps, NAMESPACE, LABEL, this::tell)) {
            assertThat(cache.awaitSynced(Duration.ofMillis(500))).isFalse();
            assertThat(cache.trouble())
                    .hasValueSatisfying(e -> assertThat(e.reason()).isEqualTo(Reason.FORBIDDEN));

            cluster.apply(roles, reader(), ApplyOptions.of(MANAGER));
            cluster.apply(bindings, binding(), ApplyOptions.of(MANAGER));

            assertThat(next(1)).containsExactly("PRESENT private green");
        } finally {
            cluster.delete(bindings, NAMESPACE, "reflector-it", "");
            cluster.delete(roles, NAMESPACE, "reflector-it", "");
        }
    }

    private static ObjectNode reader() {
        ObjectNode role = object("rbac.authorization.k8s.io/v1", "Role", NAMESPACE, "reflector-it");
        ObjectNode rule = role.putArray("rules").addObject();
        rule.putArray("apiGroups").add("");
        rule.putArray("resources").add("configmaps");
        rule.putArray("verbs").add("list").add("watch");
        return role;
    }

    private static ObjectNode binding() {
        ObjectNode binding = object("rbac.authorization.k8s.io/v1", "RoleBinding", NAMESPACE, "reflector-it");
        binding.putObject("roleRef")
                .put("apiGroup", "rbac.authorization.k8s.io")
                .put("kind", "Role")
                .put("name", "reflector-it");
        binding.putArray("subjects")
                .addObject()
                .put("kind", "ServiceAccount")
                .put("namespace", NAMESPACE)
                .put("name", "reflector-it");
        return binding;
    }
}
