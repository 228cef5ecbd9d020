package dev.orkestra.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextLinesTest {
    @Test
    void linesEndWhereTheReaderEndsThem() {
        TextLines lines = TextLines.of("a\r\nb\rc\n\u2028e\u0085f");

        assertThat(lines.count()).isEqualTo(6);
        assertThat(lines.line(1)).contains("a");
        assertThat(lines.line(2)).contains("b");
        assertThat(lines.line(3)).contains("c");
        assertThat(lines.line(4)).contains("");
        assertThat(lines.line(5)).contains("e");
        assertThat(lines.line(6)).contains("f");
        assertThat(lines.line(7)).isEmpty();
    }

    @Test
    void anEmptyTextIsOneEmptyLine() {
        assertThat(TextLines.of("").count()).isEqualTo(1);
        assertThat(TextLines.of("").line(1)).contains("");
        assertThat(TextLines.of("\n").count()).isEqualTo(2);
        assertThat(TextLines.of("\r").line(2)).contains("");
    }

    @Test
    void columnsAreCodePoints() {
        assertThat(TextLines.of("a\nb\uD83D\uDE00").columnBehind()).isEqualTo(3);
    }
}
