package dev.orkestra.release;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Times as people say them: the two largest units are enough. */
public final class Elapsed {
    private Elapsed() {}

    /** {@code 45s}, {@code 3m10s}, {@code 2h5m}, {@code 4d3h}; nothing below zero, whose clocks ever differ. */
    public static String words(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m" + rest(seconds % 60, "s");
        }
        if (seconds < 86_400) {
            return seconds / 3600 + "h" + rest(seconds % 3600 / 60, "m");
        }
        return seconds / 86_400 + "d" + rest(seconds % 86_400 / 3600, "h");
    }

    /** How long ago {@code then} was; empty when nobody knows. */
    public static Optional<String> since(Optional<Instant> then, Instant now) {
        return then.map(each -> words(Duration.between(each, now)));
    }

    private static String rest(long number, String unit) {
        return number == 0 ? "" : number + unit;
    }
}
