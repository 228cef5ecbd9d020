package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HelmValuesTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void valueFilesAreMergedDeeplyAndInOrder() {
        assertThat(merged("{}", "{a: {b: 1, c: [1, 2]}, d: 1}", "{a: {c: [3], e: 2}, d: {f: 1}}"))
                .isEqualTo(json("{a: {b: 1, c: [3], e: 2}, d: {f: 1}}"));
        assertThat(merged("{}", "{a: {b: 1}}", "{a: 2}", "{a: {c: 3}}")).isEqualTo(json("{a: {c: 3}}"));
    }

    /** If the key were taken away here, the chart's default would come back. */
    @Test
    void aNullStaysSoThatHelmTakesTheDefaultAway() {
        assertThat(merged("{}", "{a: {b: 1}}", "{a: {b: null}}")).isEqualTo(json("{a: {b: null}}"));
    }

    @Test
    void valuesReplaceWholeTopLevelKeys() {
        assertThat(merged("{a: {x: 9}}", "{a: {b: 1, c: 2}, d: 1}")).isEqualTo(json("{a: {x: 9}, d: 1}"));
    }

    @Test
    void emptyFilesCountAndWhatIsNoMappingDoesNot() {
        assertThat(merged("null", "null", "{a: 1}")).isEqualTo(json("{a: 1}"));
        assertThat(HelmValues.of(need("{}", "[1]"))).isEmpty();
        assertThat(HelmValues.of(need("7"))).isEmpty();
    }

    @Test
    void theSameValuesInAnotherPlaceAreAnotherNeed() {
        assertThat(need("{a: 1}").key()).isNotEqualTo(need("{}", "{a: 1}").key());
        assertThat(need("{a: 1}", "{b: 1}").key())
                .isNotEqualTo(need("{b: 1}", "{a: 1}").key());
        assertThat(need("{a: 1, b: 2}").key()).isEqualTo(need("{b: 2, a: 1}").key());
    }

    private static JsonNode merged(String values, String... valueFiles) {
        return HelmValues.of(need(values, valueFiles)).orElseThrow();
    }

    private static Need.Rendering need(String values, String... valueFiles) {
        List<JsonNode> files =
                Arrays.stream(valueFiles).map(HelmValuesTest::json).toList();
        return new Need.Rendering(Provided.Files.of(Map.of(), "1.0.0"), files, json(values), null);
    }

    private static JsonNode json(String flow) {
        try {
            return MAPPER.readTree(flow.replaceAll("([a-z])(?=:)", "\"$1\""));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(flow, e);
        }
    }
}
