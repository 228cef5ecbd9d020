package dev.orkestra.plan;

import static dev.orkestra.plan.PlanScene.CRD;
import static dev.orkestra.plan.PlanScene.GADGET;
import static dev.orkestra.plan.PlanScene.SHOP;
import static dev.orkestra.plan.PlanScene.configMap;
import static dev.orkestra.plan.PlanScene.planOf;
import static dev.orkestra.plan.PlanScene.repo;
import static dev.orkestra.plan.PlanScene.situation;
import static dev.orkestra.plan.PlanScene.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.PlanScene.Cluster;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be changed, and what cannot be undone. */
class PlannedReplacementTest {
    private static final String STATEFUL = """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db, namespace: shop%s}
            spec:
              serviceName: %s
              selector: {matchLabels: {app: db}}
              template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: "db:1"}]}}
            """;
    private static final String MAY_BE_REPLACED =
            ", annotations: {argocd.argoproj.io/sync-options: 'Prune=false,Replace=true'}";

    private static PlanStep immutable(String annotations, String fault) {
        Cluster cluster = Cluster.after(state(SHOP, STATEFUL.formatted("", "old")));
        DesiredState next = state(SHOP, STATEFUL.formatted(annotations, "new"));
        Map<ObjectKey, DryRun> answers = Map.of(next.objects().getLast().key(), new DryRun.Immutable(List.of(fault)));
        return planOf(situation(next, cluster.inventory, cluster.live), answers, Map.of(), PrunePlan.NOTHING)
                .steps()
                .getLast();
    }

    @Test
    void aFieldThatCannotBeChangedIsNamedWithTheWayToAllowAReplacement() {
        PlanStep step = immutable("", "spec");
        assertThat(step.action()).isEqualTo(Action.REFUSED);
        assertThat(step.refusal())
                .asString()
                .contains("a field that cannot be changed: spec.serviceName")
                .contains("argocd.argoproj.io/sync-options: Replace=true");
    }

    @Test
    void whatAllowsItIsReplacedAndMarkedWhereItHoldsData() {
        PlanStep step = immutable(MAY_BE_REPLACED, "spec");
        assertThat(step.action()).isEqualTo(Action.REPLACE);
        assertThat(step.note()).isEqualTo("deleted and created again, as these cannot be changed: spec.serviceName");
        assertThat(step.changes())
                .extracting(change -> change.path() + " " + change.before() + " " + change.after())
                .contains("spec.serviceName \"old\" \"new\"");
        assertThat(step.risks()).extracting(Risk::kind).containsExactly(Risk.Kind.REPLACED_DATA);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Namespace", "PersistentVolume", "PersistentVolumeClaim"})
    void whatWouldTakeMoreWithItIsNeverReplaced(String kind) {
        ObjectKey key = new ObjectKey("", kind, "", "x");
        assertThat(Replacement.isEverAllowed(key)).isFalse();
        assertThat(Replacement.isEverAllowed(
                        new ObjectKey("apiextensions.k8s.io", "CustomResourceDefinition", "", "x")))
                .isFalse();
        assertThat(Replacement.isEverAllowed(new ObjectKey("", "Service", "n", "x")))
                .isTrue();
    }

    @Test
    void anotherStorageVersionOfACrdIsAPointOfNoReturn() {
        Cluster cluster = Cluster.after(state(CRD, GADGET));
        Plan plan = cluster.plan(state(
                CRD.replace("{name: v1, served: true, storage: true", "{name: v2, served: true, storage: true"),
                GADGET.replace("/v1", "/v2")));
        assertThat(plan.steps().getFirst().risks())
                .extracting(Risk::kind)
                .containsExactly(Risk.Kind.STORAGE_VERSION, Risk.Kind.VERSION_REMOVED);
        assertThat(plan.passesPointOfNoReturn()).isTrue();
    }

    @Test
    void aNewFieldIsShownAlthoughItsNameBeginsAsThatOfAnother() {
        DesiredObject before = state(SHOP, configMap("a", "1")).objects().getLast();
        DesiredObject after = state(SHOP, configMap("a", "2").replace("'2'}", "'2', vv: '3', 'v.v': '4'}"))
                .objects()
                .getLast();
        assertThat(BodyDiff.ofReplacement(
                        AppliedObjects.applied(before), after.body(), IgnoredFields.of(repo("refuse"), after.key())))
                .extracting(change -> change.path().toString())
                .containsExactlyInAnyOrder("data.v", "data.vv", "data[v.v]");
    }

    /** Where its objects are stored is in the status, of which the agent owns nothing. */
    @Test
    void aRiskThatGrowsAfterThePlanWasLookedAtMakesItAnother() {
        Cluster cluster = Cluster.after(state(CRD, GADGET));
        DesiredState next = state(CRD.replace("plural: gadgets", "plural: gadgets, singular: gadget"), GADGET);
        Plan seen = cluster.plan(next);
        cluster.object("gadgets.example.test")
                .withObject("/status")
                .putArray("storedVersions")
                .add("v1");
        assertThat(cluster.plan(next).hash()).isEqualTo(seen.hash());
        cluster.object("gadgets.example.test")
                .withArray("/status/storedVersions")
                .add("v0");
        Plan grown = cluster.plan(next);
        assertThat(grown.steps().getFirst().risks())
                .extracting(Risk::text)
                .containsExactly("the version v0 goes; objects may still be stored in it");
        assertThat(grown.hash()).isNotEqualTo(seen.hash());
    }
}
