package dev.orkestra.plan;

import static dev.orkestra.plan.AppliedObjects.applied;
import static dev.orkestra.plan.AppliedObjects.entry;
import static dev.orkestra.plan.PlanScene.SHOP;
import static dev.orkestra.plan.PlanScene.configMap;
import static dev.orkestra.plan.PlanScene.repo;
import static dev.orkestra.plan.PlanScene.state;
import static dev.orkestra.plan.PlanScene.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.plan.PlanScene.Cluster;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose object, and whose field. */
class PlannedOwnershipTest {
    private static Plan planOver(ObjectNode present, String adoption) {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Cluster cluster = Cluster.after(state(SHOP, configMap("other", "1")));
        cluster.live.put(state.objects().getLast().key(), present);
        return cluster.plan(repo(adoption), state);
    }

    private static ObjectNode foreign(String manager) {
        ObjectNode body =
                state(SHOP, configMap("a", "1")).objects().getLast().body().deepCopy();
        ((ObjectNode) body.get("metadata")).remove("labels");
        return AppliedObjects.applied(body, "u", manager);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kubectl-client-side-apply",
                "kubectl",
                "helm",
                "Helm",
                "kustomize-controller",
                "argocd-controller"
            })
    void whatAnotherToolManagesIsTakenOverOnlyWhenAllowed(String manager) {
        Plan refused = planOver(foreign(manager), "refuse");
        assertThat(refused.refusals()).singleElement().asString().contains("'" + manager + "'");
        assertThat(refused.refusals().getFirst().code()).isEqualTo(ErrorCode.OwnedElsewhere);
        assertThat(texts(planOver(foreign(manager), "takeover"))).contains("UPDATE ConfigMap/shop/a");
    }

    @Test
    void whatAControllerOfKubernetesMadeIsTakenOver() {
        assertThat(planOver(foreign("kube-controller-manager"), "refuse").refusals())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"refuse", "takeover"})
    void anObjectOfAnotherConfigRepoIsNeverTakenOver(String adoption) {
        ObjectNode other = foreign("orkestra-agent");
        ((ObjectNode) other.get("metadata")).putObject("labels").put(ConfigRepo.LABEL, "orkestra.production");
        assertThat(planOver(other, adoption).refusals())
                .singleElement()
                .asString()
                .contains("belongs to the ConfigRepo orkestra/production");
    }

    @Test
    void forceIsForTheAnnotationAndForTheFirstTakeover() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        DesiredObject object = state.objects().getLast();
        Inventory known = Inventory.EMPTY.with(List.of(entry(object)));
        assertThat(Ownership.mayForce(repo("refuse"), object, foreign("helm"), Inventory.EMPTY))
                .isFalse();
        assertThat(Ownership.mayForce(repo("takeover"), object, foreign("helm"), Inventory.EMPTY))
                .isTrue();
        assertThat(Ownership.mayForce(repo("takeover"), object, foreign("helm"), known))
                .isFalse();
        assertThat(Ownership.mayForce(repo("takeover"), object, applied(object), Inventory.EMPTY))
                .isFalse();
        DesiredObject forced = state(
                        SHOP, configMap("a", "1").replace("shop}", "shop, annotations: {orkestra.dev/force: 'true'}}"))
                .objects()
                .getLast();
        assertThat(Ownership.mayForce(repo("refuse"), forced, null, Inventory.EMPTY))
                .isTrue();
    }

    @Test
    void aFieldThatAnotherManagerWroteNamesIt() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        Cluster cluster = Cluster.after(state);
        ObjectNode live = cluster.object("a");
        ((ObjectNode) live.get("data")).put("v", "edited");
        ObjectNode entry = live.withArray("/metadata/managedFields").addObject();
        entry.put("manager", "kubectl-edit").put("operation", "Update");
        entry.putObject("fieldsV1").putObject("f:data").putObject("f:v");
        Plan plan = cluster.plan(state);
        assertThat(plan.steps().getLast().changes().getFirst().changedBy()).isEqualTo("kubectl-edit");
        assertThat(plan.steps().getLast().isDrift()).isTrue();
    }
}
