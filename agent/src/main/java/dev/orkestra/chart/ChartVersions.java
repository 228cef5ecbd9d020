package dev.orkestra.chart;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.semver4j.Semver;
import org.semver4j.range.RangeList;
import org.semver4j.range.RangeListFactory;

/**
 * Chart versions as Helm takes them: {@code v1} and {@code 1.2} are versions too, and {@code ^1.2}, {@code ~1.2.3},
 * {@code >=1, <2}, {@code 1.x} and {@code *} choose the newest that fits. Pre-releases only fit a range that names one.
 */
public final class ChartVersions {
    private static final Pattern LENIENT = Pattern.compile(
            "[vV]?(\\d{1,9})(?:\\.(\\d{1,9}))?(?:\\.(\\d{1,9}))?(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?");

    private ChartVersions() {}

    /** The version that {@code text} writes; empty when it is none. */
    public static Optional<Semver> parse(String text) {
        Matcher parts = LENIENT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String strict = parts.group(1) + "." + orZero(parts.group(2)) + "." + orZero(parts.group(3))
                + orEmpty(parts.group(4)) + orEmpty(parts.group(5));
        return Optional.ofNullable(Semver.parse(strict));
    }

    /** Whether {@code text} names one version, not a range. */
    public static boolean isExact(String text) {
        return parse(text).isPresent();
    }

    /**
     * The best of {@code offered} for {@code wanted}: the very text, else the same version written otherwise, else the
     * newest that fits the range.
     */
    public static Optional<String> choose(String wanted, Collection<String> offered) {
        if (offered.contains(wanted)) {
            return Optional.of(wanted);
        }
        Optional<Semver> exact = parse(wanted);
        if (exact.isPresent() && wanted.chars().filter(c -> c == '.').count() >= 2) {
            return offered.stream()
                    .filter(each -> parse(each).filter(exact.get()::equals).isPresent())
                    .findFirst();
        }
        Optional<RangeList> range = range(wanted);
        if (range.isEmpty()) {
            return Optional.empty();
        }
        return offered.stream()
                .filter(each -> parse(each).filter(range.get()::isSatisfiedBy).isPresent())
                .max(Comparator.comparing(each -> parse(each).orElseThrow()));
    }

    /** {@code versions} that are some, the newest first. */
    public static List<String> newestFirst(Collection<String> versions) {
        record Parsed(String text, Semver version) {}
        return versions.stream()
                .flatMap(each -> parse(each).stream().map(version -> new Parsed(each, version)))
                .sorted(Comparator.comparing(Parsed::version).reversed())
                .map(Parsed::text)
                .toList();
    }

    /** Empty where a number is larger than any that a version may have: nothing fits it. */
    private static Optional<RangeList> range(String wanted) {
        try {
            return Optional.of(RangeListFactory.create(npmRange(wanted)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Helm separates by commas what npm separates by spaces. */
    private static String npmRange(String wanted) {
        return wanted.replace(',', ' ').trim().replaceAll("\\s+", " ");
    }

    private static String orZero(String part) {
        return part == null ? "0" : part;
    }

    private static String orEmpty(String part) {
        return part == null ? "" : part;
    }
}
