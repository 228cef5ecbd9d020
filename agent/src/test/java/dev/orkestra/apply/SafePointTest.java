package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.orkestra.desired.Hook;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.HealthStatus;
import dev.orkestra.outcome.Position;
import dev.orkestra.run.Direction;
import dev.orkestra.run.HookInstance;
import dev.orkestra.run.RunEvent;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SafePointTest {
    private static final Instant FROM = Instant.parse("2026-01-01T00:02:30Z");
    private static final ObjectKey WEB = new ObjectKey("apps", "Deployment", "shop", "web");
    private static final HookInstance MIGRATE = HookInstance.of(
            new Hook(
                    new ObjectKey("batch", "Job", "shop", "migrate"),
                    JsonNodeFactory.instance.objectNode().put("apiVersion", "batch/v1"),
                    new Wave(0, Wave.Phase.SYNC, 0),
                    Set.of(),
                    false,
                    Position.startOf("h.yaml"),
                    "sha256:h"),
            new RunSpec(
                    "orkestra",
                    "staging",
                    3,
                    "c3",
                    Trigger.SCHEDULE,
                    FROM,
                    new RunSpec.Limits(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ZERO)),
            "c3",
            Direction.FORWARD);

    private final News news = new News();
    private Instant now = FROM;

    @Test
    void isReachedWhereOnlyPlainObjectsAreNotHealthy() {
        SafePoint point = at(Optional.of(FROM));

        assertThat(point.isReached()).as("before the first look").isFalse();
        point.saw(unhealthy(WEB));
        assertThat(point.isReached()).isTrue();
        assertThat(point.isDue()).isTrue();
        assertThat(point.askedAt()).isEqualTo(FROM);
    }

    @Test
    void isNotReachedBeforeItsTimeNorWithoutANewerCommit() {
        SafePoint early = at(Optional.of(FROM.plusMillis(1)));
        SafePoint alone = at(Optional.empty());
        early.saw(unhealthy(WEB));
        alone.saw(unhealthy(WEB));

        assertThat(early.isReached()).isFalse();
        assertThat(alone.isReached()).isFalse();
        assertThat(alone.askedAt()).isEqualTo(Instant.MAX);
        now = FROM.plusMillis(1);
        assertThat(early.isReached()).isTrue();
    }

    @Test
    void isNotReachedWhileAHookAGroupAReleaseOrAWorkflowIsAtWork() {
        SafePoint point = at(Optional.of(FROM));
        List<ObjectKey> working = List.of(
                MIGRATE.key(),
                new ObjectKey("orkestra.azure.microsoft.com", "ApplicationGroup", "", "shop"),
                new ObjectKey("helm.toolkit.fluxcd.io", "HelmRelease", "shop", "web"),
                new ObjectKey("argoproj.io", "Workflow", "orkestra", "shop"));

        for (ObjectKey key : working) {
            point.saw(unhealthy(WEB, key));
            assertThat(point.isReached()).as("with %s", key).isFalse();
        }
        point.saw(unhealthy(WEB));
        assertThat(point.isReached()).isTrue();
    }

    @Test
    void newsBreaksTheWaitOffAndIsNoSafePoint() {
        SafePoint point = at(Optional.empty());

        assertThat(point.isDue()).isFalse();
        news.newer = true;
        assertThat(point.isDue()).isTrue();
        assertThat(point.isReached()).isFalse();
        news.newer = false;
        news.ends = true;
        assertThat(point.isDue()).isTrue();
    }

    private SafePoint at(Optional<Instant> from) {
        return new SafePoint(from, List.of(MIGRATE), news, () -> now);
    }

    private static Map<ObjectKey, HealthStatus> unhealthy(ObjectKey... keys) {
        Map<ObjectKey, HealthStatus> all = new TreeMap<>();
        for (ObjectKey key : keys) {
            all.put(key, HealthStatus.inProgress("starting"));
        }
        return all;
    }

    private static final class News implements Interruptions {
        private boolean newer;
        private boolean ends;

        @Override
        public boolean breakOff() {
            return ends;
        }

        @Override
        public boolean hasNewer() {
            return newer;
        }

        @Override
        public RunEvent awaitConsent() {
            throw new AssertionError("nobody is asked");
        }

        @Override
        public RunEvent awaitUntil(Instant until) {
            throw new AssertionError("nothing is waited for");
        }
    }
}
