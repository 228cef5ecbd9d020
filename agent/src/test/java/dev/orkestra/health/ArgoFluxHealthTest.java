package dev.orkestra.health;

import static dev.orkestra.health.HealthCases.expect;
import static dev.orkestra.health.HealthCases.row;
import static dev.orkestra.health.HealthStatus.State.CURRENT;
import static dev.orkestra.health.HealthStatus.State.FAILED;
import static dev.orkestra.health.HealthStatus.State.IN_PROGRESS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.HealthStatus.State;
import dev.orkestra.testing.RecordedLives;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ArgoFluxHealthTest {
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource({"flux", "applications", "rollouts"})
    void tellsTheStateFromTheObjectAlone(String what, State state, String words, String json) {
        expect(what, state, words, json);
    }

    static Stream<Arguments> flux() {
        return Stream.of(
                row(
                        "source that nobody has looked at",
                        IN_PROGRESS,
                        "generation -1 of 2",
                        flux("GitRepository", "{observedGeneration: -1}")),
                row("source without a status", IN_PROGRESS, "not looked at it yet", flux("Bucket", "{}")),
                row(
                        "source of an older generation",
                        IN_PROGRESS,
                        "generation 1 of 2",
                        flux(
                                "OCIRepository",
                                "{observedGeneration: 1, conditions: [{type: 'Ready', status: 'True', observedGeneration: 1}]}")),
                row(
                        "source that is fetched",
                        CURRENT,
                        "Succeeded: stored artifact",
                        flux(
                                "GitRepository",
                                "{observedGeneration: 2, conditions: [{type: 'Ready', status: 'True', reason: 'Succeeded',"
                                        + " message: 'stored artifact', observedGeneration: 2}]}")),
                row(
                        "source that is not there",
                        IN_PROGRESS,
                        "GitOperationFailed: no such repository",
                        flux(
                                "GitRepository",
                                "{observedGeneration: 2, conditions: [{type: 'Ready', status: 'False', reason:"
                                        + " 'GitOperationFailed', message: 'no such repository', observedGeneration: 2}]}")),
                row(
                        "source with a URL that is none",
                        FAILED,
                        "Stalled: URLInvalid",
                        flux(
                                "HelmRepository",
                                "{observedGeneration: 2, conditions: [{type: 'Stalled', status: 'True', reason:"
                                        + " 'URLInvalid', observedGeneration: 2}]}")),
                row(
                        "OCI repository, which has no status",
                        CURRENT,
                        "no status of its own",
                        "{apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'HelmRepository', metadata: {generation: 1},"
                                + " spec: {type: 'oci'}, status: {observedGeneration: -1}}"),
                row(
                        "Kustomization at work",
                        IN_PROGRESS,
                        "Progressing: Running health checks",
                        flux(
                                "Kustomization",
                                "{observedGeneration: 2, conditions: [{type: 'Reconciling', status: 'True', reason:"
                                        + " 'Progressing', message: 'Running health checks'}, {type: 'Ready', status:"
                                        + " 'Unknown', reason: 'Progressing', observedGeneration: 2}]}")),
                row(
                        "Kustomization whose build fails",
                        IN_PROGRESS,
                        "BuildFailed: no such file",
                        flux(
                                "Kustomization",
                                "{observedGeneration: 2, conditions: [{type: 'Ready', status: 'False', reason:"
                                        + " 'BuildFailed', message: 'no such file', observedGeneration: 2}]}")),
                row(
                        "Kustomization on hold",
                        IN_PROGRESS,
                        "Kustomization is suspended",
                        "{apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', metadata: {generation: 2},"
                                + " spec: {suspend: true}, status: {observedGeneration: 1}}"),
                row(
                        "Provider, which has no status",
                        CURRENT,
                        "",
                        "{apiVersion: 'notification.toolkit.fluxcd.io/v1beta3', kind: 'Provider', metadata: {generation: 1}}"));
    }

    static Stream<Arguments> applications() {
        return Stream.of(
                row("Application just created", IN_PROGRESS, "not looked at it", application("{}")),
                row(
                        "Application that was well before its values changed",
                        IN_PROGRESS,
                        "older source",
                        application(
                                "{sync: {status: 'Synced', comparedTo: {source: {repoURL: 'r', path: 'p', helm: {values: 'a: 1'}}}},"
                                        + " health: {status: 'Healthy'}}")),
                row(
                        "Application in sync and healthy",
                        CURRENT,
                        "Synced and healthy",
                        application("{sync: {status: 'Synced'," + COMPARED + "}, health: {status: 'Healthy'}}")),
                row(
                        "Application healthy but not in sync",
                        IN_PROGRESS,
                        "OutOfSync, Healthy",
                        application("{sync: {status: 'OutOfSync'," + COMPARED + "}, health: {status: 'Healthy'}}")),
                row(
                        "Application in sync whose resources start",
                        IN_PROGRESS,
                        "Synced, Progressing",
                        application("{sync: {status: 'Synced'," + COMPARED + "}, health: {status: 'Progressing'}}")),
                row(
                        "Application that is degraded",
                        IN_PROGRESS,
                        "Synced, Degraded: web is not available",
                        application("{sync: {status: 'Synced'," + COMPARED
                                + "}, health: {status: 'Degraded', message: 'web is not available'}}")),
                row(
                        "Application in the midst of a sync",
                        IN_PROGRESS,
                        "Its sync is running: waiting for hooks",
                        application("{sync: {status: 'Synced'," + COMPARED + "}, health: {status: 'Healthy'},"
                                + " operationState: {phase: 'Running', message: 'waiting for hooks'}}")),
                row(
                        "Application whose sync failed",
                        FAILED,
                        "Its sync ended as Failed: one or more objects failed to apply",
                        application("{sync: {status: 'OutOfSync', revision: 'b'," + COMPARED
                                + "}, health: {status: 'Missing'}, operationState: {phase: 'Failed', message:"
                                + " 'one or more objects failed to apply', syncResult: {revision: 'b'}}}")),
                row(
                        "Application whose sync of an older revision failed",
                        IN_PROGRESS,
                        "OutOfSync, Missing",
                        application("{sync: {status: 'OutOfSync', revision: 'b'," + COMPARED
                                + "}, health: {status: 'Missing'}, operationState: {phase: 'Failed',"
                                + " syncResult: {revision: 'a'}}}")),
                row(
                        "Application that can't be compared",
                        IN_PROGRESS,
                        "ComparisonError: no such path",
                        application("{sync: {status: 'Unknown'," + COMPARED + "}, health: {status: 'Healthy'},"
                                + " conditions: [{type: 'ComparisonError', message: 'no such path'}]}")),
                row(
                        "AppProject",
                        CURRENT,
                        "",
                        "{apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: {generation: 1}, status: {}}"));
    }

    static Stream<Arguments> rollouts() {
        return Stream.of(
                row(
                        "Rollout not observed",
                        IN_PROGRESS,
                        "generation 1 of 2",
                        argo("Rollout", "{observedGeneration: '1', phase: 'Healthy'}")),
                row("Rollout healthy", CURRENT, "", argo("Rollout", "{observedGeneration: '2', phase: 'Healthy'}")),
                row(
                        "Rollout paused",
                        IN_PROGRESS,
                        "paused: CanaryPauseStep",
                        argo("Rollout", "{observedGeneration: '2', phase: 'Paused', message: 'CanaryPauseStep'}")),
                row(
                        "Rollout given up",
                        FAILED,
                        "degraded: RolloutAborted",
                        argo("Rollout", "{observedGeneration: '2', phase: 'Degraded', message: 'RolloutAborted'}")),
                row("ApplicationSet just created", IN_PROGRESS, "not up to date", argo("ApplicationSet", "{}")),
                row(
                        "ApplicationSet whose generator fails",
                        IN_PROGRESS,
                        "cannot clone",
                        argo(
                                "ApplicationSet",
                                "{conditions: [{type: 'ErrorOccurred', status: 'True', message: 'cannot clone'},"
                                        + " {type: 'ResourcesUpToDate', status: 'True'}]}")),
                row(
                        "ApplicationSet",
                        CURRENT,
                        "",
                        argo(
                                "ApplicationSet",
                                "{conditions: [{type: 'ErrorOccurred', status: 'False'}, {type: 'ResourcesUpToDate', status: 'True'}]}")),
                row("WorkflowTemplate", CURRENT, "", argo("WorkflowTemplate", "{}")));
    }

    /** A wave that opened before Flux is done would start what needs the release. */
    @ParameterizedTest
    @CsvSource({
        "install-test-succeeded, CURRENT",
        "install-retries-exhausted, FAILED",
        "install-refused-by-chart, IN_PROGRESS",
        "chart-version-missing, IN_PROGRESS"
    })
    void aRecordedReleaseIsInProgressUntilFluxIsDone(String life, State end) {
        List<State> states = RecordedLives.ofFlux(life).stream()
                .filter(release -> !release.path("metadata").hasNonNull("deletionTimestamp"))
                .map(release -> Health.of(release).state())
                .toList();

        assertThat(states.getLast()).as("%s", states).isEqualTo(end);
        assertThat(states.subList(0, states.indexOf(end))).as("%s", states).allMatch(State.IN_PROGRESS::equals);
    }

    /** In another group the same name may be anything. */
    @Test
    void onlyTheKindOfTheRightGroupIsPassive() {
        assertThat(Health.isPassive(new ObjectKey("networking.k8s.io", "Ingress", "a", "b")))
                .isTrue();
        assertThat(Health.isPassive(new ObjectKey("example.org", "Ingress", "a", "b")))
                .isFalse();
    }

    private static final String COMPARED =
            " comparedTo: {source: {repoURL: 'r', path: 'p', helm: {values: 'a: 2', skipCrds: false}}}";

    private static String application(String status) {
        return "{apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: {generation: 9}, spec: {source:"
                + " {repoURL: 'r', path: 'p', helm: {values: 'a: 2', parameters: []}}}, status: " + status + "}";
    }

    private static String argo(String kind, String status) {
        return "{apiVersion: 'argoproj.io/v1alpha1', kind: '" + kind + "', metadata: {generation: 2}, status: " + status
                + "}";
    }

    private static String flux(String kind, String status) {
        String group = kind.equals("Kustomization") ? "kustomize" : "source";
        return "{apiVersion: '" + group + ".toolkit.fluxcd.io/v1', kind: '" + kind
                + "', metadata: {generation: 2}, status: " + status + "}";
    }
}
