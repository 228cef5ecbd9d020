package dev.orkestra.plan;

import static dev.orkestra.plan.PlanScene.SHOP;
import static dev.orkestra.plan.PlanScene.assemble;
import static dev.orkestra.plan.PlanScene.planOf;
import static dev.orkestra.plan.PlanScene.situation;
import static dev.orkestra.plan.PlanScene.state;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.AssembleResult;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.plan.PlanScene.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** No value of a Secret in any form of a plan. */
class PlannedSecretsTest {
    @Test
    void valuesOfSecretsAreNowhereInThePlan() {
        String secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop, labels: {a: '%s'}}\n"
                + "stringData: {password: %s}\n";
        Cluster cluster = Cluster.after(state(SHOP, secret.formatted("1", "hunter1")));
        AssembleResult next = assemble(SHOP, secret.formatted("2", "hunter2"));
        Plan plan = cluster.plan(next.state().orElseThrow());
        PlanHeader header = new PlanHeader("orkestra", "staging", "x", "", "", List.of());
        String all = PlanJson.full(plan, header) + PlanText.render(plan, header, false);
        assertThat(all)
                .doesNotContain("hunter")
                .doesNotContain("aHVudGVy")
                .contains("data.password")
                .contains("\"1\" -> \"2\"");
        Plan refused = planOf(
                situation(next.state().orElseThrow(), cluster.inventory, cluster.live),
                Map.of(
                        next.state().orElseThrow().objects().getLast().key(),
                        new DryRun.Refused(ErrorCode.Refused, "Invalid value: \"hunter2\"")),
                Map.of(),
                PrunePlan.NOTHING);
        assertThat(refused.refusals().toString()).doesNotContain("hunter").contains("[Refused]");
    }

    @Test
    void attack22ACopyOfASecretInAnAnnotationOrARemovedKeyIsNotShownEither() {
        String secret =
                "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop, annotations: {copy: '%s'}}\n"
                        + "stringData: {%s}\n";
        Cluster cluster = Cluster.after(state(SHOP, secret.formatted("hunter1", "password: hunter1, old: hunter3")));
        DesiredState next = state(SHOP, secret.formatted("hunter2", "password: hunter2"));
        ObjectKey key = next.objects().getLast().key();
        ((ObjectNode) Objects.requireNonNull(cluster.live.get(key))
                        .path("metadata")
                        .path("annotations"))
                .put("kubectl.kubernetes.io/last-applied-configuration", "{\"data\":{\"password\":\"hunter1\"}}");
        Plan plan = cluster.plan(next);
        PlanHeader header = new PlanHeader("orkestra", "staging", "x", "", "", List.of());
        assertThat(PlanJson.full(plan, header) + PlanText.render(plan, header, false))
                .contains("data.password")
                .doesNotContain("aHVudGVy")
                .doesNotContain("hunter");
    }
}
