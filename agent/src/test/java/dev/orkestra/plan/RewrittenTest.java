package dev.orkestra.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RewrittenTest {
    private static ObjectNode json(String text) throws Exception {
        return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "another text        | {'data': {'a': 'x'}} | {'data': {'a': 'y'}} | data.a",
                "another number      | {'spec': {'replicas': 1}} | {'spec': {'replicas': 2}} | spec.replicas",
                "a switch            | {'spec': {'paused': true}} | {'spec': {'paused': false}} | spec.paused",
                "an item of a list   | {'c': [{'name': 'w', 'image': 'a'}]} | {'c': [{'name': 'w', 'image': 'b'}]} | c[name=w].image",
            })
    void namesWhatHasAnotherValue(String what, String wanted, String result, String field) throws Exception {
        assertThat(Rewritten.note(json(wanted), json(result)))
                .as(what)
                .isEqualTo("a webhook, or the API server, puts another value than Git's: " + field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a default           | {'a': 1} | {'a': 1, 'b': 2}",
                "a sidecar           | {'c': [{'name': 'w'}]} | {'c': [{'name': 'w'}, {'name': 's'}]}",
                "stringData          | {'stringData': {'a': 'x'}} | {'data': {'a': 'eA=='}}",
                "a quantity          | {'limits': {'memory': '1024Mi'}} | {'limits': {'memory': '1Gi'}}",
                "another quantity    | {'limits': {'cpu': '1000m'}} | {'limits': {'cpu': '1'}}",
                "a number as a text  | {'limits': {'cpu': 1}} | {'limits': {'cpu': '1'}}",
                "nothing             | {'a': null} | {}",
            })
    void saysNothingOfWhatIsAddedOrWrittenInAnotherForm(String what, String wanted, String result) throws Exception {
        assertThat(Rewritten.note(json(wanted), json(result))).as(what).isEmpty();
    }

    @Test
    void manyFieldsAreCounted() throws Exception {
        String one = IntStream.range(0, 7).mapToObj(i -> "'k" + i + "': 'x'").collect(Collectors.joining(","));

        assertThat(Rewritten.note(json("{" + one + "}"), json("{" + one.replace("'x'", "'y'") + "}")))
                .endsWith("Git's: k0, k1, k2, k3, k4 and 2 more");
    }
}
