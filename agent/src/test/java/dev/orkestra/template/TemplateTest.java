package dev.orkestra.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.template.TemplateProblem.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each sort of trouble, at its exact place: in the texts here, ^ stands right before what is at fault. */
class TemplateTest {
    private static final String AT = "^";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "a } b }} c { d",
                "{{ .spec.x }}",
                "{{- .spec.x | default \"a\" -}}",
                "{{/* a comment with }} and {{ */}}",
                "{{- /* trimmed */ -}}",
                "{{ `a\nb }}` }}",
                "{{ \"}}\" }}",
                "{{ $x := 1 }}{{ $x = 2 }}{{ $x }}",
                "{{ range $i, $e := .spec.list }}{{ if $i }}{{ break }}{{ end }}{{ $e.name }}{{ else }}none{{ end }}",
                "{{ if .a }}{{ else if .b }}{{ else }}{{ end }}",
                "{{ with $x := .a }}{{ $x }}{{ else with .b }}{{ . }}{{ else }}{{ end }}",
                "{{ define \"a\" }}{{ . }}{{ end }}{{ template \"a\" .x }}{{ template \"elsewhere\" }}",
                "{{ block \"a\" .x }}{{ .y }}{{ end }}",
                "{{ (podByOrdinal .children.statefulset 0).name }}",
                "{{ eq .x nil }}",
                "{{ printf \"%d %s\" 0x1F 'a' }}{{ add 1_000 0b11 }}{{ print 1+2i .5 1e3 0x1p-2 }}",
                "{{ .x | }}",
            })
    void whatGoTakesHasNoProblem(String text) {
        assertThat(Template.check(text, Functions.builtIn())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '\1',
            value = {
                "^{{ .x                           # the action is not closed",
                "^{{ .x {{ .y }}                  # the action is not closed before the next one",
                "{{ .x ^} and more                # a single '}'",
                "{{ ^\"a }}                       # the text in quotes does not end",
                "{{ ^`a }}                        # the text in quotes does not end",
                "{{ ^'a }}                        # the character in quotes does not end",
                "{{ ^'ab' }}                      # ''ab'' is not one character",
                "{{ \"a^\\qb\" }}                 # an escape that Go does not know: '\\q'",
                "{{ define \"a^\\qb\" }}{{ end }} # an escape that Go does not know: '\\q'",
                "{{^/* a                          # the comment does not end",
                "{{/* a */^ }}                    # '}}' is missing right behind the comment",
                "{{ ^/* a */}}                    # '/' cannot stand here",
                "{{ ^“a” }}                       # a character that means nothing here: '“' (U+201C)",
                "{{ .spec.a^-b }}                 # '-' right behind '.a'",
                "{{ .a^[0] }}                     # '[' right behind '.a'",
                "{{ toLower .x^, .y }}            # ',' cannot stand here",
                "{{ ^089 }}                       # not a number: '089'",
                "{{ ^0x1G }}                      # not a number: '0x1G'",
                "{{ ^1__0 }}                      # not a number: '1__0'",
                "{{ ^18446744073709551616 }}      # not a number: '18446744073709551616'",
                "^{{ }}                           # there is no value behind '{{ }}'",
                "{{ ^if }}{{ end }}               # there is no value behind 'if'",
                "{{ $x := ^() }}                  # there is no value behind '('",
                "{{ ^$x := }}                     # there is no value behind '$x'",
                "{{ ^| .x }}                      # '|' cannot stand here",
                "{{ .x |^| toLower }}             # '|' cannot stand here",
                "{{ .x ^== 1 }}                   # '=' cannot stand here",
                "{{ if ^if }}{{ end }}            # 'if' cannot stand here",
                "{{ ^(toLower .x }}               # '(' is not closed",
                "{{ toLower .x^) }}               # ')' without '('",
                "{{ toLower^(.x) }}               # '(' cannot stand here",
                "{{ .x | ^1 }}                    # '1' takes no value from '|'",
                "{{ nil^.x }}                     # 'nil' has no fields",
                "{{ \"a\"^.x }}                   # '\"a\"' has no fields",
                "{{ ^$x }}                        # the variable '$x' is not declared here",
                "{{ $x := ^$x }}                  # the variable '$x' is not declared here",
                "{{ ^$x = 1 }}                    # the variable '$x' is set and was not declared",
                "{{ range ^$i = .x }}{{ end }}    # the variable '$i' is set and was not declared",
                "{{ $x^, $y := .a }}              # ',' between variables",
                "{{ $x ^: = 1 }}                  # ':' without '='",
                "{{ if .x }}{{ $v := 1 }}{{ end }}{{ ^$v }}            # the variable '$v' is not declared here",
                "{{ if .x }}{{ $v := 1 }}{{ else }}{{ ^$v }}{{ end }}  # the variable '$v' is not declared here",
                "{{ $v := 1 }}{{ define \"a\" }}{{ ^$v }}{{ end }}     # the variable '$v' is not declared here",
                "{{ ^if .x }}                     # 'if' has no end",
                "{{ ^range .x }}{{ else }}        # 'range' has no end",
                "{{ ^end }}                       # 'end' closes nothing",
                "{{ ^else }}                      # 'else' belongs to nothing",
                "{{ if .x }}{{ end ^.x }}         # '.x' cannot stand behind 'end'",
                "{{ if .x }}{{ else ^.x }}{{ end }}                    # '.x' cannot stand behind 'else'",
                "{{ if .x }}{{ else }}{{ ^else }}{{ end }}             # a second 'else'",
                "{{ range .x }}{{ else ^if .y }}{{ end }}              # 'else if' in 'range'",
                "{{ ^break }}                     # 'break' outside of 'range'",
                "{{ range .x }}{{ else }}{{ ^continue }}{{ end }}      # 'continue' outside of 'range'",
                "{{ range .x }}{{ break ^1 }}{{ end }}                 # '1' cannot stand behind 'break'",
                "{{ if .x }}{{ ^define \"a\" }}{{ end }}{{ end }}      # 'define' in another block",
                "{{ ^define }}{{ end }}           # 'define' needs a name",
                "{{ define ^a }}{{ end }}         # 'a' is no name of a template",
                "{{ ^block \"a\" }}{{ end }}      # there is no value behind 'block'",
                "{{ define \"a\" }}x{{ end }}{{ ^define \"a\" }}y{{ end }} # the template 'a' is defined twice",
                "😀{{ é }}{{ ^$x }}               # the variable '$x' is not declared here",
            })
    void syntaxIsReportedWhereItIsWrong(String marked, String message) {
        assertOnly(marked, Kind.SYNTAX, message, "é");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '\1',
            value = {
                "{{ ^toLowr .x }}            # did you mean 'toLower'?",
                "a😀{{ if not (^tolower .x) }}{{ end }} # did you mean 'toLower'?",
                "{{ .x | ^defualt 1 }}       # did you mean 'default'?",
                "{{ if .x }}{{ ^elseif .y }}{{ end }} # write 'else if'",
                "{{ toUpper ^production }}   # a field begins with a dot, a text stands in quotes; "
                        + "declare functions of your own under 'notes'",
            })
    void anUnknownFunctionIsReportedWithWhatWasMeant(String marked, String hint) {
        TemplateProblem problem = only(marked, Kind.UNKNOWN_FUNCTION);
        assertThat(problem.hint()).isEqualTo(hint);
        assertThat(problem.message()).startsWith("there is no function '");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '\1',
            value = {
                "{{ ^toLower }}              # 'toLower' takes 1 argument, and is given none",
                "{{ ^toLower .x .y }}        # 'toLower' takes 1 argument, and is given 2",
                "{{ .x | ^toLower .y }}      # 'toLower' takes 1 argument, and is given 2",
                "{{ .x | ^default }}         # 'default' takes 2 arguments, and is given 1",
                "{{ ^default \"a\" | toUpper }} # 'default' takes 2 arguments, and is given 1",
                "{{ ^weekday .x }}           # 'weekday' takes no arguments, and is given 1",
                "{{ ^slice .x 1 2 3 4 }}     # 'slice' takes 1 to 4 arguments, and is given 5",
                "{{ ^eq .x }}                # 'eq' takes at least 2 arguments, and is given 1",
                "{{ eq ^len .x 1 }}          # 'len' takes 1 argument, and is given none",
                "{{ ^allReplicasReady.children.deployment }} # 'allReplicasReady' takes 1 argument, and is given none",
                "{{ if not (^add 1) }}{{ end }} # 'add' takes 2 arguments, and is given 1",
            })
    void aWrongNumberOfArgumentsIsReportedAtTheFunction(String marked, String message) {
        assertOnly(marked, Kind.ARGUMENT_COUNT, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '\1',
            value = {
                "{{ ^.spec.x \"fallback\" }} # '.spec.x' is no function and takes no arguments",
                "{{ .x | ^.spec.y }}         # '.spec.y' is no function and takes no arguments",
                "{{ ^\"a\" .x }}             # '\"a\"' is no function and takes no arguments",
                "{{ .x | ^(toLower .x) }}    # what stands in parentheses is no function and takes no arguments",
                "{{ $x := 1 }}{{ ^$x 1 }}    # '$x' is no function and takes no arguments",
                "{{ ^nil }}                  # 'nil' cannot stand alone",
            })
    void argumentsForWhatIsNoFunctionAreReported(String marked, String message) {
        assertOnly(marked, Kind.NOT_A_FUNCTION, message);
    }

    @Test
    void allProblemsOfATextAreFoundInTheirOrder() {
        String text = "{{ toLowr .x }}{{ $a }}\n{{ toLower }} {{ .a-b }}{{ if eq .x }}{{ end }}{{ end }}";

        assertThat(Template.check(text, Functions.builtIn()))
                .extracting(TemplateProblem::offset)
                .containsExactly(
                        text.indexOf("toLowr"),
                        text.indexOf("$a"),
                        text.indexOf("toLower }}"),
                        text.indexOf("-b"),
                        text.indexOf("eq .x"),
                        text.lastIndexOf("end }}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // What an action would have declared is not known when it is broken.
                "{{ $x := .a-b }}{{ $x }}",
                // It may have been an 'end'.
                "{{ if .x }}{{ end- }}",
                // It begins a block for all that.
                "{{ if .a-b }}{{ else }}{{ end }}",
                "{{ range $i, $x := .a , }}{{ $x }}{{ break }}{{ end }}",
                // Whether what follows is text cannot be told.
                "{{ \"a }}\n{{ end }}{{ if",
                "{{ .x } it's {{ .y }}",
                "{{ .x + 1 }}",
                "{{ .x y }}",
                "{{ $x.y := 1 }}",
            })
    void oneMistakeIsOneProblem(String text) {
        assertThat(Template.check(text, Functions.builtIn())).hasSize(1);
    }

    @Test
    void notesAndSentinelsAreFunctions() {
        Functions functions =
                Functions.builtIn().withNotes(List.of("teamName", "break")).withSentinels(List.of("generationChanged"));

        assertThat(Template.check("{{ teamName }}{{ teamName 1 2 | teamName }}{{ break }}", functions))
                .isEmpty();
        assertThat(Template.check("{{ generationChanged }}", functions)).isEmpty();
        assertThat(Template.check("{{ generationChanged }}", Functions.builtIn()))
                .hasSize(1);
        assertThat(Template.check("{{ not generationChanged .x }}", functions))
                .extracting(TemplateProblem::kind)
                .containsExactly(Kind.ARGUMENT_COUNT);
        assertThat(Template.check("{{ generationChange }}", functions)
                        .getFirst()
                        .hint())
                .isEqualTo("did you mean 'generationChanged'?");
    }

    private static void assertOnly(String marked, Kind kind, String message, String... notes) {
        assertThat(only(marked, kind, notes).message()).isEqualTo(message);
    }

    private static TemplateProblem only(String marked, Kind kind, String... notes) {
        int mark = marked.indexOf(AT);
        String text = marked.substring(0, mark) + marked.substring(mark + AT.length());
        List<TemplateProblem> problems =
                Template.check(text, Functions.builtIn().withNotes(List.of(notes)));
        assertThat(problems).as("problems in %s", text).hasSize(1);
        TemplateProblem problem = problems.getFirst();
        assertThat(problem.kind()).isEqualTo(kind);
        assertThat(problem.offset()).as(problem.message()).isEqualTo(text.codePointCount(0, mark));
        return problem;
    }
}
