package dev.orkestra.health;

import static dev.orkestra.health.HealthCases.custom;
import static dev.orkestra.health.HealthCases.expect;
import static dev.orkestra.health.HealthCases.group;
import static dev.orkestra.health.HealthCases.release;
import static dev.orkestra.health.HealthCases.row;
import static dev.orkestra.health.HealthCases.workflow;
import static dev.orkestra.health.HealthStatus.State.CURRENT;
import static dev.orkestra.health.HealthStatus.State.FAILED;
import static dev.orkestra.health.HealthStatus.State.IN_PROGRESS;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** ApplicationGroups, Workflows and HelmReleases, and what has no rule of its own. */
class ReleaseHealthTest {
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource({"releases", "generic"})
    void tellsTheStateFromTheObjectAlone(String what, HealthStatus.State state, String words, String json) {
        expect(what, state, words, json);
    }

    static Stream<Arguments> releases() {
        return Stream.of(
                row("group not begun", IN_PROGRESS, "not looked at it", group("{}")),
                row(
                        "group at work",
                        IN_PROGRESS,
                        "Progressing: workflow is reconciling...",
                        group("{observedGeneration: 2, conditions: [{type: 'Ready', status: 'Unknown',"
                                + " reason: 'Progressing', message: 'workflow is reconciling...'}]}")),
                row(
                        "group that was ready before",
                        IN_PROGRESS,
                        "generation 1 of 2",
                        group("{observedGeneration: 1, conditions: [{type: 'Ready', status: 'True'}]}")),
                row(
                        "group that failed before",
                        IN_PROGRESS,
                        "generation 1 of 2",
                        group("{observedGeneration: 1, conditions: [{type: 'Ready', status: 'False',"
                                + " reason: 'WorkflowFailed'}]}")),
                row(
                        "group without its chart",
                        IN_PROGRESS,
                        "ChartPullFailed: no such version",
                        group("{observedGeneration: 1, conditions: [{type: 'Ready', status: 'False',"
                                + " reason: 'ChartPullFailed', message: 'no such version'}]}")),
                row(
                        "group without its chart, observed",
                        IN_PROGRESS,
                        "ChartPullFailed",
                        group("{observedGeneration: 2, conditions: [{type: 'Ready', status: 'False',"
                                + " reason: 'ChartPullFailed', message: 'no such version'}]}")),
                row(
                        "group whose workflow failed",
                        FAILED,
                        "WorkflowFailed: workflow in failed state",
                        group("{observedGeneration: 2, conditions: [{type: 'Ready', status: 'False',"
                                + " reason: 'WorkflowFailed', message: 'workflow in failed state'}]}")),
                row(
                        "group whose workflow can't be made",
                        FAILED,
                        "WorkflowTemplateGenerationFailed",
                        group("{observedGeneration: 2, conditions: [{type: 'Ready', status: 'False',"
                                + " reason: 'WorkflowTemplateGenerationFailed'}]}")),
                row(
                        "group ready",
                        CURRENT,
                        "Succeeded",
                        group("{observedGeneration: 2, conditions: [{type: 'Ready', status: 'True',"
                                + " reason: 'Succeeded'}]}")),
                row("workflow not started", IN_PROGRESS, "not started", workflow("{}")),
                row(
                        "workflow waiting for an image",
                        IN_PROGRESS,
                        "running: shop-web: ImagePullBackOff",
                        workflow("{phase: 'Running', nodes: {a: {displayName: 'shop-web', phase: 'Pending',"
                                + " message: 'ImagePullBackOff'}}}")),
                row("workflow succeeded", CURRENT, "", workflow("{phase: 'Succeeded'}")),
                row("workflow in error", FAILED, "Error: bad spec", workflow("{phase: 'Error', message: 'bad spec'}")),
                row(
                        "release not observed",
                        IN_PROGRESS,
                        "generation -1 of 2",
                        release("{observedGeneration: -1, conditions: [{type: 'Ready', status: 'True',"
                                + " reason: 'InstallSucceeded', observedGeneration: 1}]}")),
                row(
                        "release failing",
                        IN_PROGRESS,
                        "InstallFailed: timed out",
                        release("{observedGeneration: -1, conditions: [{type: 'Ready', status: 'False',"
                                + " reason: 'InstallFailed', message: 'timed out', observedGeneration: 2}]}")),
                row(
                        "release stalled",
                        FAILED,
                        "RetriesExceeded",
                        release("{observedGeneration: 2, conditions: [{type: 'Stalled', status: 'True',"
                                + " reason: 'RetriesExceeded', observedGeneration: 2}]}")),
                row(
                        "release that stalled before",
                        IN_PROGRESS,
                        "generation 1 of 2",
                        release("{observedGeneration: 1, conditions: [{type: 'Stalled', status: 'True',"
                                + " reason: 'RetriesExceeded', observedGeneration: 1}]}")),
                row(
                        "release ready",
                        CURRENT,
                        "UpgradeSucceeded",
                        release("{observedGeneration: 2, conditions: [{type: 'Ready', status: 'True',"
                                + " reason: 'UpgradeSucceeded', observedGeneration: 2}]}")));
    }

    static Stream<Arguments> generic() {
        return Stream.of(
                row("kind without status", CURRENT, "", custom("{}")),
                row("kind of an older generation", IN_PROGRESS, "generation 1 of 2", custom("{observedGeneration: 1}")),
                row(
                        "kind with text as generation",
                        IN_PROGRESS,
                        "generation 1 of 2",
                        custom("{observedGeneration: '1'}")),
                row("kind with a hash as generation", CURRENT, "", custom("{observedGeneration: '5d9c7f'}")),
                row(
                        "kind reconciling",
                        IN_PROGRESS,
                        "NotYet: soon",
                        custom("{conditions: [{type: 'Reconciling', status: 'True', reason: 'Progressing'},"
                                + " {type: 'Ready', status: 'False', reason: 'NotYet', message: 'soon'}]}")),
                row(
                        "kind stalled",
                        FAILED,
                        "Stalled: Bad",
                        custom("{conditions: [{type: 'Stalled', status: 'True', reason: 'Bad'}]}")),
                row(
                        "kind not ready",
                        IN_PROGRESS,
                        "Not ready: Booting",
                        custom("{conditions: [{type: 'Ready', status: 'False', reason: 'Booting'}]}")),
                row(
                        "kind that was ready before",
                        IN_PROGRESS,
                        "older generation",
                        custom("{conditions: [{type: 'Ready', status: 'True', observedGeneration: 1}]}")),
                row(
                        "kind ready",
                        CURRENT,
                        "Done",
                        custom("{observedGeneration: 2, conditions: [{type: 'Ready', status: 'True', reason: 'Done',"
                                + " observedGeneration: 2}]}")));
    }
}
