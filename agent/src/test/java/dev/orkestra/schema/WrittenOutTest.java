package dev.orkestra.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenOutTest {
    private static final String BOMB = "((a{1000}){1000}){1000}";

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[[:alpha:][]", "\\Q[\\E", "[]]", "[^]]", "\\[", "[\\]]", "a{", "{,", "\\p{Greek}", "(?i)(b|"
            })
    void whatComesBeforeHidesNoRepeat(String before) {
        assertThat(LinearPattern.of(before + BOMB)).isEmpty();
        assertThat(WrittenOut.exceeds(before + BOMB, 20_000)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\x{10FFFF}",
                "\\p{Greek}{3}",
                "[a-z]([-a-z0-9]{0,61}[a-z0-9])?",
                "a{,5}",
                "[{9999}]{3}",
                "\\{9}"
            })
    void whatIsUsualIsKnown(String usual) {
        assertThat(WrittenOut.exceeds(usual, 200)).isFalse();
        assertThat(LinearPattern.of(usual)).isPresent();
    }

    @Test
    void neverTellsMuchLessThanTheLibraryMakes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] pieces = {
            "a", "(", ")", "(?:", "[", "]", "^", "\\", "\\Q", "\\E", "{9}", "{2,9}", "{9,}", "[:", ":]", "|"
        };
        int large = 0;
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(3 + random.nextInt(10), 0, pieces.length).forEach(piece -> text.append(pieces[piece]));
            Optional<LinearPattern> pattern = LinearPattern.of(text.toString());
            int atLeast = pattern.map(LinearPattern::size).orElse(0) / 4 - 10;
            if (atLeast > 0) {
                large++;
                assertThat(WrittenOut.exceeds(text.toString(), atLeast))
                        .as("seed %d: %s", seed, text)
                        .isTrue();
            }
        }
        assertThat(large).isPositive();
    }
}
