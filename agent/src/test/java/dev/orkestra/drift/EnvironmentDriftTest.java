package dev.orkestra.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One environment, on an API server in memory that counts: what a look asks for, and what it leaves alone. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class EnvironmentDriftTest extends DriftScene {
    @Test
    void aPausedFightCostsNothingForEachWriteOfTheOther() throws Exception {
        EnvironmentDrift drift = watch(repo(), "a");
        for (int round = 1; round <= Fights.MOST + 1; round++) {
            paint("a", "red");
            drift.look();
        }
        assertThat(present().reason()).isEqualTo(Drift.Reason.Fight);
        quiet();

        for (int write = 1; write <= 50; write++) {
            paint("a", "red-" + write);
            drift.look();
        }

        assertThat(cluster.requests()).isEmpty();
        assertThat(wanted).allSatisfy(wait -> assertThat(wait).isGreaterThan(Duration.ofMinutes(4)));
        assertThat(told).hasSize(1);
        now = now.plus(Fights.FIRST_PAUSE);
        drift.look();
        assertThat(corrected).as("after the pause one more try").hasSize(Fights.MOST + 1);
    }

    @Test
    void inReportModeAnObjectThatMovesAllTheTimeIsLookedAtNowAndThen() throws Exception {
        EnvironmentDrift drift = watch(repo("drift: report"), "a");
        paint("a", "red");
        drift.look();
        assertThat(present().reason()).isEqualTo(Drift.Reason.Changed);
        quiet();

        for (int write = 1; write <= 60; write++) {
            touch("a");
            now = now.plusMillis(500);
            drift.look();
        }

        assertThat(cluster.requests())
                .as("half a minute, a look each five seconds, two requests each")
                .hasSizeBetween(8, 14);
    }

    @Test
    void aRefusalIsNotTriedAgainForEachEvent() throws Exception {
        EnvironmentDrift drift = watch(repo(), "a");
        cluster.before = request -> {
            if (request.startsWith("apply ")) {
                throw new ClusterException(ClusterException.Reason.FORBIDDEN, "no");
            }
        };
        paint("a", "red");
        drift.look();
        assertThat(present().reason()).isEqualTo(Drift.Reason.Refused);
        quiet();

        touch("a");
        assertThat(drift.look()).contains(Findings.REST);

        assertThat(cluster.requests()).isEmpty();
        assertThat(wanted).containsExactly(Findings.REST);
    }

    @Test
    void theObjectsOfANamespaceThatIsBeingDeletedAreLeftToIt() throws Exception {
        String[] names = IntStream.range(0, 200).mapToObj(i -> "m" + i).toArray(String[]::new);
        EnvironmentDrift drift = watch(repo(), names);
        cluster.edit(
                namespace(),
                "kubectl",
                terminating -> terminating.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z"));
        quiet();

        for (String name : names) {
            cluster.remove(key(name));
            drift.look();
            now = now.plusMillis(10);
        }

        assertThat(cluster.requests())
                .as("for the namespace, not for each object")
                .hasSizeLessThan(8);
        assertThat(told.size()).isLessThan(8);
        assertThat(drift.present())
                .hasSize(200)
                .allSatisfy(each -> assertThat(each.reason()).isEqualTo(Drift.Reason.BeingDeleted));
        cluster.remove(namespace());
        now = now.plusSeconds(20);
        drift.look();
        assertThat(corrected).as("once it is gone they are made again").hasSize(200);
    }

    @Test
    void theStateOfLastGoodIsNotReadForTheSameObjectAgain() throws Exception {
        EnvironmentDrift drift = watch(repo(), "a");
        paint("a", "red");
        drift.look();
        quiet();

        paint("a", "blue");
        drift.look();

        assertThat(corrected).hasSize(2);
        assertThat(cluster.requests()).containsExactly("get ConfigMap/a", "dry-run ConfigMap/a", "apply ConfigMap/a");
    }

    @Test
    void whatSomebodyMadeInBetweenIsNotTakenByForce() throws Exception {
        EnvironmentDrift drift = watch(repo(), "a");
        cluster.remove(key("a"));
        cluster.before = request -> {
            if (request.startsWith("apply ")) {
                cluster.before = any -> {};
                paint("a", "red");
            }
        };

        drift.look();

        assertThat(colour("a")).isEqualTo("red");
        assertThat(corrected).isEmpty();
        assertThat(present().reason()).isEqualTo(Drift.Reason.Refused);
    }

    @Test
    void whatAToolMadeUnderTheSameNameIsItsOwn() throws Exception {
        EnvironmentDrift drift = watch(repo(), "a");
        cluster.remove(key("a"));
        cluster.edit(key("a"), "helm", object -> object.putObject("data").put("other", "x"));
        ObjectNode made = cluster.find(key("a")).orElseThrow();

        drift.look();

        assertThat(present()).satisfies(found -> {
            assertThat(found.reason()).isEqualTo(Drift.Reason.Replaced);
            assertThat(found.message()).contains("'helm' manages it", "adoption: takeover");
        });
        assertThat(cluster.find(key("a"))).contains(made);
    }

    @Test
    void withTakeoverItIsTakenOverAsByARun() throws Exception {
        EnvironmentDrift drift = watch(repo("adoption: takeover"), "a");
        cluster.remove(key("a"));
        paint("a", "red");

        drift.look();

        assertThat(colour("a")).isEqualTo("green");
        assertThat(corrected).hasSize(1);
    }

    @Test
    void whatSpecAllowDoesNotNameIsToldAndNotWritten() throws Exception {
        EnvironmentDrift drift = watch(repo("allow: {kinds: [{group: \"\", kind: Secret}]}"), "a");
        paint("a", "red");

        drift.look();

        assertThat(colour("a")).isEqualTo("red");
        assertThat(present()).satisfies(found -> {
            assertThat(found.reason()).isEqualTo(Drift.Reason.Refused);
            assertThat(found.message()).contains("spec.allow");
        });
    }

    @Test
    void whileARunHasChangedNothingDriftIsToldAndNothingIsWritten() throws Exception {
        EnvironmentDrift drift = watch(repo(), "a", "b");
        drift.hold();
        quiet();
        paint("a", "red");
        cluster.remove(key("b"));
        cluster.apply(cluster.resourceType("v1", "ConfigMap"), body(repo(), "b"), OURS);
        cluster.requests();

        drift.look();

        assertThat(drift.present())
                .singleElement()
                .returns("a", each -> each.object().name());
        assertThat(cluster.requests())
                .allSatisfy(
                        request -> assertThat(request).doesNotStartWith("apply").doesNotStartWith("replace"));
        drift.settled(environment);
        drift.look();
        assertThat(corrected).singleElement().returns("a", each -> each.object().name());
    }

    @Test
    void whatMayNotBeWatchedIsSaidWheneverThatChangesAndClearsWhenItIsPutRight() throws Exception {
        EnvironmentDrift drift = watch(repo("drift: report"), "a");
        cluster.blind = Set.of("ConfigMap");
        now = now.plusSeconds(2);
        paint("a", "red");
        drift.look();
        assertThat(unwatched).containsExactly("ConfigMap in namespace shop: cannot watch ConfigMap");
        assertThat(present().reason()).isEqualTo(Drift.Reason.Changed);

        cluster.apply(cluster.resourceType("v1", "ConfigMap"), body(repo(), "a"), OURS.forced());
        now = now.plusSeconds(61);
        drift.look();

        assertThat(drift.present()).isEmpty();
        assertThat(told.getLast()).isEmpty();
    }

    @Test
    void aLookEndsBetweenTwoObjectsWhenARunWantsToBegin() throws Exception {
        String[] names = IntStream.range(0, 100).mapToObj(i -> "m" + i).toArray(String[]::new);
        EnvironmentDrift drift = watch(repo(), names);
        for (String name : names) {
            paint(name, "red");
        }
        CountDownLatch under = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        cluster.before = request -> {
            if (request.startsWith("dry-run ")) {
                under.countDown();
                await(go);
            }
        };
        Thread look = Thread.ofVirtual().start(() -> {
            try {
                drift.look();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        await(under);
        Thread run = Thread.ofVirtual().start(drift::pause);
        while (run.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        go.countDown();
        run.join();
        look.join();

        assertThat(corrected.size()).as("those that were under way").isBetween(1, 16);
    }

    /** Else drift stays off until the ConfigRepo is looked at the next time, which may be an hour. */
    @Test
    void whatFoundNoRoomBesideALookIsAskedForAgainWhenTheLookEnds() throws Exception {
        EnvironmentDrift drift = watch(repo(), "a");
        mayBeOutdated = true;
        drift.hold();
        paint("a", "red");
        CountDownLatch under = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        cluster.before = request -> {
            under.countDown();
            await(go);
        };
        Thread look = Thread.ofVirtual().start(() -> {
            try {
                drift.look();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        await(under);

        boolean known = drift.settled(environment);
        go.countDown();
        look.join();

        assertThat(known).isFalse();
        assertThat(outdated).hasValue(1);
        assertThat(drift.settled(environment)).isTrue();
        drift.look();
        assertThat(outdated).hasValue(1);
        assertThat(corrected).hasSize(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
