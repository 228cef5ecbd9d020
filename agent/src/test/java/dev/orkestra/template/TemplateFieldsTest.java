package dev.orkestra.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fields of the root: what rules ask for. */
class TemplateFieldsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '\1',
            value = {
                "{{ .inputs.name }}                                   # .inputs.name",
                "{{ $.spec.x | default .inputs.name }}                # .spec.x .inputs.name",
                "{{ .Name }}                                          # .Name",
                "{{ (.metadata).name }}{{ index .cross \"db\" }}      # .metadata .cross",
                "{{ if .a }}{{ .b }}{{ else if .c }}{{ .d }}{{ end }} # .a .b .c .d",
                "{{ with .a }}{{ .b }}{{ $.c }}{{ else }}{{ .d }}{{ end }}{{ .e }}           # .a .c .d .e",
                "{{ with .a }}{{ else with .b }}{{ .c }}{{ else }}{{ .d }}{{ end }}{{ .e }}  # .a .b .d .e",
                "{{ range $i, $e := .a }}{{ .b }}{{ $e.c }}{{ else }}{{ .d }}{{ end }}{{ .e }} # .a .d .e",
                "{{ define \"t\" }}{{ .a }}{{ $.b }}{{ end }}{{ template \"t\" .c }}         # .c",
                "{{ block \"t\" .a }}{{ .b }}{{ end }}{{ .c }}        # .a .c",
                "{{ $x := .a }}{{ $x.b }}{{ (get .c).d }}             # .a .c",
                "{{ $ := .a }}{{ $.b }}                               # .a",
                "{{ . }}{{ $ }}{{ \".a\" }}{{/* .b */}}{{ .1 }}       # ''",
            })
    void areReportedInOrder(String text, String expected) {
        assertThat(Template.parse(text, Functions.builtIn()).fields())
                .extracting(TemplateField::toString)
                .isEqualTo(expected.equals("''") ? List.of() : List.of(expected.split(" ", -1)));
    }

    @Test
    void haveTheirPlacesInCodePoints() {
        String text = "😀 {{ toLower $.spec.é }}\n{{ .日本.x }}";

        assertThat(Template.parse(text, Functions.builtIn()).fields())
                .containsExactly(
                        new TemplateField(List.of("spec", "é"), 13), new TemplateField(List.of("日本", "x"), 28));
    }

    @Test
    void areReportedForATextWithProblemsToo() {
        Template.Parsed parsed = Template.parse("{{ toLowr .a }}{{ .b-c }}{{ .d }}", Functions.builtIn());

        assertThat(parsed.problems()).hasSize(2);
        assertThat(parsed.fields()).extracting(TemplateField::toString).contains(".a", ".d");
    }
}
