package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.InventoryEntry;
import org.junit.jupiter.api.Test;

/** Which objects that stand in the inventory may be deleted: what counts is the live object, not the list. */
class RemoverMarkTest {
    private static final String LABEL = "orkestra.staging";
    private static final ObjectKey KEY = new ObjectKey("apps", "Deployment", "kube-system", "coredns");
    private static final InventoryEntry APPLIED =
            new InventoryEntry(KEY, "apps/v1", Wave.sync(0, 0), "sha256:a", "sha256:b", "u1");
    private static final InventoryEntry INTENDED = InventoryEntry.intended(KEY, "apps/v1", Wave.sync(0, 0));

    @Test
    void attack27_aForeignObjectInTheInventoryIsNotOurs() {
        assertThat(Remover.isOurs(live("u1", "", "kubectl"), APPLIED, LABEL)).isFalse();
        assertThat(Remover.isOurs(live("u1", "orkestra.production", "orkestra-agent"), APPLIED, LABEL))
                .isFalse();
        assertThat(Remover.isOurs(live("u1", "", "kubectl"), INTENDED, LABEL)).isFalse();
    }

    @Test
    void attack28_aCopiedLabelMakesNothingDeletable() {
        assertThat(Remover.isOurs(live("u2", LABEL, "kubectl"), APPLIED, LABEL)).isFalse();
        assertThat(Remover.isOurs(live("u2", LABEL, "kubectl"), INTENDED, LABEL))
                .isFalse();
    }

    @Test
    void whatTheAgentAppliedIsOurs() {
        assertThat(Remover.isOurs(live("u1", LABEL, "orkestra-agent"), APPLIED, LABEL))
                .isTrue();
        assertThat(Remover.isOurs(live("u1", LABEL, "orkestra-agent"), INTENDED, LABEL))
                .isTrue();
    }

    private static ObjectNode live(String uid, String label, String manager) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = object.putObject("metadata").put("uid", uid);
        if (!label.isEmpty()) {
            metadata.putObject("labels").put(Labels.CONFIG_REPO, label);
        }
        ObjectNode entry = metadata.putArray("managedFields").addObject().put("manager", manager);
        entry.putObject("fieldsV1")
                .putObject("f:metadata")
                .putObject("f:labels")
                .putObject("f:" + Labels.CONFIG_REPO);
        return object;
    }
}
