package dev.orkestra.katalog;

import dev.orkestra.document.Limits;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What to compose, and what is already at hand.
 *
 * @param entry path of the Komposer or Katalog from the repository's root
 * @param provided by path, what earlier answers asked for
 * @param limits for each file
 * @param shownAs the name under which people know a path: it is what positions carry
 */
public record ComposeRequest(
        String entry, Map<String, Provided> provided, Limits limits, UnaryOperator<String> shownAs) {
    public ComposeRequest {
        provided = Map.copyOf(provided);
    }

    /** A first request: nothing at hand, default limits, paths shown as they are. */
    public static ComposeRequest of(String entry) {
        return new ComposeRequest(entry, Map.of(), Limits.DEFAULTS, UnaryOperator.identity());
    }

    public ComposeRequest with(String path, Provided content) {
        Map<String, Provided> more = new LinkedHashMap<>(provided);
        more.put(path, content);
        return new ComposeRequest(entry, more, limits, shownAs);
    }

    public ComposeRequest withShownAs(UnaryOperator<String> names) {
        return new ComposeRequest(entry, provided, limits, names);
    }
}
