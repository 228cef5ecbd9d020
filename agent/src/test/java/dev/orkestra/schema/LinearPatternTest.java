package dev.orkestra.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LinearPatternTest {
    @Test
    void findsAnywhereInATextAndAllOfIt() {
        LinearPattern digits = LinearPattern.of("[0-9]+").orElseThrow();

        assertThat(digits.isFoundIn("ab12c345")).isTrue();
        assertThat(digits.isFoundIn("abc")).isFalse();
        assertThat(digits.findAll("ab12c345", 10)).containsExactly("12", "345");
        assertThat(digits.findAll("ab12c345", 1)).containsExactly("12");
    }

    @Test
    void whatIsNoExpressionOrIsTooLargeIsRefused() {
        assertThat(LinearPattern.of("(")).isEmpty();
        assertThat(LinearPattern.of("(?=a)")).isEmpty();
        assertThat(LinearPattern.of("((a{100}){100}){100}")).isEmpty();
        assertThat(LinearPattern.of("(".repeat(9_000))).isEmpty();
        assertThat(LinearPattern.of("(".repeat(4_900) + ")".repeat(4_900))).isNotNull();
        assertThat(LinearPattern.of("a".repeat(10_001))).isEmpty();
    }
}
