package dev.orkestra.katalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputExpressionsTest {
    private static final InputExpressions EXPRESSIONS = new InputExpressions(
            Map.of("name", "Web", "empty", "", "tag", " v1 ", "dynamic", "{{ .spec.image }}", "a-b", "dashed"));

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "plain ; plain",
                "{{ .inputs.name }} ; Web",
                "{{.inputs.name}} ; Web",
                "{{- .inputs.name -}} ; Web",
                "{{ inputs.name }} ; Web",
                "a-{{ .inputs.name }}-{{ .inputs.name }} ; a-Web-Web",
                "{{ .metadata.name }}-{{ .inputs.name }} ; {{ .metadata.name }}-Web",
                "{{ .spec.x }} ; {{ .spec.x }}",
                "{{ index .inputs \"a-b\" }} ; dashed",
                "{{ .inputs.name | toLower }} ; web",
                "{{ toUpper .inputs.name }} ; WEB",
                "{{ .inputs.tag | trim | toUpper }} ; V1",
                "{{ quote .inputs.name }} ; \"Web\"",
                "{{ .inputs.empty | default \"x\" }} ; x",
                "{{ .inputs.name | default \"x\" }} ; Web",
                "{{ default \"x\" .inputs.empty }} ; x",
                "{{ .inputs.empty | default .inputs.name }} ; Web",
                "{{ coalesce .inputs.empty \"\" .inputs.name }} ; Web",
                "{{ default (toLower .inputs.name) .inputs.empty }} ; web",
                "{{ .inputs.empty | default `a}}b` }} ; a}}b",
                "{{ .inputs.empty | default 3 }} ; 3",
                "{{ .inputs.dynamic }} ; {{ .spec.image }}",
                "{{ unclosed .inputs.name ; {{ unclosed .inputs.name",
            })
    void puttingInputsInPlace(String text, String result) throws Exception {
        assertThat(EXPRESSIONS.replace(text)).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "{{ .inputs.none }} ; declares no input 'none'",
                "{{ printf \"%s\" .inputs.name }} ; function 'printf' is not worked out here",
                "{{ .spec.image | default .inputs.name }} ; known at run time only",
                "{{ .inputs.name | .spec.x }} ; known at run time only",
                "{{ .inputs.name | \"x\" }} ; cannot be piped",
                "{{ .inputs.name .inputs.tag }} ; was not expected",
                "{{ toLower .inputs.name .inputs.tag }} ; takes 1 arguments",
                "{{ (toLower .inputs.name }} ; ends too early",
                "{{ index .inputs .inputs.name }} ; name in quotes",
                "{{ range .inputs }} ; 'range' is not worked out here",
            })
    void whatCannotBeWorkedOutHereSaysWhy(String text, String reason) {
        assertThatThrownBy(() -> EXPRESSIONS.replace(text))
                .isInstanceOf(InputExpressions.NotHere.class)
                .hasMessageContaining(reason);
    }

    @Test
    void deepNestingEnds() {
        String text = "{{ " + "(".repeat(100_000) + ".inputs.name" + ")".repeat(100_000) + " }}";

        assertThatThrownBy(() -> EXPRESSIONS.replace(text)).hasMessageContaining("nested too deeply");
    }

    @Test
    void onlyActionsThatNameInputsConcernIt() {
        assertThat(InputExpressions.concerns("{{ .inputs.a }}")).isTrue();
        assertThat(InputExpressions.concerns("{{ .spec.inputs.a }}")).isFalse();
        assertThat(InputExpressions.concerns("inputs.a")).isFalse();
        assertThat(InputExpressions.concerns("{{ \"inputs.a\" }}")).isFalse();
    }
}
