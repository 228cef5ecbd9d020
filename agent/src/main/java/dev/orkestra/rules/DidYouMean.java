package dev.orkestra.rules;

import dev.orkestra.document.Suggestions;
import java.util.Collection;
import java.util.Set;

/** Hints for names that come from a list. */
final class DidYouMean {
    /** Names that a mistaken one is compared with; more would take long for a hint. */
    private static final int MOST_COMPARED = 1_000;

    private DidYouMean() {}

    /** {@code did you mean 'x'?}, or {@code otherwise} when none of {@code names} is near. */
    static String of(String written, Collection<String> names, String otherwise) {
        return Suggestions.closest(written, names.size() > MOST_COMPARED ? Set.of() : names)
                .map(close -> "did you mean '" + close + "'?")
                .orElse(otherwise);
    }
}
