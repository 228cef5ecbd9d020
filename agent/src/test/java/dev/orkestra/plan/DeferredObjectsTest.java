package dev.orkestra.plan;

import static dev.orkestra.plan.PlanScene.CRD;
import static dev.orkestra.plan.PlanScene.GADGET;
import static dev.orkestra.plan.PlanScene.SHOP;
import static dev.orkestra.plan.PlanScene.configMap;
import static dev.orkestra.plan.PlanScene.situation;
import static dev.orkestra.plan.PlanScene.state;
import static dev.orkestra.plan.PlanScene.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.plan.PlanScene.Cluster;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What comes with the same commit as its namespace, its kind or a webhook. */
class DeferredObjectsTest {
    @Test
    void theFirstCommitCreatesAndDefersWhatItsOwnNamespaceHolds() {
        DesiredState state = state(SHOP, configMap("a", "1"));
        assertThat(texts(new Cluster().plan(state)))
                .containsExactly("CREATE Namespace/shop", "DEFERRED ConfigMap/shop/a, until Namespace/shop is there");
        assertThat(Planner.triage(situation(state, Inventory.EMPTY, Map.of())).deferred())
                .extracting(ObjectKey::toString)
                .containsExactly("ConfigMap/shop/a");
    }

    @Test
    void anObjectWaitsForItsKindWhenTheCommitBringsIt() {
        assertThat(texts(new Cluster().plan(state(CRD, GADGET))))
                .contains("DEFERRED Gadget.example.test/default/g, until"
                        + " CustomResourceDefinition.apiextensions.k8s.io/gadgets.example.test is there");
    }

    @Test
    void anObjectThatComesBeforeItsKindIsRefused() {
        Plan plan = new Cluster().plan(state(GADGET, CRD));
        assertThat(plan.refusals()).extracting(Diagnostic::code).containsExactly(ErrorCode.WaveConflict);
    }

    private static final String WEBHOOK = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: {name: guard}
            webhooks:
              - name: guard.example.test
                admissionReviewVersions: [v1]
                sideEffects: None
                clientConfig: {url: "https://guard.test"}
                rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
            """;

    @Test
    void anObjectWaitsForTheWebhookThatWillHaveASayInIt() {
        String service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: shop}\n";
        Cluster cluster = Cluster.after(state(SHOP, configMap("other", "1")));
        assertThat(texts(cluster.plan(state(SHOP + "---\n" + WEBHOOK, configMap("a", "1") + service))))
                .contains("CREATE Service/shop/s")
                .contains("DEFERRED ConfigMap/shop/a, until"
                        + " ValidatingWebhookConfiguration.admissionregistration.k8s.io/guard is there");
    }

    /** Its wave deletes it and creates it where a field turns out that cannot be changed, so somebody must know before. */
    @Test
    void aDeferredObjectThatMayBeReplacedSaysSo() {
        String allowed = configMap("a", "%s")
                .replace("shop}", "shop, annotations: {argocd.argoproj.io/sync-options: Replace=true}}");
        Cluster cluster = Cluster.after(state(SHOP, allowed.formatted("1")));
        Plan plan = cluster.plan(state(SHOP + "---\n" + WEBHOOK, allowed.formatted("2")));
        assertThat(plan.steps().getLast().action()).isEqualTo(Action.DEFERRED);
        assertThat(plan.steps().getLast().risks())
                .containsExactly(
                        new Risk(
                                Risk.Kind.REPLACED_DATA,
                                "where a field differs that cannot be changed, it is replaced: it is deleted with what it holds"));
        assertThat(plan.isDestructive()).isTrue();
        assertThat(plan.passesPointOfNoReturn()).isTrue();

        Plan without = Cluster.after(state(SHOP, configMap("a", "1")))
                .plan(state(SHOP + "---\n" + WEBHOOK, configMap("a", "2")));
        assertThat(without.steps().getLast().action()).isEqualTo(Action.DEFERRED);
        assertThat(without.isDestructive()).isFalse();
        Plan fresh = new Cluster().plan(state(SHOP + "---\n" + WEBHOOK, allowed.formatted("2")));
        assertThat(fresh.isDestructive()).isFalse();
    }
}
