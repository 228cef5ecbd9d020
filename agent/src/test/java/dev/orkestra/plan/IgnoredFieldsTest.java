package dev.orkestra.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.ObjectKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnoredFieldsTest {
    private static final ObjectKey WEB = new ObjectKey("apps", "Deployment", "shop", "web");

    static ConfigRepo repo(String rule) {
        String yaml = """
                metadata: {name: staging, namespace: orkestra}
                spec:
                  source: {url: "http://git.test/x"}
                  layers: [{path: infra, wave: 0}, {path: apps, wave: 2}]
                  serviceAccountName: s
                  ignoreDifferences: [%s]
                """.formatted(rule);
        return ConfigRepoParser.parse((ObjectNode) DocumentReader.read("r", yaml.getBytes(StandardCharsets.UTF_8))
                        .documents()
                        .getFirst()
                        .root()
                        .toJson())
                .configRepo()
                .orElseThrow();
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A Deployment whose replicas a scaler has taken, and whose image and labels are still ours. */
    private static ObjectNode live(String replicasOwner) {
        String ours = replicasOwner.equals("orkestra-agent") ? "'f:replicas': {}, " : "";
        return json(
                "{'metadata': {'name': 'web', 'labels': {'a': 'x', 'b': 'y'}, 'managedFields': ["
                        + "{'manager': 'orkestra-agent', 'operation': 'Apply', 'fieldsV1': {"
                        + "'f:metadata': {'f:labels': {'f:a': {}}}, 'f:spec': {" + ours
                        + "'f:containers': {'k:{\\'name\\':\\'web\\'}': {'.': {}, 'f:name': {}, 'f:image': {}}}}}},"
                                .replace("\\'", "\\\"")
                        + "{'manager': 'scaler', 'operation': 'Update', 'subresource': 'scale', 'fieldsV1':"
                        + " {'f:spec': {'f:replicas': {}}}}]},"
                        + " 'spec': {'replicas': 5, 'containers': [{'name': 'side', 'image': 's:1'}, {'name': 'web', 'image': 'web:9'}]}}");
    }

    private static ObjectNode body() {
        return json("{'metadata': {'name': 'web', 'labels': {'a': 'new'}},"
                + " 'spec': {'replicas': 3, 'containers': [{'name': 'web', 'image': 'web:1'}]}}");
    }

    private static IgnoredFields rule(String rule) {
        return IgnoredFields.of(repo(rule), WEB);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{group: apps, kind: Deployment, jsonPointers: [/spec/replicas]} | true",
                "{kind: Deployment, jsonPointers: [/spec/replicas]} | false",
                "{group: apps, kind: '*', name: web, namespace: shop, jsonPointers: [/spec/replicas]} | true",
                "{group: '*', kind: '*', jsonPointers: [/spec/replicas]} | true",
                "{group: apps, kind: Deployment, name: other, jsonPointers: [/spec/replicas]} | false",
                "{group: apps, kind: Deployment, namespace: other, jsonPointers: [/spec/replicas]} | false",
                "{group: apps, kind: StatefulSet, jsonPointers: [/spec/replicas]} | false"
            })
    void aRuleIsForTheObjectsThatItNames(String text, boolean applies) {
        assertThat(rule(text).isEmpty()).isEqualTo(!applies);
    }

    @Test
    void aFieldThatAnotherOwnsIsNotApplied() {
        ObjectNode applied = rule("{group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}")
                .toApply(body(), live("scaler"));
        assertThat(applied.at("/spec").has("replicas")).isFalse();
        assertThat(applied.at("/spec/containers/0/image").asText()).isEqualTo("web:1");
        assertThat(body().at("/spec/replicas").asInt()).isEqualTo(3);
    }

    @Test
    void aFieldThatIsOursKeepsTheValueItHasSinceGivingItUpWouldTakeItAway() {
        ObjectNode applied = rule("{group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}")
                .toApply(body(), live("orkestra-agent"));
        assertThat(applied.at("/spec/replicas").asInt()).isEqualTo(5);
        ObjectNode without = body();
        ((ObjectNode) without.get("spec")).remove("replicas");
        ObjectNode kept = rule("{group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}")
                .toApply(without, live("orkestra-agent"));
        assertThat(kept.at("/spec/replicas").asInt())
                .as("out of Git, and still ours")
                .isEqualTo(5);
    }

    @Test
    void aNewObjectIsAppliedWhole() {
        assertThat(rule("{group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}")
                        .toApply(body(), null))
                .isEqualTo(body());
    }

    @Test
    void itemsOfListsAreFoundByTheirKeys() {
        ObjectNode applied = rule("{group: apps, kind: Deployment, jsonPointers: [/spec/containers/*/image]}")
                .toApply(body(), live("scaler"));
        assertThat(applied.at("/spec/containers/0/image").asText()).isEqualTo("web:9");
    }

    @Test
    void starsStandForAnyName() {
        ObjectNode applied = rule("{group: apps, kind: Deployment, jsonPointers: ['/metadata/*/a']}")
                .toApply(body(), live("scaler"));
        assertThat(applied.at("/metadata/labels")).isEqualTo(json("{'a': 'x'}"));
    }

    @Test
    void whatAManagerOwnsIsLeftToIt() {
        ObjectNode applied = rule("{group: apps, kind: Deployment, managedFieldsManagers: [scaler]}")
                .toApply(body(), live("scaler"));
        assertThat(applied.at("/spec").has("replicas")).isFalse();
        assertThat(applied.at("/metadata/labels/a").asText()).isEqualTo("new");
    }

    @Test
    void theDigestOfOwnedFieldsDoesNotSeeThem() {
        IgnoredFields ignored =
                rule("{group: apps, kind: Deployment, jsonPointers: [/spec/replicas, '/spec/containers/*/image']}");
        ObjectNode one = live("orkestra-agent");
        ObjectNode other = live("orkestra-agent");
        ((ObjectNode) other.get("spec")).put("replicas", 9);
        ((ObjectNode) other.at("/spec/containers/1")).put("image", "other");
        assertThat(OwnedFields.digest(other, OwnedFields.MANAGER, ignored))
                .isEqualTo(OwnedFields.digest(one, OwnedFields.MANAGER, ignored));
        assertThat(OwnedFields.digest(other, OwnedFields.MANAGER))
                .isNotEqualTo(OwnedFields.digest(one, OwnedFields.MANAGER));
        ((ObjectNode) other.at("/metadata/labels")).put("a", "changed");
        assertThat(OwnedFields.digest(other, OwnedFields.MANAGER, ignored))
                .isNotEqualTo(OwnedFields.digest(one, OwnedFields.MANAGER, ignored));
        assertThat(OwnedFields.changes(one, other, OwnedFields.MANAGER, ignored))
                .extracting(change -> change.path().toString())
                .containsExactly("metadata.labels.a");
    }

    @Test
    void aListThatIsOwnedAsAWholeKeepsItsOtherItems() {
        ObjectNode live = json("{'metadata': {'managedFields': [{'manager': 'orkestra-agent', 'operation': 'Apply',"
                + " 'fieldsV1': {'f:spec': {'f:hosts': {}}}}]}, 'spec': {'hosts': ['a', 'b']}}");
        ObjectNode body = json("{'spec': {'hosts': ['x', 'y']}}");
        ObjectNode applied = rule("{group: apps, kind: Deployment, jsonPointers: [/spec/hosts/1]}")
                .toApply(body, live);
        assertThat(applied.at("/spec/hosts").toString()).isEqualTo("[\"x\",\"b\"]");
    }
}
