package dev.orkestra.health;

import static dev.orkestra.health.HealthCases.core;
import static dev.orkestra.health.HealthCases.crd;
import static dev.orkestra.health.HealthCases.expect;
import static dev.orkestra.health.HealthCases.pod;
import static dev.orkestra.health.HealthCases.row;
import static dev.orkestra.health.HealthStatus.State.CURRENT;
import static dev.orkestra.health.HealthStatus.State.FAILED;
import static dev.orkestra.health.HealthStatus.State.IN_PROGRESS;
import static dev.orkestra.health.HealthStatus.State.NOT_FOUND;
import static dev.orkestra.health.HealthStatus.State.TERMINATING;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The kinds of the core group, and those that add kinds. */
class CoreHealthTest {
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource({"objects", "apis", "scaling"})
    void tellsTheStateFromTheObjectAlone(String what, HealthStatus.State state, String words, String json) {
        expect(what, state, words, json);
    }

    static Stream<Arguments> objects() {
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

    static Stream<Arguments> scaling() {
        return Stream.of(
                row(
                        "volume not made yet",
                        IN_PROGRESS,
                        "not available",
                        core("PersistentVolume", "{phase: 'Pending'}")),
                row("volume without a claim", CURRENT, "", core("PersistentVolume", "{phase: 'Available'}")),
                row(
                        "volume that failed",
                        FAILED,
                        "recycler failed",
                        core("PersistentVolume", "{phase: 'Failed', message: 'recycler failed'}")),
                row(
                        "ReplicationController half way",
                        IN_PROGRESS,
                        "1 of 2 replicas available",
                        "{apiVersion: 'v1', kind: 'ReplicationController', metadata: {generation: 1}, spec: {replicas: 2},"
                                + " status: {observedGeneration: 1, replicas: 2, fullyLabeledReplicas: 2,"
                                + " availableReplicas: 1, readyReplicas: 1}}"),
                row(
                        "autoscaler whose target is missing",
                        IN_PROGRESS,
                        "FailedGetScale: deployments.apps",
                        autoscaler("{conditions: [{type: 'AbleToScale', status: 'False', reason: 'FailedGetScale',"
                                + " message: 'deployments.apps \"nope\" not found'}]}")),
                row(
                        "autoscaler without metrics",
                        CURRENT,
                        "",
                        autoscaler(
                                "{conditions: [{type: 'AbleToScale', status: 'True'}, {type: 'ScalingActive', status:"
                                        + " 'False', reason: 'FailedGetResourceMetric'}]}")),
                row("budget just created", IN_PROGRESS, "not looked at it yet", budget("{}")),
                row(
                        "budget that allows nothing",
                        CURRENT,
                        "in force",
                        budget("{observedGeneration: 1, disruptionsAllowed: 0, conditions: [{type: 'DisruptionAllowed',"
                                + " status: 'False', reason: 'InsufficientPods', observedGeneration: 1}]}")),
                row(
                        "Ingress without an address",
                        CURRENT,
                        "",
                        "{apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', status: {loadBalancer: {}}}"),
                row(
                        "webhook",
                        CURRENT,
                        "",
                        "{apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration',"
                                + " metadata: {generation: 3}}"));
    }

    private static String autoscaler(String status) {
        return "{apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: {}, status: " + status + "}";
    }

    private static String budget(String status) {
        return "{apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: {generation: 1}, status: " + status
                + "}";
    }
}
