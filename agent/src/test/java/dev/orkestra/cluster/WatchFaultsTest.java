package dev.orkestra.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a watch does when the server says what a healthy one seldom says. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WatchFaultsTest {
    private static final ResourceType THINGS = new ResourceType("orkestra.test", "v1", "Thing", "things", true);
    private static final String EXPIRED =
            "{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\",\"message\":\"too old resource version\"}";

    @TempDir
    Path folder;

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    private static String thing(String name, String uid, int version) {
        return "{\"metadata\":{\"namespace\":\"n\",\"name\":\"%s\",\"uid\":\"%s\",\"resourceVersion\":\"%d\"}}"
                .formatted(name, uid, version);
    }

    private static String list(int version, String... things) {
        return "{\"metadata\":{\"resourceVersion\":\"%d\"},\"items\":[%s]}"
                .formatted(version, String.join(",", things));
    }

    private static String event(String type, String object) {
        return "{\"type\":\"" + type + "\",\"object\":" + object + "}\n";
    }

    private WatchCache watch(KubeCluster cluster) {
        return cluster.watch(
                THINGS,
                "n",
                "",
                (change, thing) -> told.add(
                        change + " " + thing.path("metadata").path("name").asText() + "/"
                                + thing.path("metadata").path("uid").asText()));
    }

    private static List<String> next(BlockingQueue<String> queue, int count) throws InterruptedException {
        List<String> next = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            next.add(String.valueOf(queue.poll(20, TimeUnit.SECONDS)));
        }
        return next;
    }

    @Test
    void listsAnewWhenItsPlaceIsForgottenAndTellsWhatWentAwayMeanwhile() throws Exception {
        try (ScriptedServer server = new ScriptedServer()
                        .says(200, list(10, thing("a", "1", 5), thing("b", "2", 6), thing("c", "3", 7)))
                        .says(200, event("ERROR", EXPIRED))
                        .says(200, list(20, thing("a", "1", 5), thing("b", "9", 15)));
                KubeCluster cluster = server.connect(folder);
                WatchCache cache = watch(cluster)) {
            assertThat(next(told, 3)).containsExactlyInAnyOrder("PRESENT a/1", "PRESENT b/2", "PRESENT c/3");
            assertThat(next(told, 3))
                    .as("a is unchanged; b is another object of the same name; c is gone")
                    .containsExactlyInAnyOrder("DELETED c/3", "DELETED b/2", "PRESENT b/9")
                    .containsSubsequence("DELETED b/2", "PRESENT b/9");
            assertThat(next(server.asked(), 4))
                    .satisfiesExactly(
                            first -> assertThat(first).contains("limit=500").doesNotContain("watch"),
                            second -> assertThat(second).contains("watch=true").contains("resourceVersion=10"),
                            third -> assertThat(third).contains("limit=500"),
                            fourth -> assertThat(fourth).contains("watch=true").contains("resourceVersion=20"));
            assertThat(cache.all()).hasSize(2);
            assertThat(told).isEmpty();
        }
    }

    @Test
    void listsAnewWhenTheWatchRequestItselfIsRefusedAsTooOld() throws Exception {
        try (ScriptedServer server = new ScriptedServer()
                        .says(200, list(10, thing("a", "1", 5)))
                        .says(410, EXPIRED)
                        .says(200, list(20, thing("b", "2", 15)));
                KubeCluster cluster = server.connect(folder);
                WatchCache _ = watch(cluster)) {
            assertThat(next(told, 3)).containsExactly("PRESENT a/1", "DELETED a/1", "PRESENT b/2");
        }
    }

    @Test
    void goesOnFromTheLastBookmarkAfterALineThatBrokeOff() throws Exception {
        try (ScriptedServer server = new ScriptedServer()
                        .says(200, list(10, thing("a", "1", 5)))
                        .says(
                                200,
                                event("MODIFIED", thing("a", "1", 11))
                                        + event("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"17\"}}")
                                        + "{\"type\":\"MODIFIED\",\"object\":{\"data\":\"canary")
                        .saysAndStaysOpen(event("MODIFIED", thing("a", "1", 18)));
                KubeCluster cluster = server.connect(folder);
                WatchCache cache = watch(cluster)) {
            assertThat(next(told, 3)).containsExactly("PRESENT a/1", "PRESENT a/1", "PRESENT a/1");
            assertThat(next(server.asked(), 3).getLast())
                    .contains("watch=true")
                    .contains("resourceVersion=17")
                    .contains("allowWatchBookmarks=true");
            assertThat(cache.trouble()).isEmpty();
        }
    }

    @Test
    void quotesNothingOfWhatItCouldNotRead() throws Exception {
        String half = "{\"type\":\"MODIFIED\",\"object\":{\"data\":\"canary";
        try (ScriptedServer server = new ScriptedServer()
                        .says(200, list(10))
                        .says(200, half)
                        .says(500, "canary")
                        .says(200, list(11, "canary"));
                KubeCluster cluster = server.connect(folder);
                WatchCache cache = watch(cluster)) {
            assertThat(next(server.asked(), 4)).doesNotContain("null");
            assertThat(cache.trouble())
                    .hasValueSatisfying(e -> assertThat(e.getMessage()).doesNotContain("canary"));
        }
    }

    @Test
    void listsAnewWhenTheServerIsBehindItsOwnPast() throws Exception {
        String ahead = "{\"kind\":\"Status\",\"code\":504,\"reason\":\"Timeout\","
                + "\"message\":\"Timeout: Too large resource version: 10, current: 3\"}";
        try (ScriptedServer server = new ScriptedServer()
                        .says(200, list(10, thing("a", "1", 5)))
                        .says(504, ahead)
                        .says(504, ahead)
                        .says(200, list(3));
                KubeCluster cluster = server.connect(folder);
                WatchCache _ = watch(cluster)) {
            assertThat(next(told, 2)).containsExactly("PRESENT a/1", "DELETED a/1");
        }
    }

    @Test
    void aListenerThatThrowsDoesNotMakeTheCacheBlind() throws Exception {
        try (ScriptedServer server = new ScriptedServer()
                        .says(200, list(10, thing("a", "1", 5)))
                        .saysAndStaysOpen(event("ADDED", thing("b", "2", 11)));
                KubeCluster cluster = server.connect(folder);
                WatchCache cache = cluster.watch(THINGS, "n", "", (_, thing) -> {
                    told.add(thing.path("metadata").path("name").asText());
                    throw new IllegalStateException("on purpose");
                })) {
            assertThat(next(told, 2)).containsExactly("a", "b");
            assertThat(cache.awaitSynced(Duration.ofSeconds(20))).isTrue();
            assertThat(cache.get("n", "b")).isPresent();
        }
    }

    @Test
    void beginsAListAgainWhoseLaterPagesWereForgotten() throws Exception {
        String firstPage = "{\"metadata\":{\"resourceVersion\":\"10\",\"continue\":\"next\"},\"items\":["
                + thing("a", "1", 5) + "]}";
        try (ScriptedServer server = new ScriptedServer()
                        .says(200, firstPage)
                        .says(410, EXPIRED)
                        .says(200, firstPage)
                        .says(200, list(10, thing("b", "2", 6)));
                KubeCluster cluster = server.connect(folder)) {
            assertThat(cluster.list(THINGS, "n", ""))
                    .extracting(thing -> thing.path("metadata").path("name").asText())
                    .containsExactly("a", "b");
        }
    }
}
