package dev.orkestra.health;

import static dev.orkestra.health.HealthCases.parse;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.HealthStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyFailuresTest {
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
    private static final ObjectKey WEB = new ObjectKey("apps", "Deployment", "shop", "web");
    private static final ObjectKey DATABASE = new ObjectKey("apps", "StatefulSet", "shop", "db");
    private static final HealthStatus WAITING = HealthStatus.inProgress("0 of 1 replicas available");
    private static final String NOT_FOUND = "failed to pull and unpack image \\\"web:9\\\": web:9: not found";
    private static final String AWAY = "dial tcp 192.0.2.1:443: i/o timeout";

    private final EarlyFailures early = new EarlyFailures(EarlyFailures.Limits.DEFAULT, START);

    @Test
    void anImageNameThatIsNoneFailsAtOnceInThePodsWords() {
        HealthStatus web = at(0, waiting("InvalidImageName", "couldn't parse it", 0));

        assertThat(web)
                .isEqualTo(HealthStatus.failed("Pod web-1: Container main: InvalidImageName: couldn't parse it"));
    }

    /** One pipeline pushes image and commit, and the image may come second. */
    @Test
    void anImageThatTheRegistryDoesNotHaveFailsWhenItIsStillNotThereAfterAWhile() {
        HealthStatus first = at(0, waiting("ErrImagePull", NOT_FOUND, 0));
        assertThat(first.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(first.message())
                .startsWith("0 of 1 replicas available. Pod web-1: Container main: ErrImagePull: failed to pull");
        assertThat(early.next()).hasValue(START.plusSeconds(45));

        assertThat(at(44, waiting("ImagePullBackOff", "Back-off pulling image \\\"web:9\\\"", 0))
                        .state())
                .isEqualTo(State.IN_PROGRESS);
        assertThat(at(45, waiting("ErrImagePull", NOT_FOUND, 0)).state()).isEqualTo(State.FAILED);
    }

    @Test
    void theWaitBeginsAnewWhenTheRegistryComesBackAndSaysNo() {
        at(0, waiting("ErrImagePull", AWAY, 0));

        assertThat(at(100, waiting("ErrImagePull", NOT_FOUND, 0)).state()).isEqualTo(State.IN_PROGRESS);
        assertThat(early.next()).hasValue(START.plusSeconds(145));
    }

    @Test
    void aRegistryThatIsAwayIsTheEnvironmentsTroubleHoweverLongItTakes() {
        at(0, waiting("ErrImagePull", AWAY, 0));
        HealthStatus later = at(3_600, waiting("ImagePullBackOff", "Back-off pulling image \\\"web:9\\\"", 0));

        assertThat(later.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(later.environment()).isTrue();
        assertThat(early.next()).isEmpty();
    }

    /** Else a night without the registry would quarantine a good commit. */
    @Test
    void aProgressDeadlineThatPassesWithoutTheRegistryIsNoFailure() {
        HealthStatus late = HealthStatus.failed("Progress deadline exceeded");

        HealthStatus away = judged(0, Map.of(WEB, late), Map.of(WEB, List.of(waiting("ErrImagePull", AWAY, 0))));
        assertThat(away.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(away.environment()).isTrue();

        HealthStatus broken =
                judged(0, Map.of(WEB, late), Map.of(WEB, List.of(waiting("CrashLoopBackOff", "back-off", 1))));
        assertThat(broken.state()).isEqualTo(State.FAILED);
        assertThat(broken.message())
                .isEqualTo("Progress deadline exceeded. Pod web-1: Container main: CrashLoopBackOff: back-off");
    }

    @Test
    void aCrashLoopFailsAfterThreeRestarts() {
        assertThat(at(20, waiting("CrashLoopBackOff", "back-off 20s", 2)).state())
                .isEqualTo(State.IN_PROGRESS);

        HealthStatus over = at(50, waiting("CrashLoopBackOff", "back-off 40s", 3));
        assertThat(over.state()).isEqualTo(State.FAILED);
        assertThat(over.message()).endsWith("CrashLoopBackOff: back-off 40s, after 3 restarts");
    }

    /** What it misses may be the database that starts beside it. */
    @Test
    void aCrashLoopIsGivenMoreTimeWhileOthersOfTheWaveStart() {
        Map<ObjectKey, HealthStatus> both = Map.of(WEB, WAITING, DATABASE, WAITING);

        assertThat(judged(50, both, Map.of(WEB, List.of(waiting("CrashLoopBackOff", "", 4))))
                        .state())
                .isEqualTo(State.IN_PROGRESS);
        assertThat(judged(200, both, Map.of(WEB, List.of(waiting("CrashLoopBackOff", "", 5))))
                        .state())
                .isEqualTo(State.FAILED);
    }

    @Test
    void restartsFromBeforeTheRunAreNotItsFaultEvenIfTheContainerRunsBetween() {
        assertThat(at(0, older("CrashLoopBackOff", 40)).state()).isEqualTo(State.IN_PROGRESS);
        ObjectNode runs = older("", 40);
        assertThat(at(10, runs)).isEqualTo(WAITING);
        assertThat(at(60, older("CrashLoopBackOff", 42)).state()).isEqualTo(State.IN_PROGRESS);
        assertThat(at(90, older("CrashLoopBackOff", 43)).state()).isEqualTo(State.FAILED);
    }

    /** Then the template works somewhere, and the trouble is that of a node. */
    @Test
    void nothingIsGivenUpOfWhichOnePodIsReady() {
        ObjectNode ready = parse("{kind: 'Pod', metadata: {name: 'web-2', uid: 'u2'}, status: {phase: 'Running',"
                + " conditions: [{type: 'Ready', status: 'True'}]}}");

        HealthStatus web =
                judged(500, Map.of(WEB, WAITING), Map.of(WEB, List.of(waiting("InvalidImageName", "", 9), ready)));
        assertThat(web).isEqualTo(WAITING);
    }

    /** Its backoffLimit says how many tries it has. */
    @Test
    void aJobCountsItsOwnCrashesButNotImagesThatNeverCome() {
        ObjectKey job = new ObjectKey("batch", "Job", "shop", "migrate");

        assertThat(judged(500, Map.of(job, WAITING), Map.of(job, List.of(waiting("CrashLoopBackOff", "", 5))))
                        .state())
                .isEqualTo(State.IN_PROGRESS);
        assertThat(judged(500, Map.of(job, WAITING), Map.of(job, List.of(waiting("ErrImageNeverPull", "", 0))))
                        .state())
                .isEqualTo(State.FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CreateContainerConfigError", "CreateContainerError"})
    void aContainerThatCannotBeMadeFailsAfterTwoMinutesForASecretMayComeLate(String reason) {
        at(0, waiting(reason, "secret \\\"db\\\" not found", 0));

        assertThat(at(119, waiting(reason, "secret \\\"db\\\" not found", 0)).state())
                .isEqualTo(State.IN_PROGRESS);
        assertThat(at(120, waiting(reason, "secret \\\"db\\\" not found", 0)).state())
                .isEqualTo(State.FAILED);
    }

    @Test
    void troubleThatWentAwayIsForgotten() {
        at(0, waiting("CreateContainerConfigError", "secret not found", 0));
        at(60, waiting("ContainerCreating", "", 0));

        assertThat(at(130, waiting("CreateContainerConfigError", "secret not found", 0))
                        .state())
                .isEqualTo(State.IN_PROGRESS);
    }

    @Test
    void aPodWithoutANodeIsOnlyTold() {
        ObjectNode pod = parse(
                "{kind: 'Pod', metadata: {name: 'web-1', uid: 'u'}, status: {phase: 'Pending', conditions:"
                        + " [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes'}]}}");

        HealthStatus web = at(3_600, pod);
        assertThat(web.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(web.message()).endsWith("Pod web-1: Pod can't be scheduled: Unschedulable: 0/1 nodes");
    }

    private HealthStatus at(int seconds, ObjectNode pod) {
        return judged(seconds, Map.of(WEB, WAITING), Map.of(WEB, List.of(pod)));
    }

    /** What is said of the only key that has pods. */
    private HealthStatus judged(
            int seconds, Map<ObjectKey, HealthStatus> unhealthy, Map<ObjectKey, List<ObjectNode>> pods) {
        Map<ObjectKey, HealthStatus> all =
                early.judge(new TreeMap<>(unhealthy), pods, START.plus(Duration.ofSeconds(seconds)));
        return Objects.requireNonNull(all.get(pods.keySet().iterator().next()));
    }

    private static ObjectNode waiting(String reason, String message, int restarts) {
        return pod("2026-01-01T12:00:01Z", reason, message, restarts);
    }

    private static ObjectNode older(String reason, int restarts) {
        return pod("2025-12-01T12:00:00Z", reason, "", restarts);
    }

    private static ObjectNode pod(String created, String reason, String message, int restarts) {
        String state = reason.isEmpty()
                ? "{running: {}}"
                : "{waiting: {reason: '" + reason + "', message: \"" + message + "\"}}";
        return parse("{kind: 'Pod', metadata: {name: 'web-1', uid: 'u1', creationTimestamp: '" + created
                + "'}, status: {phase: 'Pending', containerStatuses: [{name: 'main', restartCount: " + restarts
                + ", state: " + state + "}]}}");
    }
}
