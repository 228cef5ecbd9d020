package dev.orkestra.katalog;

import dev.orkestra.document.Limits;
import dev.orkestra.rules.RuleSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What to compose, and what is already at hand.
 *
 * @param entry path of the Komposer or Katalog from the repository's root
 * @param provided by {@link Need#key}, what earlier answers asked for
 * @param limits for each file
 * @param importLimits for all imports together
 * @param schema which generations of the format are taken
 * @param lock what the lock file beside the entry means
 * @param rules how seriously what is found is taken
 * @param readings what was read in earlier rounds
 * @param shownAs the name under which people know a path: it is what positions carry
 */
public record ComposeRequest(
        String entry,
        Map<String, Provided> provided,
        Limits limits,
        ImportLimits importLimits,
        SchemaMode schema,
        LockMode lock,
        RuleSettings rules,
        Readings readings,
        UnaryOperator<String> shownAs) {
    public ComposeRequest {
        provided = Map.copyOf(provided);
    }

    /**
     * A first request: nothing at hand, default limits, all generations, network imports locked, paths shown as they
     * are.
     */
    public static ComposeRequest of(String entry) {
        return new ComposeRequest(
                entry,
                Map.of(),
                Limits.DEFAULTS,
                ImportLimits.DEFAULTS,
                SchemaMode.ANY,
                LockMode.REQUIRED,
                RuleSettings.DEFAULTS,
                new Readings(),
                UnaryOperator.identity());
    }

    /** This request with {@code content} for the file at {@code path} of the repository. */
    public ComposeRequest with(String path, Provided content) {
        return with(Map.of(path, content));
    }

    /** This request with more at hand, by {@link Need#key}. */
    public ComposeRequest with(Map<String, Provided> content) {
        Map<String, Provided> more = new LinkedHashMap<>(provided);
        more.putAll(content);
        return new ComposeRequest(entry, more, limits, importLimits, schema, lock, rules, readings, shownAs);
    }

    public ComposeRequest withShownAs(UnaryOperator<String> names) {
        return new ComposeRequest(entry, provided, limits, importLimits, schema, lock, rules, readings, names);
    }

    public ComposeRequest withLimits(Limits each, ImportLimits all) {
        return new ComposeRequest(entry, provided, each, all, schema, lock, rules, readings, shownAs);
    }

    public ComposeRequest withSchema(SchemaMode mode) {
        return new ComposeRequest(entry, provided, limits, importLimits, mode, lock, rules, readings, shownAs);
    }

    public ComposeRequest withLock(LockMode mode) {
        return new ComposeRequest(entry, provided, limits, importLimits, schema, mode, rules, readings, shownAs);
    }

    public ComposeRequest withRules(RuleSettings settings) {
        return new ComposeRequest(entry, provided, limits, importLimits, schema, lock, settings, readings, shownAs);
    }

    /** This request, for someone who has read some of the files already. */
    public ComposeRequest withReadings(Readings known) {
        return new ComposeRequest(entry, provided, limits, importLimits, schema, lock, rules, known, shownAs);
    }
}
