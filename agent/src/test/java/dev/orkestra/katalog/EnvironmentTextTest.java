package dev.orkestra.katalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTextTest {
    @ParameterizedTest
    @CsvSource({
        "$DIR, DIR, ''",
        "$DIR/a.yaml, DIR, /a.yaml",
        "${DIR}, DIR, ''",
        "${DIR}/a.yaml, DIR, /a.yaml",
        "${DIR}x, DIR, x",
        "$A_1.yaml, A_1, .yaml",
    })
    void namesAVariableAndWhatFollows(String text, String name, String rest) {
        assertThat(EnvironmentText.of(text)).contains(new EnvironmentText(name, rest));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "$", "a.yaml", "a/$DIR", "${", "${}", "${DIR", "${DIR/a", "$/a", "$$A"})
    void isNoVariable(String text) {
        assertThat(EnvironmentText.of(text)).isEmpty();
    }
}
