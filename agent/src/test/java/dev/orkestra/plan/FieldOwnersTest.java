package dev.orkestra.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.DocumentReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldOwnersTest {
    private static final FieldPath REPLICAS = FieldPath.ROOT.field("spec").field("replicas");
    private static final FieldPath IMAGE = FieldPath.ROOT
            .field("spec")
            .field("containers")
            .then(FieldPath.step("k:{\"name\":\"web\"}"))
            .field("image");

    private static final ObjectNode LIVE = live("""
            metadata:
              managedFields:
                - {manager: orkestra-agent, operation: Apply, time: "2026-01-01T00:00:10Z", fieldsV1: {"f:spec": {"f:paused": {}}}}
                - {manager: hpa, operation: Update, subresource: scale, time: "2026-01-01T00:00:20Z", fieldsV1: {"f:spec": {"f:replicas": {}}}}
                - {manager: kubectl-edit, operation: Update, time: "2026-01-01T00:00:30Z", fieldsV1: {"f:spec": {"f:containers": {'k:{"name":"web"}': {".": {}, "f:image": {}}}}}}
                - {manager: early, operation: Update, time: "2026-01-01T00:00:05Z", fieldsV1: {"f:data": {}}}
            """);

    @Test
    void whoOwnsTheFieldNowChangedIt() {
        assertThat(FieldOwners.changed(LIVE, List.of(REPLICAS), "orkestra-agent"))
                .contains(new FieldOwners.Owner("hpa", "Update of scale", Instant.parse("2026-01-01T00:00:20Z")));
        assertThat(FieldOwners.changed(LIVE, List.of(IMAGE), "orkestra-agent"))
                .map(FieldOwners.Owner::manager)
                .contains("kubectl-edit");
    }

    @Test
    void ofSeveralTheNewestIsNamed() {
        assertThat(FieldOwners.changed(LIVE, List.of(REPLICAS, IMAGE), "orkestra-agent"))
                .map(FieldOwners.Owner::manager)
                .contains("kubectl-edit");
    }

    @Test
    void aFieldThatIsOwnedAsAWholeCoversWhatIsBelow() {
        FieldPath below = FieldPath.ROOT.field("data").field("key");

        assertThat(FieldOwners.changed(LIVE, List.of(below), "orkestra-agent"))
                .map(FieldOwners.Owner::manager)
                .contains("early");
    }

    @Test
    void whereAFieldWasRemovedWhoeverWroteAfterUsIsNamed() {
        FieldPath gone = FieldPath.ROOT.field("metadata").field("labels").field("team");

        assertThat(FieldOwners.changed(LIVE, List.of(gone), "orkestra-agent"))
                .map(FieldOwners.Owner::manager)
                .contains("kubectl-edit");
    }

    @Test
    void nobodyIsNamedWhoWroteBeforeUs() {
        ObjectNode live = live("""
                metadata:
                  managedFields:
                    - {manager: orkestra-agent, operation: Apply, time: "2026-01-01T00:00:10Z", fieldsV1: {}}
                    - {manager: early, operation: Update, time: "2026-01-01T00:00:05Z", fieldsV1: {"f:data": {"f:x": {}}}}
                    - {manager: timeless, operation: Update, fieldsV1: {}}
                """);

        assertThat(FieldOwners.changed(live, List.of(REPLICAS), "orkestra-agent"))
                .isEmpty();
    }

    private static ObjectNode live(String yaml) {
        return (ObjectNode) DocumentReader.read("r", yaml.getBytes(StandardCharsets.UTF_8))
                .documents()
                .getFirst()
                .root()
                .toJson();
    }
}
