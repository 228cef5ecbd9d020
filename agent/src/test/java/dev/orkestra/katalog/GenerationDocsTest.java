package dev.orkestra.katalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page for people and the table that the program uses are the same. */
class GenerationDocsTest {
    private static final Path PAGE = Path.of("../docs/generations.md");
    private static final String BEGIN = "<!-- begin: moved keys, held equal to MovedKeys by GenerationDocsTest -->\n";
    private static final String END = "<!-- end: moved keys -->\n";

    /** With {@code -Dorkestra.golden=write} the tables are written anew. */
    @Test
    void thePageListsEveryMovedKey() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        assertThat(begin).isNotNegative().isLessThan(end);
        String expected = page.substring(0, begin) + BEGIN + tables() + page.substring(end);
        if ("write".equals(System.getProperty("orkestra.golden"))) {
            Files.writeString(PAGE, expected);
            page = expected;
        }

        assertThat(page).isEqualTo(expected);
    }

    private static String tables() {
        return "\n| where | old key | new key | since |\n| --- | --- | --- | --- |\n"
                + MovedKeys.DOCUMENTED.stream()
                        .filter(key -> !isAnyOf(key))
                        .map(key -> row(
                                key.place().description(),
                                code(String.join(".", key.from())),
                                key.isDropped() ? "none: it is left out" : code(String.join(".", key.to())),
                                key.since()))
                        .collect(Collectors.joining())
                + row("wherever conditions stand", code("anyOf"), code("or"), anyOfSince())
                + "\n| where | key | was | is now | since |\n| --- | --- | --- | --- | --- |\n"
                + GenerationShape.ALL.stream()
                        .map(shape -> row(
                                shape.place().description(),
                                code(String.join(".", shape.path())),
                                shape.form().before(),
                                shape.form().after(),
                                shape.since()))
                        .collect(Collectors.joining())
                + "\n";
    }

    private static boolean isAnyOf(MovedKey key) {
        return key.from().equals(List.of("anyOf")) && key.to().equals(List.of("or"));
    }

    private static String anyOfSince() {
        return MovedKeys.DOCUMENTED.stream()
                .filter(GenerationDocsTest::isAnyOf)
                .map(MovedKey::since)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String code(String text) {
        return "`" + text + "`";
    }
}
