package dev.orkestra.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose an object is. A label alone makes nothing ours, and nothing makes another ConfigRepo's object ours. */
class OwnershipTest {
    private static final String OURS = "orkestra.staging";
    private static final DesiredObject WANTED = wanted();

    @ParameterizedTest
    @ValueSource(
            strings = {"kubectl", "kubectl-client-side-apply", "helm", "kustomize-controller", "argocd-controller"})
    void attack28_aLabelThatSomebodyCopiedAdoptsNothing(String manager) {
        ObjectNode copied = live(OURS, manager);

        assertThat(refusal("refuse", copied, Inventory.EMPTY)).hasValueSatisfying(finding -> {
            assertThat(finding.code()).isEqualTo(ErrorCode.OwnedElsewhere);
            assertThat(finding.message()).contains("'" + manager + "'");
        });
        assertThat(Ownership.isMarked(copied, OURS)).isFalse();
        assertThat(Ownership.mayForce(PlanScene.repo("refuse"), WANTED, copied, Inventory.EMPTY))
                .isFalse();
        assertThat(refusal("takeover", copied, Inventory.EMPTY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"refuse", "takeover"})
    void attack28_ofTwoEnvironmentsThatClaimOneObjectTheSecondIsRefused(String adoption) {
        ObjectNode theirs = live("orkestra.production", OwnedFields.MANAGER);

        assertThat(refusal(adoption, theirs, Inventory.EMPTY))
                .hasValueSatisfying(finding ->
                        assertThat(finding.message()).contains("belongs to the ConfigRepo orkestra/production"));
        // Not even when the inventory says that it was ours.
        assertThat(refusal(adoption, theirs, Inventory.EMPTY.with(List.of(AppliedObjects.entry(WANTED)))))
                .isPresent();
    }

    @Test
    void whatTheAgentMarkedIsOursEvenWhenTheInventoryIsLost() {
        ObjectNode ours = live(OURS, OwnedFields.MANAGER);

        assertThat(Ownership.isMarked(ours, OURS)).isTrue();
        assertThat(Ownership.isMarked(ours, "orkestra.production")).isFalse();
        assertThat(refusal("refuse", ours, Inventory.EMPTY)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "labels, app.kubernetes.io/managed-by, Helm",
        "labels, kustomize.toolkit.fluxcd.io/name, apps",
        "labels, helm.toolkit.fluxcd.io/name, web",
        "labels, argocd.argoproj.io/instance, shop",
        "annotations, meta.helm.sh/release-name, web",
        "annotations, argocd.argoproj.io/tracking-id, 'shop:/ConfigMap:shop/a'"
    })
    void theMarksOfOtherToolsAreKnown(String place, String name, String value) {
        ObjectNode live = live("", "somebody");
        ((ObjectNode) live.get("metadata")).withObject(place).put(name, value);

        assertThat(refusal("refuse", live, Inventory.EMPTY)).isPresent();
        assertThat(refusal("takeover", live, Inventory.EMPTY)).isEmpty();
    }

    private static Optional<Diagnostic> refusal(String adoption, ObjectNode live, Inventory inventory) {
        return Ownership.refusal(PlanScene.repo(adoption), WANTED, live, inventory);
    }

    private static ObjectNode live(String label, String manager) {
        ObjectNode body = WANTED.body().deepCopy();
        ObjectNode metadata = (ObjectNode) body.get("metadata");
        metadata.remove("labels");
        if (!label.isEmpty()) {
            metadata.putObject("labels").put(ConfigRepo.LABEL, label);
        }
        return AppliedObjects.applied(body, "uid-a", manager);
    }

    private static DesiredObject wanted() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("apiVersion", "v1").put("kind", "ConfigMap");
        ObjectNode metadata = body.putObject("metadata").put("name", "a").put("namespace", "shop");
        metadata.putObject("labels").put(ConfigRepo.LABEL, OURS);
        return new DesiredObject(
                new ObjectKey("", "ConfigMap", "shop", "a"),
                body,
                Wave.sync(0, 0),
                new Position("infra/a.yaml", 1, 1),
                CanonicalJson.digest(body));
    }
}
