package dev.orkestra.health;

import static dev.orkestra.health.HealthCases.parse;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodOwnersTest {
    private static final ObjectNode OLD_SET = replicaSet("old", "1");
    private static final ObjectNode NEW_SET = replicaSet("new", "2");

    /** The pods of the template before may have been crashing for weeks. */
    @Test
    void aDeploymentsPodsAreThoseOfItsNewestReplicaSet() {
        ObjectNode old = pod("a", "old", "");
        ObjectNode young = pod("b", "new", "");

        assertThat(PodOwners.current(deployment(2), List.of(OLD_SET, NEW_SET), List.of(old, young)))
                .containsExactly(young);
    }

    @Test
    void nobodyKnowsTheNewestTemplateBeforeTheControllerHasSeenIt() {
        assertThat(PodOwners.current(deployment(1), List.of(OLD_SET, NEW_SET), List.of(pod("a", "old", ""))))
                .isEmpty();
    }

    @Test
    void aStatefulSetsPodsAreThoseOfItsUpdateRevision() {
        ObjectNode set =
                parse("{apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: {uid: 's', generation: 1}, status:"
                        + " {observedGeneration: 1, currentRevision: 'db-1', updateRevision: 'db-2'}}");
        ObjectNode old = pod("a", "s", "'controller-revision-hash': 'db-1'");
        ObjectNode young = pod("b", "s", "'controller-revision-hash': 'db-2'");

        assertThat(PodOwners.current(set, List.of(), List.of(old, young))).containsExactly(young);
    }

    @Test
    void aDaemonSetsPodsAreThoseOfItsTemplatesGeneration() {
        ObjectNode set =
                parse("{apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: {uid: 'd', generation: 4, annotations:"
                        + " {'deprecated.daemonset.template.generation': '3'}}, status: {observedGeneration: 4}}");
        ObjectNode old = pod("a", "d", "'pod-template-generation': '2'");
        ObjectNode young = pod("b", "d", "'pod-template-generation': '3'");

        assertThat(PodOwners.current(set, List.of(), List.of(old, young))).containsExactly(young);
    }

    @Test
    void podsOfOthersAndPodsThatGoAreLeftOut() {
        ObjectNode job = parse("{apiVersion: 'batch/v1', kind: 'Job', metadata: {uid: 'j'}}");
        ObjectNode going = pod("a", "j", "");
        going.withObject("metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        ObjectNode own = pod("b", "j", "");

        assertThat(PodOwners.current(job, List.of(), List.of(going, own, pod("c", "k", ""))))
                .containsExactly(own);
    }

    private static ObjectNode deployment(int observed) {
        return parse("{apiVersion: 'apps/v1', kind: 'Deployment', metadata: {uid: 'w', generation: 2, annotations:"
                + " {'deployment.kubernetes.io/revision': '2'}}, status: {observedGeneration: " + observed + "}}");
    }

    private static ObjectNode replicaSet(String uid, String revision) {
        return parse("{kind: 'ReplicaSet', metadata: {uid: '" + uid + "', annotations:"
                + " {'deployment.kubernetes.io/revision': '" + revision
                + "'}, ownerReferences: [{controller: true, uid:"
                + " 'w'}]}}");
    }

    private static ObjectNode pod(String name, String owner, String labels) {
        return parse("{kind: 'Pod', metadata: {name: '" + name + "', labels: {" + labels
                + "}, ownerReferences: [{controller: true, uid: '" + owner + "'}]}}");
    }
}
