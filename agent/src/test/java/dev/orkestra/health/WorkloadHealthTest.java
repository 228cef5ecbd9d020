package dev.orkestra.health;

import static dev.orkestra.health.HealthCases.daemonSet;
import static dev.orkestra.health.HealthCases.deployment;
import static dev.orkestra.health.HealthCases.expect;
import static dev.orkestra.health.HealthCases.job;
import static dev.orkestra.health.HealthCases.row;
import static dev.orkestra.health.HealthCases.statefulSet;
import static dev.orkestra.health.HealthStatus.State.CURRENT;
import static dev.orkestra.health.HealthStatus.State.FAILED;
import static dev.orkestra.health.HealthStatus.State.IN_PROGRESS;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The kinds that run pods. */
class WorkloadHealthTest {
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource({"workloads", "jobs"})
    void tellsTheStateFromTheObjectAlone(String what, HealthStatus.State state, String words, String json) {
        expect(what, state, words, json);
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
}
