package dev.orkestra.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class FunctionsTest {
    private static final Path PAGE = Path.of("../docs/template-functions.md");

    @Test
    void theTableHasGosFunctionsAndTheNotes() {
        List<Signature> all = Functions.builtIn().all();

        assertThat(all).hasSizeGreaterThan(275);
        assertThat(all).filteredOn(function -> function.domain().equals("go")).hasSize(18);
        assertThat(all).allSatisfy(function -> {
            assertThat(function.name()).matches("[a-z][A-Za-z0-9]*");
            assertThat(function.description()).isNotBlank().doesNotEndWith(".");
            assertThat(Functions.domains()).containsKey(function.domain());
        });
        assertThat(all.stream().map(Signature::domain).distinct())
                .containsExactlyElementsOf(Functions.domains().keySet());
    }

    @Test
    void aLineOfTheTableSaysHowManyArgumentsThereAre() {
        List<Signature> functions =
                List.copyOf(FunctionTable.parse("""
                        # a comment
                        == x A title
                        none : nothing in
                        two a b : two in
                        some a [b] [c] : one to three in
                        many a b... : one or more in
                        """).functions().values());

        assertThat(functions)
                .extracting(Signature::call, Signature::arguments, Signature::domain)
                .containsExactly(
                        Tuple.tuple("none", "no arguments", "x"),
                        Tuple.tuple("two a b", "2 arguments", "x"),
                        Tuple.tuple("some a [b] [c]", "1 to 3 arguments", "x"),
                        Tuple.tuple("many a b...", "at least 1 argument", "x"));
        assertThat(functions.get(2).takes(0)).isFalse();
        assertThat(functions.get(2).takes(3)).isTrue();
        assertThat(functions.get(2).takes(4)).isFalse();
        assertThat(functions.get(3).takes(1000)).isTrue();
    }

    @Test
    void aNameStandsOnceInTheTable() {
        assertThatThrownBy(() -> FunctionTable.parse("== x A title\na : b\na c : d\n"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'a'");
    }

    @Test
    void aNoteTakesThePlaceOfAFunctionOfItsName() {
        Functions functions = Functions.builtIn().withNotes(List.of("toLower"));

        assertThat(functions.find("toLower").orElseThrow().domain()).isEqualTo("notes");
        assertThat(Functions.builtIn().find("toLower").orElseThrow().domain()).isEqualTo("strings");
        assertThat(functions.all()).hasSameSizeAs(Functions.builtIn().all());
        assertThat(Functions.builtIn().withNotes(List.of())).isSameAs(Functions.builtIn());
    }

    /** With {@code -Dorkestra.golden=write} the page is written anew. */
    @Test
    void thePageListsEveryFunction() throws IOException {
        String page = page();
        if ("write".equals(System.getProperty("orkestra.golden"))) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE)).isEqualTo(page);
    }

    private static String page() {
        return """
                # Functions for templates

                <!-- Written by FunctionsTest from agent/src/main/resources/dev/orkestra/template/functions.txt. -->

                Every text with `{{` in a Katalog is a template of Go's text/template. These are the functions that it may call:
                Go's own, and the notes that upstream's runtime brings along. `[x]` may be left out, `x...` stands for any
                number, none included. The value before `|` is the last argument.

                A Katalog adds functions of its own under `notes`; its gates have sentinels.

                """
                + Functions.domains().entrySet().stream()
                        .map(FunctionsTest::section)
                        .collect(Collectors.joining("\n"));
    }

    private static String section(Map.Entry<String, String> domain) {
        return "## " + domain.getValue() + " (`" + domain.getKey() + "`)\n| call | what it gives |\n| --- | --- |\n"
                + Functions.builtIn().all().stream()
                        .filter(function -> function.domain().equals(domain.getKey()))
                        .map(function -> "| `" + function.call() + "` | " + function.description() + " |\n")
                        .collect(Collectors.joining());
    }
}
