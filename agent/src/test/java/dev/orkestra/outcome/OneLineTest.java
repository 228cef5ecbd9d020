package dev.orkestra.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTest {
    @Test
    void whatCouldSteerATerminalIsWrittenAsAnEscape() {
        assertThat(OneLine.of("a\nb\r\tc\u001B[31m\u0085\u202Ed\u2028"))
                .isEqualTo("a\\nb\\r\\tc\\u001B[31m\\u0085\\u202Ed\\u2028");
    }

    @Test
    void everythingElseStays() {
        String text = "B\u00e4r \uD83D\uDC68\u200D\uD83D\uDC69 'x' \\n";
        assertThat(OneLine.of(text)).isSameAs(text);
    }

    @Test
    void aFindingIsOneLineAndNeverLongerThanPeopleRead() {
        Diagnostic finding = Diagnostic.error(
                ErrorCode.DuplicateKey,
                "the key '" + "k".repeat(1_000_000) + "\n' is there twice",
                new Position("a\nb.yaml", 1, 1),
                "");

        assertThat(finding.toString())
                .startsWith("a\\nb.yaml:1:1: error: the key 'kkk")
                .contains(" … ")
                .endsWith("\\n' is there twice [DuplicateKey]")
                .hasSizeLessThan(2_100);
    }
}
