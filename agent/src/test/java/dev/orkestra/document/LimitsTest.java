package dev.orkestra.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orkestra.outcome.Diagnostic;
import java.time.Duration;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final Limits SMALL = new Limits(1_000, 5, 3, 2, 40);

    private static ReadResult read(String text, Limits limits) {
        return Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> DocumentReader.read("a.yaml", text.getBytes(UTF_8), limits));
    }

    private static AbstractStringAssert<?> onlyFinding(String text, Limits limits) {
        return assertThat(read(text, limits).findings())
                .singleElement()
                .extracting(Diagnostic::toString)
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.STRING);
    }

    @Test
    void aFileOverTheSizeLimitIsNotReadAtAll() {
        onlyFinding("a: " + "x".repeat(1_000), SMALL)
                .isEqualTo(
                        "a.yaml:1:1: error: the file has 1003 bytes; at most 1000 are read (limit maxBytes) (split it,"
                                + " keep data that is not configuration elsewhere, or raise the limit with --limit"
                                + " maxBytes=…; the agent takes the same option) [TooLarge]");
    }

    @Test
    void nestingEndsAtTheDepthLimit() {
        assertThat(read("[[[[[1]]]]]", SMALL).findings()).isEmpty();
        onlyFinding("[[[[[[1]]]]]]", SMALL)
                .contains("a.yaml:1:6")
                .contains("limit maxDepth")
                .contains("[LimitExceeded]");
    }

    @Test
    void tenThousandLevelsAreRefusedQuickly() {
        onlyFinding("[".repeat(10_000), Limits.DEFAULTS).contains("limit maxDepth");
        onlyFinding("{a: ".repeat(10_000), Limits.DEFAULTS).contains("limit maxDepth");
        onlyFinding("- ".repeat(10_000), Limits.DEFAULTS).contains("limit maxDepth");
        onlyFinding("? ".repeat(10_000), Limits.DEFAULTS).contains("limit maxDepth");
        StringBuilder block = new StringBuilder();
        for (int i = 0; i < 1_500; i++) {
            block.append(" ".repeat(i)).append("a:\n");
        }
        onlyFinding(block.toString(), Limits.DEFAULTS).contains("limit maxDepth");
    }

    @Test
    void aliasesCannotBuildWhatMayNotBeWritten() {
        onlyFinding("a: &a [[[[1]]]]\nb: [*a]\n", SMALL).contains("a.yaml:2:5").contains("limit maxDepth");
        onlyFinding("a: &a 1\nb: [*a, *a, *a, *a]\n", SMALL)
                .contains("a.yaml:2:17")
                .contains("limit maxAliases");
    }

    @Test
    void aBillionLaughsAreRefusedQuickly() {
        onlyFinding(
                        laughs("[x, x, x, x, x, x, x, x, x]", "[%1$s, %1$s, %1$s, %1$s, %1$s, %1$s, %1$s, %1$s, %1$s]"),
                        Limits.DEFAULTS)
                .contains("limit maxNodes");
        onlyFinding(laughs("{x: 1}", "{a: %1$s, b: %1$s, c: %1$s, d: %1$s, <<: %1$s}"), Limits.DEFAULTS)
                .contains("limit maxNodes");
    }

    private static String laughs(String first, String next) {
        StringBuilder text = new StringBuilder("a0: &a0 " + first + "\n");
        for (int i = 1; i < 12; i++) {
            text.append("a" + i + ": &a" + i + " ")
                    .append(next.formatted("*a" + (i - 1)))
                    .append("\n");
        }
        return text.toString();
    }

    @Test
    void longScalarsOfAnyKindEndQuickly() {
        int most = 1 << 19;
        assertThat(read("a: " + "1:2".repeat(most / 3), Limits.DEFAULTS).findings())
                .isEmpty();
        assertThat(read("a: " + "x ".repeat(most / 2) + "y", Limits.DEFAULTS).findings())
                .isEmpty();
        assertThat(read("a: 1e" + "9".repeat(most), Limits.DEFAULTS).findings()).isEmpty();
        onlyFinding("a: " + "9".repeat(most), Limits.DEFAULTS).contains("not a finite number");
        onlyFinding("a: 1" + "_".repeat(most), Limits.DEFAULTS).contains("not a finite number");
    }

    @Test
    void documentsAndNodesAreCounted() {
        onlyFinding("1\n--- 2\n--- 3\n", SMALL).contains("a.yaml:3:1").contains("limit maxDocuments");
        onlyFinding("[" + "1, ".repeat(50) + "]", SMALL).contains("limit maxNodes");
    }

    @Test
    void manyFindingsAreCutWithAWord() {
        ReadResult result = read("[" + "yes, ".repeat(5_000) + "]", Limits.DEFAULTS);

        assertThat(result.findings()).hasSize(101);
        assertThat(result.findings())
                .extracting(Diagnostic::message)
                .contains("4900 more findings in this file are not shown");
    }

    @Test
    void aLimitThatCouldOverflowTheStackIsADefectOfTheCaller() {
        assertThatThrownBy(() -> new Limits(1, 1_001, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        String deep = "[".repeat(1_000) + "]".repeat(1_000);
        ReadResult result = read(deep, new Limits(1 << 20, 1_000, 1, 1, 10_000));
        assertThat(result.findings()).isEmpty();
        assertThat(result.documents().getFirst().root().toJson().toString()).isEqualTo(deep);
    }
}
