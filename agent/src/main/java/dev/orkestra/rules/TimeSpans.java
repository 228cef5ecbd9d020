package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Katalogs write them: those of Go, and days, weeks, months of 30 and years of 365 days. */
final class TimeSpans {
    private static final Pattern PART = Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|mo|s|m|h|d|w|y)");
    private static final Map<String, BigDecimal> NANOS = Map.ofEntries(
            unit("ns", 1),
            unit("us", 1_000),
            unit("µs", 1_000),
            unit("μs", 1_000),
            unit("ms", 1_000_000),
            unit("s", 1_000_000_000L),
            unit("m", 60_000_000_000L),
            unit("h", 3_600_000_000_000L),
            unit("d", 86_400_000_000_000L),
            unit("w", 604_800_000_000_000L),
            unit("mo", 2_592_000_000_000_000L),
            unit("y", 31_536_000_000_000_000L));
    private static final int LONGEST = 100;

    private TimeSpans() {}

    private static Map.Entry<String, BigDecimal> unit(String name, long nanos) {
        return Map.entry(name, BigDecimal.valueOf(nanos));
    }

    /** The duration at a path; empty for none, for a template, and for what the schema refuses. */
    static Optional<Duration> of(Node.MapNode holder, String path) {
        return Fields.plainText(holder, path).flatMap(TimeSpans::parse);
    }

    /** The duration that {@code text} writes; {@code never} is none at all. */
    static Optional<Duration> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = PART.matcher(text);
        int at = 0;
        while (at < text.length() && part.find(at) && part.start() == at) {
            BigDecimal unit = NANOS.getOrDefault(part.group(2), BigDecimal.ZERO);
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(unit));
            at = part.end();
        }
        boolean isWhole = at == text.length() && at > 0 && nanos.toBigInteger().bitLength() <= 63;
        return isWhole ? Optional.of(Duration.ofNanos(nanos.longValue())) : Optional.empty();
    }
}
