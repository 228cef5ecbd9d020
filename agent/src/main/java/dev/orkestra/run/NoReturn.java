package dev.orkestra.run;

import dev.orkestra.desired.Wave;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Which points of no return a run has passed. In doubt one is passed: a write may have been made that nobody saw. */
final class NoReturn {
    private NoReturn() {}

    /** {@code known}, and what a later attempt sees beside it. */
    static List<PointOfNoReturn> more(List<PointOfNoReturn> known, List<PointOfNoReturn> seen) {
        List<PointOfNoReturn> all = new ArrayList<>(known);
        seen.stream()
                .filter(point -> known.stream().noneMatch(point::isSame))
                .limit(Math.max(0, RunMachine.MOST_LISTED - known.size()))
                .forEach(all::add);
        return all;
    }

    /** The first write of {@code wave} is about to be made. */
    static List<PointOfNoReturn> passing(List<PointOfNoReturn> points, Wave wave) {
        return points.stream()
                .map(point -> point.wave().equals(wave) ? point.passed(true) : point)
                .toList();
    }

    /** What the API server refused was not changed. */
    static List<PointOfNoReturn> refused(List<PointOfNoReturn> points, Wave wave, List<Evidence> evidence) {
        return points.stream()
                .map(point -> point.wave().equals(wave)
                                && evidence.stream()
                                        .anyMatch(
                                                item -> point.object().equals(item.object()) && isRefusal(item.kind()))
                        ? point.passed(false)
                        : point)
                .toList();
    }

    private static boolean isRefusal(Evidence.Kind kind) {
        return switch (kind) {
            case REFUSED_INVALID,
                    REFUSED_FORBIDDEN,
                    FIELD_CONFLICT,
                    OWNED_ELSEWHERE,
                    MISSING_KIND,
                    MISSING_NAMESPACE,
                    QUOTA_EXCEEDED -> true;
            case UNREACHABLE, UNAVAILABLE, STILL_THERE, UNHEALTHY, DEADLINE, GONE -> false;
        };
    }

    /** Whether a failure now is held, and not rolled back. */
    static boolean holds(RunState state) {
        return state.known().holds() && state.known().noReturn().stream().anyMatch(PointOfNoReturn::passed);
    }

    /** What was passed, for people. */
    static String words(RunState state) {
        List<PointOfNoReturn> passed = state.known().noReturn().stream()
                .filter(PointOfNoReturn::passed)
                .toList();
        int more = passed.size() - 3;
        return passed.stream()
                        .limit(3)
                        .map(point -> point.object() + " (" + point.what() + ")")
                        .collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }
}
