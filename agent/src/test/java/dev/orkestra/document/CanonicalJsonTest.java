package dev.orkestra.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {
    private static JsonNode read(String json) throws Exception {
        return new ObjectMapper().readTree(json);
    }

    @Test
    void aNumberIsTheSameHoweverItIsHeld() throws Exception {
        ObjectNode written = JsonNodeFactory.instance.objectNode();
        written.putArray("conditions").addObject().put("observedGeneration", 3L);

        assertThat(CanonicalJson.same(written, read("{\"conditions\":[{\"observedGeneration\":3}]}")))
                .isTrue();
        assertThat(CanonicalJson.same(written, read("{\"conditions\":[{\"observedGeneration\":4}]}")))
                .isFalse();
    }

    @Test
    void otherValuesAreComparedAsTheyAre() throws Exception {
        assertThat(CanonicalJson.same(read("{\"a\":1,\"b\":\"x\"}"), read("{\"b\":\"x\",\"a\":1}")))
                .isTrue();
        assertThat(CanonicalJson.same(read("{\"a\":1}"), read("{\"a\":\"1\"}"))).isFalse();
        assertThat(CanonicalJson.same(read("{\"a\":1}"), read("{\"a\":1.5}"))).isFalse();
        assertThat(CanonicalJson.same(read("{\"a\":1}"), read("{\"a\":1,\"b\":null}")))
                .isFalse();
        assertThat(CanonicalJson.same(read("[1,2]"), read("[2,1]"))).isFalse();
        assertThat(CanonicalJson.same(read("{}"), JsonNodeFactory.instance.missingNode()))
                .isFalse();
    }
}
