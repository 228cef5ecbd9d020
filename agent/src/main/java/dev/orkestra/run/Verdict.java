package dev.orkestra.run;

import java.util.Locale;

/** Who is to blame for a failed run (DESIGN.md §4.11). */
public enum Verdict {
    /** The content: quarantine, then roll back. */
    COMMIT,
    /** Not the content: hold and try the same commit again. */
    ENVIRONMENT,
    /** Not known: quarantine and roll back; whether last-good becomes healthy tells. */
    UNKNOWN;

    /** As it is written in resources: lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Verdict of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
