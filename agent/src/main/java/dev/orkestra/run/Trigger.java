package dev.orkestra.run;

import java.util.Locale;

/** Why a run was started ({@code ConfigRun.spec.trigger}). */
public enum Trigger {
    SCHEDULE,
    WEBHOOK,
    GENERATION,
    SYNC,
    RETRY,
    ROLLBACK;

    /** As it is written in resources: lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Trigger of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
