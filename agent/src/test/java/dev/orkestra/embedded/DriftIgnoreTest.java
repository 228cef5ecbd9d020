package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriftIgnoreTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'kind': 'Deployment', 'group': 'apps', 'version': 'v1', 'name': 'we.', 'namespace': 'shop'}",
                "{'labelSelector': 'app=web, !canary,tier!=db,app'}"
            })
    void takesOutWhatATargetNames(String target) throws IOException {
        ObjectNode object = stripped("{'paths': ['/spec/replicas'], 'target': " + target + "}");
        assertThat(object.path("spec").has("replicas")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'kind': 'Deploy'}",
                "{'group': 'batch'}",
                "{'name': 'we'}",
                "{'labelSelector': 'app=other'}",
                "{'labelSelector': '!app'}",
                "{'annotationSelector': 'app=web'}"
            })
    void leavesWhatATargetDoesNotName(String target) throws IOException {
        ObjectNode object = stripped("{'paths': ['/spec/replicas'], 'target': " + target + "}");
        assertThat(object.path("spec").path("replicas").asInt()).isEqualTo(2);
    }

    @Test
    void ignoresAWholeObjectAndBearsPathsThatAreNotThere() throws IOException {
        assertThat(DriftIgnore.strip(object(), DriftIgnore.of(json("{'ignore': [{'paths': ['']}]}"))))
                .isFalse();
        assertThat(stripped("{'paths': ['nonsense', '/no/such/thing', '/spec/list/7', '/spec/list/0']}"))
                .isEqualTo(json(object().toString().replace("[1,2]", "[2]")));
    }

    private static ObjectNode stripped(String rule) throws IOException {
        ObjectNode object = object();
        assertThat(DriftIgnore.strip(object, DriftIgnore.of(json("{'ignore': [" + rule + "]}"))))
                .isTrue();
        return object;
    }

    private static ObjectNode object() throws IOException {
        return json("{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web','namespace':'shop',"
                + "'labels':{'app':'web'}},'spec':{'replicas':2,'list':[1,2]}}");
    }

    private static ObjectNode json(String text) throws IOException {
        return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
    }
}
