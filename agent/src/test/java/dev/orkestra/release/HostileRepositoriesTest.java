package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.chart.Charts;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Groups;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.web.Access;
import dev.orkestra.web.BadServer;
import dev.orkestra.web.Login;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Repositories that want to do harm: each is a finding of its own applications, and the others are staged. */
class HostileRepositoriesTest {
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    private static final String SECRET = "s3cr3t";

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private Charts good;
    private ChartStore store;

    @BeforeEach
    void open() throws IOException {
        good = new Charts().publish(Charts.simple("good", "1.0.0"));
        store = ChartStore.open(folder, DEADLINE);
        open.add(good);
        open.add(store);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private BadServer bad(BadServer.Fault fault) throws IOException {
        BadServer server = new BadServer(fault);
        open.add(server);
        return server;
    }

    private static String application(String name, String url, String chart) {
        return "{name: " + name + ", spec: {chart: {url: \"" + url + "\", name: " + chart
                + ", version: 1.0.0}, release: {targetNamespace: ns}}}";
    }

    private ChartStore.Staging stage(List<String> applications) throws Exception {
        return stage(applications, ChartLogins.NONE);
    }

    private ChartStore.Staging stage(List<String> applications, ChartLogins logins) throws Exception {
        List<String> all = new ArrayList<>(applications);
        all.add(application("good", good.url(), "good"));
        ChartStore.Staging staging = store.stage(
                ApplicationGroup.of("g", Groups.json("{applications: [" + String.join(", ", all) + "]}")), logins);
        assertThat(staging.charts().applications()).containsOnlyKeys("good");
        assertThat(staging.failures()).hasSize(applications.size());
        return staging;
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    @Test
    void aRepositoryThatSendsByteByByteEndsAtTheDeadlineOfTheWholeDownload() throws Exception {
        long begin = System.nanoTime();
        for (BadServer.Fault fault : List.of(BadServer.DRIPS, BadServer.DRIPS_HEADERS, BadServer.HANGS)) {
            String url = bad(fault).url();
            assertThat(stage(List.of(application("bad", url, "web"))).failures().toString())
                    .contains("did not answer in full within 1 s");
        }
        assertThat(since(begin)).isLessThan(Duration.ofSeconds(3 * 3));
    }

    @Test
    void fiftyChartsOfASlowRepositoryCostOneDeadline() throws Exception {
        String url = bad(BadServer.DRIPS).url();
        long begin = System.nanoTime();
        ChartStore.Staging staging = stage(IntStream.range(0, 50)
                .mapToObj(i -> application("bad-" + i, url + "/" + i, "web"))
                .toList());
        assertThat(since(begin)).isLessThan(Duration.ofSeconds(4));
        assertThat(staging.failures().values()).allMatch(each -> each.message().contains("did not answer in full"));
    }

    @Test
    void manySlowRepositoriesEndWithThePass() throws Exception {
        List<String> applications = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            applications.add(application("bad-" + i, bad(BadServer.DRIPS).url(), "web"));
        }
        long begin = System.nanoTime();
        List<String> all = new ArrayList<>(applications);
        all.addFirst(application("good", good.url(), "good"));
        ChartStore.Staging staging = store.stage(
                ApplicationGroup.of("g", Groups.json("{applications: [" + String.join(", ", all) + "]}")),
                ChartLogins.NONE);
        assertThat(since(begin)).as("five deadlines").isLessThan(Duration.ofSeconds(8));
        assertThat(staging.charts().applications()).containsOnlyKeys("good");
    }

    /** What the bound is for the other groups: 4 workers, one of which may wait for a repository that was slow lately. */
    @Test
    void aRepositoryThatWasSlowHoldsUpOneOfManyGroupsAtATime() throws Exception {
        String url = bad(BadServer.DRIPS).url();
        List<String> applications = List.of(application("bad", url, "web"));
        stage(applications);
        List<CompletableFuture<Duration>> passes = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < 8; i++) {
            CompletableFuture<Duration> pass = new CompletableFuture<>();
            passes.add(pass);
            Thread.ofVirtual().start(() -> {
                try {
                    stage(applications);
                    pass.complete(since(begin));
                } catch (Exception | AssertionError e) {
                    pass.completeExceptionally(e);
                }
            });
        }
        List<Duration> times = new ArrayList<>();
        for (CompletableFuture<Duration> pass : passes) {
            times.add(pass.get(20, TimeUnit.SECONDS));
        }
        assertThat(times.stream().filter(time -> time.compareTo(DEADLINE) >= 0))
                .as("those that waited: %s", times)
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void anIndexWithoutEndStopsAtTheBound() throws Exception {
        try (ChartStore patient = ChartStore.open(folder.resolve("patient"), Duration.ofSeconds(30))) {
            store.close();
            store = patient;
            String url = bad(BadServer.endless("HTTP/1.1 200 OK\r\n\r\n", "# nothing\n".repeat(10_000)))
                    .url();
            assertThat(stage(List.of(application("bad", url, "web"))).failures().toString())
                    .contains("index.yaml is larger than 8 MiB");
        }
    }

    @Test
    void anIndexWith100000EntriesIsReadOrRefusedWithItsBound() throws Exception {
        try (ChartStore patient = ChartStore.open(folder.resolve("patient"), Duration.ofSeconds(60));
                Charts large = new Charts()) {
            store.close();
            store = patient;
            StringBuilder index = new StringBuilder("entries:\n");
            for (int i = 0; i < 100_000; i++) {
                index.append(String.format(Locale.ROOT, " c%d: [{version: 1.0.0, urls: [c%d.tgz]}]\n", i, i));
            }
            large.put("/index.yaml", index.toString());
            assertThat(stage(List.of(application("bad", large.url(), "c1")))
                            .failures()
                            .toString())
                    .contains("index.yaml of the repository is too large", "500000 keys and values");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"file:///etc/passwd", "jar:file:///x!/y", "ftp://a.test/x", "http://u:p@a.test/x", "gopher://a"})
    void redirectsToWhatIsNoWebServerAreNotFollowed(String target) throws Exception {
        String url = bad(BadServer.says("HTTP/1.1 302 Found\r\nLocation: " + target + "\r\nContent-Length: 0\r\n\r\n"))
                .url();
        assertThat(stage(List.of(application("bad", url, "web"))).failures().toString())
                .contains("redirects to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "../../../../etc/passwd", "ftp://a.test/x", "http://[", "//"})
    void anIndexThatNamesWhatIsNoWebAddressIsRefused(String address) throws Exception {
        Charts bad = new Charts();
        open.add(bad);
        bad.put("/index.yaml", "entries: {web: [{version: 1.0.0, urls: ['" + address + "']}]}");
        assertThat(stage(List.of(application("bad", bad.url(), "web")))
                        .failures()
                        .toString())
                .containsAnyOf(
                        "names an address that is no",
                        "names an address that is not http",
                        "is in the index but not in the repository");
    }

    @Test
    void credentialsDoNotFollowARedirectNorAnIndexToAnotherHost() throws Exception {
        Charts thief = new Charts();
        open.add(thief);
        thief.authorization = "Basic " + "nothing is right";
        Access access = Access.of(new Login.Basic("ann", SECRET));
        ChartLogins logins = chart -> Outcome.done(chart.name().equals("good") ? Access.OPEN : access);

        String redirecting = bad(BadServer.says(
                        "HTTP/1.1 302 Found\r\nLocation: " + thief.url() + "/x\r\nContent-Length: 0\r\n\r\n"))
                .url();
        Charts naming = new Charts();
        open.add(naming);
        naming.put(
                "/index.yaml",
                "entries: {web: [{version: 1.0.0, digest: "
                        + CanonicalJson.digest(new byte[0]).substring(7) + ", urls: ['" + thief.url() + "/y']}]}");
        ChartStore.Staging staging =
                stage(List.of(application("a", redirecting, "web"), application("b", naming.url(), "web")), logins);
        assertThat(staging.failures().toString()).doesNotContain(SECRET);
        assertThat(thief.given).hasSize(2).containsOnly("null");
    }
}
