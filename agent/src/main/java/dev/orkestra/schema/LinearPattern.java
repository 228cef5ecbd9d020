package dev.orkestra.schema;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A regular expression in the language of RE2, which is also Go's and so that of Kubernetes. Matching takes time that
 * grows with the text and with the expression, and no faster.
 */
public final class LinearPattern {
    /** Counted repeats are written out when compiled: {@code (a{1000}){1000}} would be a million states. */
    private static final int MOST_STATES = 20_000;

    private static final int LONGEST = 10_000;

    private final Pattern pattern;

    private LinearPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** The expression, or empty when {@code text} is none or would need too much memory. */
    public static Optional<LinearPattern> of(String text) {
        if (text.length() > LONGEST || WrittenOut.exceeds(text, MOST_STATES)) {
            return Optional.empty();
        }
        try {
            Pattern pattern = Pattern.compile(text);
            return pattern.programSize() > MOST_STATES ? Optional.empty() : Optional.of(new LinearPattern(pattern));
        } catch (PatternSyntaxException | StackOverflowError e) {
            return Optional.empty();
        }
    }

    /** States of the compiled expression: what a character of text may cost. */
    public int size() {
        return pattern.programSize();
    }

    /** Whether the expression matches anywhere in {@code text}. */
    public boolean isFoundIn(String text) {
        return pattern.matcher(text).find();
    }

    /** Whether the expression matches {@code text} as a whole. */
    public boolean matches(String text) {
        return pattern.matcher(text).matches();
    }

    /** The first {@code most} matches in {@code text}, from left to right; none overlaps another. */
    public List<String> findAll(String text, int most) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (found.size() < most && matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }
}
