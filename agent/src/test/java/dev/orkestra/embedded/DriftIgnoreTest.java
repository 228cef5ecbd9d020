package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void noExpressionTakesLongerThanItsTextIsLong() throws IOException {
        ObjectNode object = object();
        object.withObject("/metadata").put("name", "a".repeat(250));
        String rule = "{'paths': [''], 'target': {'name': '(.*a){20}b'}}";
        assertThat(DriftIgnore.strip(object, DriftIgnore.of(json("{'ignore': [" + rule + "]}"))))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'paths': ['/a']}                                | 100 | 101 | more than 100 entries
            {'paths': ['/%s']}                               | 10  | 100 | longer than 20000 characters
            {'target': {'name': 'a{900}', 'kind': 'b{900}'}} | 2   | 3   | more than 5000 states""")
    void refusesMoreRulesThanOneReleaseMayHave(String rule, int allowed, int tooMany, String why) throws IOException {
        String long400 = rule.formatted("x".repeat(400));
        assertThat(DriftIgnore.excess(times(long400, allowed))).isEmpty();
        assertThat(DriftIgnore.excess(times(long400, tooMany)).orElse("")).contains(why);
        ObjectNode release = json("{'metadata': {'name': 'web', 'namespace': 'shop'}, 'spec':"
                + " {'chart': {'spec': {'chart': 'web'}}}}");
        release.withObject("/spec").set("driftDetection", times(long400, tooMany));
        assertThat(ReleaseSpec.parse(release).toString()).contains("Terminal", why);
    }

    private static ObjectNode times(String rule, int count) throws IOException {
        return json("{'ignore': [" + String.join(",", Collections.nCopies(count, rule)) + "]}");
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
