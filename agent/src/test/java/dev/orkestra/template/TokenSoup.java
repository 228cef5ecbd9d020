package dev.orkestra.template;

import java.util.List;
import java.util.random.RandomGenerator;

/** Texts that look like templates and are none, most of them. */
final class TokenSoup {
    private static final List<String> PIECES = List.of(
            "{{",
            "}}",
            "{{-",
            "-}}",
            "{{- ",
            " -}}",
            " ",
            "\n",
            "(",
            ")",
            "|",
            ".",
            "$",
            "\"",
            "`",
            "'",
            ":=",
            "=",
            ",",
            "if",
            "else",
            "end",
            "range",
            "with",
            "define",
            "block",
            "template",
            "break",
            "continue",
            "nil",
            "true",
            "/*",
            "*/",
            "\\",
            "$x",
            ".x",
            "toLower",
            "default",
            "nope",
            "1",
            "0x",
            "1e",
            "-",
            "+2i",
            "\"a\"",
            "'a'",
            "`b`",
            "{",
            "}",
            "é",
            "😀",
            "\ud800",
            "\u00a0",
            "\0",
            "[",
            "&");

    private TokenSoup() {}

    static String of(RandomGenerator random, int most) {
        StringBuilder text = new StringBuilder();
        for (int pieces = random.nextInt(most); pieces > 0; pieces--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }
}
