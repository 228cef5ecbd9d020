package dev.orkestra.document;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a plain (unquoted) scalar means. We take the value that kubectl's Go reader takes (YAML 1.1 words, Go's integer
 * prefixes), because that is what the same manifest means in every other tool of a Kubernetes user; each value below
 * was compared with {@code kubectl create --dry-run=client -o json} of 1.34. Readers of other YAML versions see
 * something else in some of them, so those carry a warning.
 */
final class Scalars {
    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> TRUE = Set.of("true", "True", "TRUE");
    private static final Set<String> FALSE = Set.of("false", "False", "FALSE");
    private static final Set<String> OLD_TRUE = Set.of("y", "Y", "yes", "Yes", "YES", "on", "On", "ON");
    private static final Set<String> OLD_FALSE = Set.of("n", "N", "no", "No", "NO", "off", "Off", "OFF");
    private static final Pattern NON_FINITE = Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
    private static final Pattern INTEGER =
            Pattern.compile("([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]+|0|[1-9][0-9]*)");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern SEXAGESIMAL = Pattern.compile("[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\\.[0-9_]*)?");
    private static final Pattern LEADING_ZERO = Pattern.compile("[-+]?0[oO0-9][0-9_]*");

    /** Longest number that is looked at: a double has at most 309 digits before its point. */
    private static final int LONGEST_NUMBER = 400;

    private Scalars() {}

    /** The meaning of a scalar. */
    sealed interface Meaning {}

    /**
     * A value.
     *
     * @param value as in {@link Node.ScalarNode#value}
     * @param ambiguity what other readers may see instead, or null where all agree
     */
    record Value(@Nullable Object value, @Nullable String ambiguity) implements Meaning {}

    /** Not a number that JSON can say: infinite, not-a-number, or beyond a double. */
    record NotFinite() implements Meaning {}

    static Meaning ofPlain(String text) {
        if (NULLS.contains(text)) {
            return new Value(null, null);
        }
        if (TRUE.contains(text) || FALSE.contains(text)) {
            return new Value(TRUE.contains(text), null);
        }
        if (isOldBoolean(text)) {
            boolean value = OLD_TRUE.contains(text);
            return new Value(value, "kubectl reads the truth value " + value + ", YAML 1.2 readers the text");
        }
        if (text.length() > LONGEST_NUMBER) {
            return ofLong(text);
        }
        if (NON_FINITE.matcher(text).matches()) {
            return new NotFinite();
        }
        if (SEXAGESIMAL.matcher(text).matches()) {
            return new Value(text, "kubectl reads the text, YAML 1.1 readers a number to the base 60");
        }
        char first = text.charAt(0);
        boolean mayBeNumber = first == '+' || first == '-' || first == '.' || (first >= '0' && first <= '9');
        return mayBeNumber ? ofNumberLike(text) : new Value(text, null);
    }

    /** Whether {@code text} is one of the words that YAML 1.1 takes for a truth value and YAML 1.2 does not. */
    static boolean isOldBoolean(String text) {
        return OLD_TRUE.contains(text) || OLD_FALSE.contains(text);
    }

    /** Whether {@code text} written without quotes would be anything but this very text to some reader. */
    static boolean needsQuotes(String text) {
        return text.equals("<<")
                || text.equals("=")
                || !(ofPlain(text) instanceof Value(Object value, var ambiguity)
                        && ambiguity == null
                        && text.equals(value));
    }

    /**
     * A text too long for a number that a double can hold. The other patterns must not see it: Java's matcher recurses
     * for each turn of a repeated group, so that a long text would overflow the stack.
     */
    private static Meaning ofLong(String text) {
        int start = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
        boolean digits = text.chars().skip(start).allMatch(c -> c >= '0' && c <= '9' || c == '_');
        return digits && Character.isDigit(text.charAt(start)) ? new NotFinite() : new Value(text, null);
    }

    private static Meaning ofNumberLike(String text) {
        String plain = text.replace("_", "");
        var integer = INTEGER.matcher(plain);
        if (integer.matches()) {
            BigInteger number = integer(integer.group(1), integer.group(2));
            return new Value(narrow(number), ambiguity(text, number.toString()));
        }
        if (DECIMAL.matcher(plain).matches()) {
            @Nullable Object number = decimal(plain);
            return number == null ? new NotFinite() : new Value(number, ambiguity(text, number.toString()));
        }
        return new Value(text, null);
    }

    private static @Nullable String ambiguity(String text, String number) {
        if (text.contains("_")) {
            return "kubectl reads the number " + number + ", YAML 1.2 readers the text";
        }
        if (LEADING_ZERO.matcher(text).matches()) {
            return "kubectl reads the number " + number + ", other readers another number or the text";
        }
        return null;
    }

    private static BigInteger integer(String sign, String digits) {
        BigInteger number;
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            number = switch (digits.charAt(1)) {
                case 'x', 'X' -> new BigInteger(digits.substring(2), 16);
                case 'b', 'B' -> new BigInteger(digits.substring(2), 2);
                case 'o', 'O' -> new BigInteger(digits.substring(2), 8);
                default -> new BigInteger(digits, 8);
            };
        } else {
            number = new BigInteger(digits);
        }
        return sign.equals("-") ? number.negate() : number;
    }

    private static Object narrow(BigInteger number) {
        return number.bitLength() < Long.SIZE ? (Object) number.longValueExact() : number;
    }

    /** The number without trailing zeros, as an integer where it is one; null where no double can hold it. */
    private static @Nullable Object decimal(String text) {
        double approximate = Double.parseDouble(text);
        if (!Double.isFinite(approximate)) {
            return null;
        }
        if (approximate == 0) {
            return 0L;
        }
        BigDecimal number = new BigDecimal(text).stripTrailingZeros();
        return number.scale() <= 0 ? narrow(number.toBigIntegerExact()) : number;
    }
}
