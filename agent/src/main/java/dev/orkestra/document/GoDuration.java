package dev.orkestra.document;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as Kubernetes resources write them ({@code 5m}, {@code 1h30m}, {@code 300ms}): the format of Go's
 * {@code time.ParseDuration}, which is not ISO 8601. There are no days; the range is that of 64-bit nanoseconds.
 */
public final class GoDuration {
    /** A number needs a digit somewhere: a lone point is none. */
    private static final String ONE = "(\\d+\\.?\\d*|\\.\\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)";

    private static final Pattern PART = Pattern.compile(ONE);
    private static final Pattern WHOLE = Pattern.compile("([-+]?)((?:" + ONE + ")+|0)");
    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "\u00b5s", 1_000L,
            "\u03bcs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    /** Longer texts are no durations: a bound on what the pattern has to read. */
    private static final int MAX_LENGTH = 100;

    private GoDuration() {}

    /** The duration that {@code text} writes, which may be negative; empty when it is none or too long for Go. */
    public static Optional<Duration> parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Matcher whole = WHOLE.matcher(text);
        if (!whole.matches()) {
            return Optional.empty();
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = PART.matcher(whole.group(2));
        while (part.find()) {
            BigDecimal number = new BigDecimal(part.group(1));
            BigDecimal unit = BigDecimal.valueOf(NANOS.getOrDefault(part.group(2), 0L));
            nanos = nanos.add(number.multiply(unit).setScale(0, RoundingMode.DOWN));
        }
        BigDecimal signed = "-".equals(whole.group(1)) ? nanos.negate() : nanos;
        return signed.toBigInteger().bitLength() > 63
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(signed.longValueExact()));
    }

    /** The text that Go prints: {@code 5m0s}, {@code 1.5s}, {@code 300ms}, {@code 0s}. */
    public static String text(Duration duration) {
        if (duration.isNegative()) {
            return "-" + text(duration.negated());
        }
        if (duration.isZero()) {
            return "0s";
        }
        if (duration.getSeconds() == 0) {
            return fraction(duration.getNano());
        }
        long hours = duration.toHours();
        int minutes = duration.toMinutesPart();
        String seconds =
                number(BigDecimal.valueOf(duration.toSecondsPart()).add(BigDecimal.valueOf(duration.getNano(), 9)))
                        + "s";
        if (hours > 0) {
            return hours + "h" + minutes + "m" + seconds;
        }
        return minutes > 0 ? minutes + "m" + seconds : seconds;
    }

    /** Below a second Go chooses the largest unit that leaves a digit before the point. */
    private static String fraction(int nanos) {
        if (nanos < 1_000) {
            return nanos + "ns";
        }
        return nanos < 1_000_000
                ? number(BigDecimal.valueOf(nanos, 3)) + "\u00b5s"
                : number(BigDecimal.valueOf(nanos, 6)) + "ms";
    }

    private static String number(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
