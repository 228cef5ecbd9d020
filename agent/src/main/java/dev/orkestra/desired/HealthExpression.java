package dev.orkestra.desired;

import dev.orkestra.cel.CelCompilation;
import dev.orkestra.cel.CelLibrary;
import dev.orkestra.cel.CelShape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Expressions of {@code spec.health.rules}, over {@code object}. The agent reads the same ConfigRepo again and again, and
 * reading an expression takes milliseconds: so each text is read once.
 */
public final class HealthExpression {
    /** What expressions call the object. */
    public static final String VARIABLE = "object";

    /** Five ConfigRepos with as many rules as there may be. */
    private static final int MOST_KEPT = 1_000;

    private static final CelLibrary.Variables LANGUAGE =
            CelLibrary.kubernetes().with(Map.of(VARIABLE, CelShape.Scalar.ANY));

    private static final Map<String, CelCompilation> KEPT = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CelCompilation> eldest) {
            return size() > MOST_KEPT;
        }
    };

    private HealthExpression() {}

    /** Reads {@code expression}. Nothing is known of the object's fields beforehand. */
    public static CelCompilation compile(String expression) {
        synchronized (KEPT) {
            CelCompilation kept = KEPT.get(expression);
            if (kept != null) {
                return kept;
            }
        }
        CelCompilation read = LANGUAGE.compile(expression);
        synchronized (KEPT) {
            KEPT.put(expression, read);
        }
        return read;
    }
}
