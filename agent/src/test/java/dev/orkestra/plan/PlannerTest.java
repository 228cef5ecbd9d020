package dev.orkestra.plan;

import static dev.orkestra.plan.AppliedObjects.applied;
import static dev.orkestra.plan.PlanScene.SHOP;
import static dev.orkestra.plan.PlanScene.assemble;
import static dev.orkestra.plan.PlanScene.configMap;
import static dev.orkestra.plan.PlanScene.planOf;
import static dev.orkestra.plan.PlanScene.situation;
import static dev.orkestra.plan.PlanScene.state;
import static dev.orkestra.plan.PlanScene.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.AssembleResult;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.plan.PlanScene.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlannerTest {
    @Test
    void nothingIsAskedWhenNothingChanged() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Cluster cluster = Cluster.after(state);
        assertThat(Planner.triage(situation(state, cluster.inventory, cluster.live))
                        .ask())
                .isEmpty();
        Plan plan = cluster.plan(state);
        assertThat(plan.changesNothing()).isTrue();
        assertThat(plan.count(Action.UNCHANGED)).isEqualTo(2);
    }

    @Test
    void aChangedValueIsAnUpdateAndTheRestIsNot() {
        Cluster cluster = Cluster.after(state(SHOP, configMap("a", "1") + "---\n" + configMap("b", "1")));
        Plan plan = cluster.plan(state(SHOP, configMap("a", "1") + "---\n" + configMap("b", "2")));
        assertThat(texts(plan))
                .containsExactly("UNCHANGED Namespace/shop", "UNCHANGED ConfigMap/shop/a", "UPDATE ConfigMap/shop/b");
        FieldChange change = plan.steps().getLast().changes().getFirst();
        assertThat(change.path() + " " + change.before() + " " + change.after()).isEqualTo("data.v \"1\" \"2\"");
    }

    @Test
    void changesNameTheLineInGit() {
        Cluster cluster = Cluster.after(state(SHOP, configMap("a", "1")));
        AssembleResult next = assemble(SHOP, "# moved down\n" + configMap("a", "2"));
        DesiredState desired = next.state().orElseThrow();
        Map<ObjectKey, DryRun> answers =
                Planner.triage(situation(desired, cluster.inventory, cluster.live)).ask().stream()
                        .collect(Collectors.toMap(DesiredObject::key, object -> new DryRun.Accepted(applied(object))));
        Plan plan =
                planOf(situation(desired, cluster.inventory, cluster.live), answers, next.sources(), PrunePlan.NOTHING);
        assertThat(plan.steps().getLast().changes().getFirst().origin()).hasToString("apps/b.yaml:5:8");
    }

    @Test
    void driftOfAnOwnedFieldIsAskedAboutAndShown() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Cluster cluster = Cluster.after(state);
        ((ObjectNode) cluster.object("a").get("data")).put("v", "edited");
        assertThat(texts(cluster.plan(state))).contains("UPDATE ConfigMap/shop/a, drift: Git wants the same as before");
    }

    @Test
    void anObjectThatSomebodyMadeAnewIsNotTakenForOurs() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Cluster cluster = Cluster.after(state);
        ((ObjectNode) cluster.object("a").get("metadata")).put("uid", "another");
        assertThat(Planner.triage(situation(state, cluster.inventory, cluster.live))
                        .ask())
                .hasSize(1);
    }

    @Test
    void whatTheInventoryHoldsAndNobodyWantsIsPruned() {
        Cluster cluster = Cluster.after(
                state(SHOP + "---\n" + configMap("i", "1"), configMap("a", "1") + "---\n" + configMap("b", "1")));
        cluster.live.keySet().removeIf(key -> key.name().equals("b"));
        Plan plan =
                cluster.plan(state(SHOP, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new, namespace: shop}\n"));
        assertThat(plan.prune().items())
                .extracting(item -> item.entry().key().name())
                .containsExactlyInAnyOrder("a", "i");
        assertThat(plan.changesNothing()).isFalse();
    }

    @Test
    void whatNobodyCouldLookAtAndHooksCountAsChanges() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Plan nothing = Cluster.after(state).plan(state);
        PlannedHook hook = new PlannedHook(
                new ObjectKey("batch", "Job", "shop", "migrate"),
                nothing.steps().getFirst().wave(),
                nothing.steps().getFirst().origin());
        Plan blind = new Plan("c1", state.digest(), nothing.steps(), List.of(), PrunePlan.UNKNOWN, "");
        Plan runs = new Plan("c1", state.digest(), nothing.steps(), List.of(hook), PrunePlan.NOTHING, "");

        assertThat(nothing.changesNothing()).isTrue();
        assertThat(blind.changesNothing()).isFalse();
        assertThat(blind.isDestructive()).as("that is not known either").isFalse();
        assertThat(runs.changesNothing()).isFalse();
        assertThat(runs.withoutHooks().changesNothing()).isTrue();
    }

    @Test
    void anObjectThatTheInventoryLostJoinsItAgain() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Cluster cluster = Cluster.after(state);
        cluster.inventory = Inventory.EMPTY;
        assertThat(texts(cluster.plan(state)))
                .contains("UPDATE ConfigMap/shop/a, no value changes; it joins the inventory");
    }

    @Test
    void refusalsOfTheServerBecomeFindingsAtTheManifest() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Cluster cluster = Cluster.after(state(SHOP, configMap("other", "1")));
        ObjectKey key = state.objects().getLast().key();
        Map<DryRun, String> expected = Map.of(
                new DryRun.Conflict(List.of(new DryRun.Owner(".data.v", "kubectl-edit"))),
                "apps/b.yaml:1:1: error: ConfigMap/shop/a has fields that others own: .data.v (kubectl-edit)",
                new DryRun.Refused(ErrorCode.Forbidden, "not you"),
                "apps/b.yaml:1:1: error: ConfigMap/shop/a: not you",
                new DryRun.MissingNamespace(),
                "apps/b.yaml:1:1: error: the namespace shop of ConfigMap/shop/a is not there",
                new DryRun.MissingKind(),
                "apps/b.yaml:1:1: error: v1 ConfigMap is not served by the cluster");
        expected.forEach((answer, text) -> {
            Plan plan = planOf(
                    situation(state, cluster.inventory, cluster.live),
                    Map.of(key, answer),
                    Map.of(),
                    PrunePlan.NOTHING);
            assertThat(plan.refusals()).singleElement().asString().startsWith(text);
        });
        assertThatThrownBy(() -> planOf(
                        situation(state, cluster.inventory, cluster.live), Map.of(), Map.of(), PrunePlan.NOTHING))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theHashFollowsWhatIsDoneAndNotTheNoise() {
        DesiredState before = state(SHOP, configMap("a", "1"));
        DesiredState after = state(SHOP, configMap("a", "2"));
        Cluster cluster = Cluster.after(before);
        String hash = cluster.plan(after).hash();
        ((ObjectNode) cluster.object("a").get("metadata")).put("resourceVersion", "77");
        cluster.object("a").putObject("status").put("x", 1);
        assertThat(cluster.plan(after).hash()).isEqualTo(hash);
        ((ObjectNode) cluster.object("a").get("data")).put("v", "edited");
        assertThat(cluster.plan(after).hash()).isNotEqualTo(hash);
    }

    @Test
    void afterApplyingAnyPlanThereIsNothingLeftToDo() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Cluster cluster = new Cluster();
        for (int round = 0; round < 60; round++) {
            StringBuilder apps = new StringBuilder(configMap("always", "x"));
            for (int i = 0; i < 8; i++) {
                if (random.nextBoolean()) {
                    apps.append("---\n").append(configMap("n" + i, "v" + random.nextInt(3)));
                }
            }
            DesiredState desired = state(SHOP, apps.toString());
            Plan plan = cluster.plan(desired);
            assertThat(plan.refusals()).as("seed %d", seed).isEmpty();
            assertThat(plan.steps().size())
                    .as("seed %d", seed)
                    .isEqualTo(desired.objects().size());
            for (PlanStep step : plan.steps()) {
                boolean same = cluster.live.containsKey(step.key())
                        && applied(desired.find(step.key()).orElseThrow()).equals(cluster.live.get(step.key()));
                assertThat(step.action() == Action.UNCHANGED)
                        .as("seed %d, %s", seed, step)
                        .isEqualTo(same);
            }
            plan.prune()
                    .items()
                    .forEach(item -> cluster.live.remove(item.entry().key()));
            Cluster next = Cluster.after(desired);
            assertThat(cluster.live.keySet())
                    .as("seed %d", seed)
                    .allMatch(key -> desired.find(key).isPresent());
            cluster.live.putAll(next.live);
            cluster.inventory = next.inventory;
            assertThat(cluster.plan(desired).changesNothing())
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    @Test
    void listsOfSetsKeepTheirPlanWhenItemsMove() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Cluster cluster = Cluster.after(state);
        ((ArrayNode) cluster.object("a").at("/metadata/managedFields"))
                .insertObject(0)
                .put("manager", "someone")
                .put("operation", "Update");
        assertThat(cluster.plan(state).changesNothing()).isTrue();
    }
}
