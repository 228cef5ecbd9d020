package dev.orkestra.katalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateSyntaxTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "no template }} at all",
                "{{ .x }}",
                "{{.x}}{{.y}}",
                "{{ range $i, $v := .list }}{{ else }}{{ end }}",
                "{{ with (index .a \"b\") }}{{ . }}{{ end }}",
                "{{ if .a }}{{ else if .b }}{{ end }}",
                "{{/* comment */}}",
                "{{- /* comment */ -}}",
                "{{ printf \"%s)\" 'a' }}",
                "{{ `raw \" quote` }}",
                "{{ .a | trim | upper }}",
                "{{ define \"t\" }}{{ end }}{{ template \"t\" }}"
            })
    void acceptsWhatGoAccepts(String text) {
        assertThat(TemplateSyntax.problem(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{",
                "{{ .x",
                "{{ .x }",
                "{{ }}",
                "{{ if .x }}",
                "{{ end }}",
                "{{ else }}",
                "{{ (.x }}",
                "{{ .x) }}",
                "{{ \"open }}",
                "{{ 'open }}",
                "{{ `open }}",
                "{{/* open }}",
                "{{ .a | }}",
                "{{ | .a }}",
                "{{ .a || .b }}"
            })
    void refusesWhatGoCannotParse(String text) {
        assertThat(TemplateSyntax.problem(text)).isPresent();
    }
}
