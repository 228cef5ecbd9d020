package dev.orkestra.document;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant to write. */
public final class Suggestions {
    /** Longer words are no slips of the finger, and comparing them costs the product of both lengths. */
    private static final int LONGEST = 100;

    /** A shorter word is one letter away from any other: to name one would be a guess. */
    private static final int SHORTEST = 3;

    private Suggestions() {}

    /** The candidate that is nearest to {@code written}, if it is near enough to be meant; letter case counts little. */
    public static Optional<String> closest(String written, Collection<String> candidates) {
        if (written.length() < SHORTEST || written.length() > LONGEST) {
            return Optional.empty();
        }
        int allowed = Math.max(1, written.length() / 3);
        record Rated(String candidate, int distance) {}
        return candidates.stream()
                .filter(candidate -> Math.abs(candidate.length() - written.length()) <= allowed)
                .map(candidate -> new Rated(candidate, distance(fold(written), fold(candidate))))
                .filter(rated -> rated.distance() <= allowed)
                .min(Comparator.comparingInt(Rated::distance).thenComparing(Rated::candidate))
                .map(Rated::candidate);
    }

    private static String fold(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Insertions, deletions, replacements and swaps of neighbours that make {@code b} of {@code a}. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                d[i][j] = Math.min(d[i - 1][j - 1] + (same ? 0 : 1), Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
