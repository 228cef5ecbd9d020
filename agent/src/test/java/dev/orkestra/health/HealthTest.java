package dev.orkestra.health;

import static dev.orkestra.health.HealthStatus.State.CURRENT;
import static dev.orkestra.health.HealthStatus.State.FAILED;
import static dev.orkestra.health.HealthStatus.State.IN_PROGRESS;
import static dev.orkestra.health.HealthStatus.State.NOT_FOUND;
import static dev.orkestra.health.HealthStatus.State.TERMINATING;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HealthTest {
    private static final JsonMapper RELAXED = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .build();

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource({"workloads", "jobs", "core", "apis", "releases", "generic"})
    void tellsTheStateFromTheObjectAlone(String what, HealthStatus.State state, String words, String json) {
        HealthStatus health = Health.of(parse(json));

        assertThat(health.state()).as("%s: %s", what, health.message()).isEqualTo(state);
        assertThat(health.message()).as(what).contains(words);
    }

    static Stream<Arguments> workloads() {
        return Stream.of(
                row("Deployment just created", IN_PROGRESS, "not looked at it yet", deployment(1, 3, "{}")),
                row(
                        "Deployment of an older generation",
                        IN_PROGRESS,
                        "generation 1 of 2",
                        deployment(
                                2,
                                1,
                                "{observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1}")),
                row(
                        "Deployment half updated",
                        IN_PROGRESS,
                        "1 of 3 replicas updated",
                        deployment(
                                2,
                                3,
                                "{observedGeneration: 2, replicas: 4, updatedReplicas: 1, availableReplicas: 3}")),
                row(
                        "Deployment with old replicas",
                        IN_PROGRESS,
                        "1 old replicas",
                        deployment(
                                2,
                                3,
                                "{observedGeneration: 2, replicas: 4, updatedReplicas: 3, availableReplicas: 4}")),
                row(
                        "Deployment not available",
                        IN_PROGRESS,
                        "2 of 3 replicas available",
                        deployment(
                                2,
                                3,
                                "{observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 2}")),
                row(
                        "Deployment settling",
                        IN_PROGRESS,
                        "The rollout is not complete",
                        deployment(
                                2,
                                1,
                                "{observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 1,"
                                        + " conditions: [{type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated'}]}")),
                row(
                        "Deployment done",
                        CURRENT,
                        "1 replicas are available",
                        deployment(
                                2,
                                1,
                                "{observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 1,"
                                        + " conditions: [{type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable'}]}")),
                row(
                        "Deployment over quota",
                        IN_PROGRESS,
                        "exceeded quota",
                        deployment(
                                1,
                                1,
                                "{observedGeneration: 1, conditions: ["
                                        + "{type: 'ReplicaFailure', status: 'True', message: 'exceeded quota'}]}")),
                row(
                        "Deployment past its deadline",
                        FAILED,
                        "has timed out",
                        deployment(
                                2,
                                1,
                                "{observedGeneration: 2, conditions: [{type: 'Progressing', status: 'False',"
                                        + " reason: 'ProgressDeadlineExceeded', message: 'ReplicaSet has timed out'}]}")),
                row(
                        "Deployment past the deadline of an older generation",
                        IN_PROGRESS,
                        "generation 1 of 2",
                        deployment(
                                2,
                                1,
                                "{observedGeneration: 1, conditions: [{type: 'Progressing', status: 'False',"
                                        + " reason: 'ProgressDeadlineExceeded'}]}")),
                row(
                        "Deployment scaled to zero",
                        CURRENT,
                        "0 replicas",
                        deployment(
                                1,
                                0,
                                "{observedGeneration: 1,"
                                        + " conditions: [{type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable'}]}")),
                row(
                        "StatefulSet starting",
                        IN_PROGRESS,
                        "1 of 2 replicas created",
                        statefulSet("{replicas: 2}", "{observedGeneration: 1, replicas: 1, readyReplicas: 1}")),
                row(
                        "StatefulSet rolling",
                        IN_PROGRESS,
                        "revision b",
                        statefulSet(
                                "{replicas: 2}",
                                "{observedGeneration: 1, replicas: 2, readyReplicas: 2,"
                                        + " currentRevision: 'a', updateRevision: 'b'}")),
                row(
                        "StatefulSet with a partition",
                        CURRENT,
                        "partition 1",
                        statefulSet(
                                "{replicas: 2, updateStrategy: {type: 'RollingUpdate', rollingUpdate: {partition: 1}}}",
                                "{observedGeneration: 1, replicas: 2, readyReplicas: 2, updatedReplicas: 1,"
                                        + " currentRevision: 'a', updateRevision: 'b'}")),
                row(
                        "StatefulSet on delete",
                        CURRENT,
                        "OnDelete",
                        statefulSet(
                                "{replicas: 1, updateStrategy: {type: 'OnDelete'}}",
                                "{observedGeneration: 1, replicas: 1, readyReplicas: 1,"
                                        + " currentRevision: 'a', updateRevision: 'b'}")),
                row(
                        "StatefulSet done",
                        CURRENT,
                        "1 replicas are ready",
                        statefulSet(
                                "{}",
                                "{observedGeneration: 1, replicas: 1, readyReplicas: 1,"
                                        + " currentRevision: 'a', updateRevision: 'a'}")),
                row("DaemonSet unknown", IN_PROGRESS, "how many nodes", daemonSet("{observedGeneration: 1}")),
                row(
                        "DaemonSet half way",
                        IN_PROGRESS,
                        "1 of 2 replicas updated",
                        daemonSet("{observedGeneration: 1, desiredNumberScheduled: 2, currentNumberScheduled: 2,"
                                + " updatedNumberScheduled: 1, numberAvailable: 2, numberReady: 2}")),
                row(
                        "DaemonSet done",
                        CURRENT,
                        "2 nodes",
                        daemonSet("{observedGeneration: 1, desiredNumberScheduled: 2, currentNumberScheduled: 2,"
                                + " updatedNumberScheduled: 2, numberAvailable: 2, numberReady: 2}")),
                row(
                        "ReplicaSet short of pods",
                        IN_PROGRESS,
                        "0 of 1 replicas labelled: exceeded quota",
                        "{apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: {generation: 1}, spec: {replicas: 1},"
                                + " status: {observedGeneration: 1, conditions: [{type: 'ReplicaFailure', status: 'True',"
                                + " message: 'exceeded quota'}]}}"));
    }

    static Stream<Arguments> jobs() {
        return Stream.of(
                row("Job that has started", IN_PROGRESS, "1 active", job("{}", "{active: 1}")),
                row("Job on hold", IN_PROGRESS, "suspended", job("{suspend: true}", "{}")),
                row("Job done", CURRENT, "complete", job("{}", "{conditions: [{type: 'Complete', status: 'True'}]}")),
                row(
                        "Job failed",
                        FAILED,
                        "BackoffLimitExceeded: limit",
                        job(
                                "{}",
                                "{conditions: [{type: 'Failed', status: 'True',"
                                        + " reason: 'BackoffLimitExceeded', message: 'limit'}]}")),
                row("CronJob", CURRENT, "", "{apiVersion: 'batch/v1', kind: 'CronJob', metadata: {generation: 1}}"));
    }

    static Stream<Arguments> core() {
        return Stream.of(
                row("ConfigMap", CURRENT, "", "{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'a'}}"),
                row("nothing", NOT_FOUND, "does not exist", "{}"),
                row(
                        "ConfigMap going",
                        TERMINATING,
                        "finalizers",
                        "{apiVersion: 'v1', kind: 'ConfigMap', metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}}"),
                row(
                        "Pod ready",
                        CURRENT,
                        "ready",
                        pod("{phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}")),
                row("Pod complete", CURRENT, "completed", pod("{phase: 'Succeeded'}")),
                row("Pod evicted", FAILED, "low on memory", pod("{phase: 'Failed', message: 'low on memory'}")),
                row(
                        "Pod crashing",
                        IN_PROGRESS,
                        "CrashLoopBackOff",
                        pod("{phase: 'Running', containerStatuses: [{name: 'web', state: {waiting:"
                                + " {reason: 'CrashLoopBackOff'}}}]}")),
                row("claim waiting", IN_PROGRESS, "not bound", core("PersistentVolumeClaim", "{phase: 'Pending'}")),
                row("claim bound", CURRENT, "", core("PersistentVolumeClaim", "{phase: 'Bound'}")),
                row("claim lost", FAILED, "lost", core("PersistentVolumeClaim", "{phase: 'Lost'}")),
                row(
                        "Service in the cluster",
                        CURRENT,
                        "",
                        "{apiVersion: 'v1', kind: 'Service', spec: {type: 'ClusterIP'}}"),
                row(
                        "Service without its balancer",
                        IN_PROGRESS,
                        "no address",
                        "{apiVersion: 'v1', kind: 'Service', spec: {type: 'LoadBalancer'}, status: {loadBalancer: {}}}"),
                row(
                        "Service with its balancer",
                        CURRENT,
                        "",
                        "{apiVersion: 'v1', kind: 'Service', spec: {type:"
                                + " 'LoadBalancer'}, status: {loadBalancer: {ingress: [{ip: '192.0.2.1'}]}}}"),
                row("Namespace", CURRENT, "", core("Namespace", "{phase: 'Active'}")),
                row("Namespace going", TERMINATING, "emptied", core("Namespace", "{phase: 'Terminating'}")));
    }

    static Stream<Arguments> apis() {
        return Stream.of(
                row("CRD just created", IN_PROGRESS, "not served yet", crd("[]")),
                row(
                        "CRD installing",
                        IN_PROGRESS,
                        "not served yet",
                        crd("[{type: 'NamesAccepted', status: 'True'},"
                                + " {type: 'Established', status: 'False', reason: 'Installing'}]")),
                row(
                        "CRD served",
                        CURRENT,
                        "served",
                        crd("[{type: 'NamesAccepted', status: 'True'}, {type: 'Established', status: 'True'}]")),
                row(
                        "CRD with a name that is taken",
                        FAILED,
                        "ListKindConflict",
                        crd("[{type: 'NamesAccepted', status: 'False', reason: 'ListKindConflict'},"
                                + " {type: 'Established', status: 'True'}]")),
                row(
                        "APIService without its server",
                        IN_PROGRESS,
                        "no endpoints",
                        "{apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', status: {conditions: ["
                                + "{type: 'Available', status: 'False', message: 'no endpoints'}]}}"),
                row(
                        "APIService",
                        CURRENT,
                        "",
                        "{apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService',"
                                + " status: {conditions: [{type: 'Available', status: 'True'}]}}"));
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

    @ParameterizedTest(name = "{0}")
    @MethodSource("troubles")
    void tellsAPodsTroubleInItsOwnWords(String words, String status) {
        assertThat(Health.podTrouble(parse(pod(status)))).hasValue(words);
    }

    static Stream<Arguments> troubles() {
        return Stream.of(
                Arguments.of(
                        "Container web: ImagePullBackOff: Back-off pulling image \"nowhere/web:9\"",
                        "{phase: 'Pending', containerStatuses: [{name: 'web', state: {waiting: {reason:"
                                + " 'ImagePullBackOff', message: 'Back-off pulling image \"nowhere/web:9\"'}}}]}"),
                Arguments.of(
                        "Container init: ErrImagePull: no such host",
                        "{phase: 'Pending', initContainerStatuses: [{name: 'init', state: {waiting: {reason:"
                                + " 'ErrImagePull', message: 'no such host'}}}], containerStatuses: [{name: 'web',"
                                + " state: {waiting: {reason: 'PodInitializing'}}}]}"),
                Arguments.of(
                        "Container web: CrashLoopBackOff: back-off 10s (last exit code 137: OOMKilled)",
                        "{phase: 'Running', containerStatuses: [{name: 'web', state: {waiting: {reason:"
                                + " 'CrashLoopBackOff', message: 'back-off 10s'}}, lastState: {terminated: {exitCode:"
                                + " 137, reason: 'OOMKilled'}}}]}"),
                Arguments.of(
                        "Container web ended with exit code 1",
                        "{phase: 'Running', containerStatuses: [{name: 'web', state: {terminated: {exitCode: 1,"
                                + " reason: 'Error'}}}]}"),
                Arguments.of(
                        "Pod can't be scheduled: Unschedulable: 0/1 nodes are available",
                        "{phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason:"
                                + " 'Unschedulable', message: '0/1 nodes are available'}]}"));
    }

    @Test
    void findsNoTroubleInAPodThatStarts() {
        String status = "{phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'True'}],"
                + " containerStatuses: [{name: 'web', state: {waiting: {reason: 'ContainerCreating'}}}]}";

        assertThat(Health.podTrouble(parse(pod(status)))).isEmpty();
    }

    private static Arguments row(String what, HealthStatus.State state, String words, String json) {
        return Arguments.of(what, state, words, json);
    }

    private static String deployment(int generation, int replicas, String status) {
        return "{apiVersion: 'apps/v1', kind: 'Deployment', metadata: {generation: " + generation + "}, spec:"
                + " {replicas: " + replicas + ", progressDeadlineSeconds: 600}, status: " + status + "}";
    }

    private static String statefulSet(String spec, String status) {
        return "{apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: {generation: 1}, spec: " + spec + ", status: "
                + status + "}";
    }

    private static String daemonSet(String status) {
        return "{apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: {generation: 1}, status: " + status + "}";
    }

    private static String job(String spec, String status) {
        return "{apiVersion: 'batch/v1', kind: 'Job', metadata: {generation: 1}, spec: " + spec + ", status: " + status
                + "}";
    }

    private static String pod(String status) {
        return core("Pod", status);
    }

    private static String core(String kind, String status) {
        return "{apiVersion: 'v1', kind: '" + kind + "', metadata: {name: 'a'}, status: " + status + "}";
    }

    private static String crd(String conditions) {
        return "{apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', status: {conditions: "
                + conditions + "}}";
    }

    private static String group(String status) {
        return "{apiVersion: 'orkestra.azure.microsoft.com/v1alpha1', kind: 'ApplicationGroup', metadata: {generation:"
                + " 2}, status: " + status + "}";
    }

    private static String workflow(String status) {
        return "{apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: {generation: 2}, status: " + status
                + "}";
    }

    private static String release(String status) {
        return "{apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', metadata: {generation: 2}, status: "
                + status + "}";
    }

    private static String custom(String status) {
        return "{apiVersion: 'example.org/v1', kind: 'Thing', metadata: {generation: 2}, status: " + status + "}";
    }

    private static ObjectNode parse(String json) {
        try {
            return (ObjectNode) RELAXED.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
