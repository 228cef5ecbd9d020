package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.web.BadServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** While a group with a chart or a repository that wants to do harm is there, the others are as quick as ever. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileGroupsIT {
    private static final String WORLD = "checks-hostile";
    /** A bound far under the 10 s that a download may take here: nobody has waited for the bad one. */
    private static final Duration SOON = Duration.ofSeconds(6);

    private GroupWorld world;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        world = new GroupWorld(folder, WORLD, settings -> settings);
        Bookinfo.publish(world.charts);
    }

    @AfterAll
    void end() {
        world.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    bomb | too large: at most 10000 files
                    link | a link or a device
                    path | not below its folder
                    """)
    void aChartThatWantsToDoHarmHoldsUpNoOtherGroup(String chart, String why) throws Exception {
        world.charts.publish(
                chart,
                "1.0.0",
                switch (chart) {
                    case "bomb" -> HostileArchives.zeros(10L << 30);
                    case "link" -> archive("bad/values.yaml", TarConstants.LF_SYMLINK);
                    default -> archive("bad/../../../etc/passwd", TarConstants.LF_NORMAL);
                });
        ObjectNode bad = world.group(WORLD + "-" + chart, false, world.application(chart, "", ""));
        readyInTime(WORLD + "-beside-" + chart);
        assertPullFailed(bad, why);
        // It is tried again, later and later.
        readyInTime(WORLD + "-after-" + chart);
        world.delete(GroupWorld.name(bad));
        world.awaitGroupGone(GroupWorld.name(bad));
    }

    @Test
    void aRepositoryThatAnswersOneByteASecondHoldsUpNoOtherGroup() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (BadServer slow = new BadServer((out, closed) -> {
            asked.countDown();
            BadServer.drips(Duration.ofSeconds(1)).on(out, closed);
        })) {
            ObjectNode bad = world.group(
                    WORLD + "-slow",
                    false,
                    world.application("podinfo", "", "").replace(world.charts.url(), slow.url()));
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            readyInTime(WORLD + "-beside-slow");
            assertThat(GroupStatus.readyReason(world.stored(GroupWorld.name(bad))))
                    .as("it is still being downloaded")
                    .isEqualTo("Progressing");
            assertPullFailed(bad, "did not answer in full within 10 s");
            readyInTime(WORLD + "-after-slow");
            world.delete(GroupWorld.name(bad));
            world.awaitGroupGone(GroupWorld.name(bad));
        }
    }

    private static byte[] archive(String name, byte kind) throws IOException {
        return HostileArchives.tgz(tar -> HostileArchives.entry(tar, name, kind, new byte[0]));
    }

    private void readyInTime(String name) {
        long begin = System.nanoTime();
        world.succeeded(name, world.application("podinfo", "", ""));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
    }

    private void assertPullFailed(ObjectNode bad, String why) {
        ObjectNode refused = world.awaitReady(bad, "False", "ChartPullFailed");
        assertThat(GroupWorld.message(refused, "Ready"))
                .startsWith("failed to pull application chart ")
                .contains(why);
        assertThat(refused.at("/status/applications/0/error").asText()).contains(why);
        assertThat(world.workflow(WorkflowType.FORWARD, GroupWorld.name(bad))).isEmpty();
    }
}
