package dev.orkestra.schema;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * About how many states an expression of RE2 has once its counted repeats are written out, told from its text: the
 * library would write {@code ((a{1000}){1000}){1000}} out in memory before anybody could ask for the size.
 */
final class WrittenOut {
    private final String text;
    private final long most;
    private final Deque<Long> outer = new ArrayDeque<>();
    private int at;
    /** States of the group that is open now, without {@link #last}. */
    private long sum;
    /** States of what a repeat that follows would be of. */
    private long last;

    private WrittenOut(String text, long most) {
        this.text = text;
        this.most = most;
    }

    /** Whether it has more than {@code most}. What is no expression may have any number. */
    static boolean exceeds(String text, int most) {
        return new WrittenOut(text, most).exceeds();
    }

    private boolean exceeds() {
        while (at < text.length() && sum + last <= most) {
            switch (text.charAt(at)) {
                case '\\' -> escape();
                case '[' -> {
                    atom(1);
                    skipClass();
                }
                case '(' -> {
                    outer.push(sum + last);
                    sum = 0;
                    last = 0;
                    at++;
                }
                case ')' -> {
                    long group = sum + last + 1;
                    sum = outer.isEmpty() ? 0 : outer.pop();
                    last = group;
                    at++;
                }
                case '{' -> repeat();
                default -> {
                    atom(1);
                    at++;
                }
            }
        }
        return sum + last > most || outer.stream().mapToLong(Long::longValue).sum() + sum + last > most;
    }

    private void atom(long states) {
        sum += last;
        last = states;
    }

    /** {@code \x{10FFFF}} and {@code \p{Greek}} have braces that repeat nothing; {@code \Q[\E} is plain text. */
    private void escape() {
        char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        int from = at + 2;
        int end = from;
        if (next == 'Q') {
            int close = text.indexOf("\\E", from);
            int quoted = (close < 0 ? text.length() : close) - from;
            at = close < 0 ? text.length() : close + 2;
            if (quoted > 0) {
                // A repeat that follows is of the last character; of an empty quote it is of what stood before.
                atom(quoted - 1L);
                atom(1);
            }
            return;
        }
        if ("xpP".indexOf(next) >= 0 && text.startsWith("{", from)) {
            int close = text.indexOf('}', from);
            end = close < 0 ? text.length() : close + 1;
        }
        atom(Math.max(0, end - from));
        atom(1);
        at = Math.min(end, text.length());
    }

    private void skipClass() {
        at += text.startsWith("[^", at) ? 2 : 1;
        boolean first = true;
        while (at < text.length() && (first || text.charAt(at) != ']')) {
            int named = text.startsWith("[:", at) ? text.indexOf(":]", at + 2) : -1;
            at = named >= 0 ? named + 2 : at + (text.charAt(at) == '\\' ? 2 : 1);
            first = false;
        }
        at++;
    }

    /** {@code {3}}, {@code {3,}} or {@code {3,5}}; any other brace is text. */
    private void repeat() {
        int close = text.indexOf('}', at);
        String[] ends =
                close < 0 ? new String[0] : text.substring(at + 1, close).split(",", -1);
        long least = ends.length == 1 || ends.length == 2 ? number(ends[0]) : -1;
        long greatest = ends.length == 2 && !ends[1].isEmpty() ? number(ends[1]) : least;
        if (least < 0 || greatest < 0) {
            atom(1);
            at++;
            return;
        }
        last *= Math.max(1, Math.max(least + (ends.length == 2 ? 1 : 0), greatest));
        at = close + 1;
    }

    /** -1 for what is none; RE2 knows no repeat of more than 1000. */
    private static long number(String digits) {
        boolean known =
                !digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return known ? Long.parseLong(digits) : -1;
    }
}
