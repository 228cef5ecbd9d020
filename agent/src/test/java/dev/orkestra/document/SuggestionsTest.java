package dev.orkestra.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionsTest {
    @Test
    void aSlipIsRecognised() {
        assertThat(Suggestions.closest("dependOn", List.of("dependsOn", "apiTypes")))
                .contains("dependsOn");
        assertThat(Suggestions.closest("cdr", List.of("crd", "gte"))).contains("crd");
    }

    @Test
    void forAWordOfOneOrTwoLettersNothingIsGuessed() {
        assertThat(Suggestions.closest("u", List.of("e"))).isEmpty();
        assertThat(Suggestions.closest("of", List.of("on", "or"))).isEmpty();
        assertThat(Suggestions.closest("", List.of("a"))).isEmpty();
    }
}
