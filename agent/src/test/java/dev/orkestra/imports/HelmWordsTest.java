package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HelmWordsTest {
    private static String words(String standardError) {
        return HelmWords.unreadable(standardError, "/tmp/render1/chart").message();
    }

    @Test
    void warningsAdviceAndTheFolderAreLeftOut() {
        assertThat(words("""
                        WARNING: something is old
                        coalesce.go:286: warning: cannot overwrite table
                        Error: template: demo/templates/b.yaml:1:2: cannot open /tmp/render1/chart/x in /tmp/render1/chart

                        Use --debug flag to render out invalid YAML
                        """))
                .isEqualTo(
                        "Helm cannot render the chart: template: demo/templates/b.yaml:1:2: cannot open x in the chart");
        assertThat(words("")).isEqualTo("Helm cannot render the chart: it says nothing");
        assertThat(words("signal: killed")).isEqualTo("Helm cannot render the chart: signal: killed");
    }

    @Test
    void violationsOfSchemasReadAsOneSentence() {
        assertThat(words("""
                        Error: values don't meet the specifications of the schema(s) in the following chart(s):
                        demo:
                        - at '': missing property 'name'
                        - at '/n': got number, want string
                        sub:
                        - at '/x': got null, want string
                        """))
                .isEqualTo(
                        "the values don't fit the chart's values.schema.json: demo: at '': missing property 'name'; at"
                                + " '/n': got number, want string; sub: at '/x': got null, want string");
    }

    @Test
    void ofALongChainBothEndsAreKept() {
        String chain = "error calling include: ".repeat(10_000);
        assertThat(words("Error: template: demo/a.yaml:1:2: " + chain + "nested too deep"))
                .startsWith("Helm cannot render the chart: template: demo/a.yaml:1:2: ")
                .endsWith("nested too deep")
                .hasSizeLessThan(800);
    }
}
