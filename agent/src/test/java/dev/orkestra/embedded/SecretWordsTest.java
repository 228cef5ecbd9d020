package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretWordsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void masksEveryLeafInEveryFormThatAMessageQuotesItIn() throws IOException {
        SecretWords words = SecretWords.of(List.of(JSON.readTree("""
                {"db": {"password": "hunter2", "port": 54321, "on": true}, "keys": ["first\\nsecond", "say \\"hi\\""]}""")));
        assertThat(words.mask("Invalid value: \"hunter2\" at 54321, is true"))
                .isEqualTo("Invalid value: \"***\" at ***, is true");
        assertThat(words.mask("data: aHVudGVyMg== first second \"first\\nsecond\" \"say \\\"hi\\\"\""))
                .doesNotContain("aHVudGVyMg", "first", "second", "hi");
        assertThat(words.toString()).doesNotContain("hunter2");
    }

    @Test
    void masksTheLongestFirstSoThatNoRestStays() throws IOException {
        SecretWords words = SecretWords.of(List.of(JSON.readTree("[\"abc\", \"abcdef\"]")));
        assertThat(words.mask("abcdef abc")).isEqualTo("*** ***");
    }

    @Test
    void masksTheMessagesOfConditionsAndNothingElse() throws IOException {
        ObjectNode status = (ObjectNode) JSON.readTree(
                "{\"conditions\": [{\"type\": \"Ready\", \"message\": \"no hunter2\"}], \"failures\": 1}");
        SecretWords.of(List.of(JSON.readTree("\"hunter2\""))).maskConditions(status);
        assertThat(status.toString())
                .isEqualTo("{\"conditions\":[{\"type\":\"Ready\",\"message\":\"no ***\"}],\"failures\":1}");
    }
}
