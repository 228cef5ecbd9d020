package dev.orkestra.apply;

import dev.orkestra.cluster.ClusterException;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.HealthStatus;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.run.Evidence;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** From what the API server said to what the run's verdict is made of (DESIGN.md §4.11). */
final class Evidences {
    private Evidences() {}

    /** @param kind what it is when the object is not healthy, and nothing more is known */
    static Evidence.Kind kind(HealthStatus status, Evidence.Kind kind) {
        if (status.state() == HealthStatus.State.FAILED) {
            return Evidence.Kind.UNHEALTHY;
        }
        if (status.state() == HealthStatus.State.GONE) {
            return Evidence.Kind.GONE;
        }
        return status.environment() ? Evidence.Kind.UNAVAILABLE : kind;
    }

    static Evidence.Kind kind(ClusterException failure) {
        return switch (failure.reason()) {
            case INVALID, ALREADY_EXISTS -> Evidence.Kind.REFUSED_INVALID;
            case FORBIDDEN ->
                // A ResourceQuota answers 403 as well; only its text tells it from missing rights.
                failure.getMessage().toLowerCase(Locale.ROOT).contains("exceeded quota")
                        ? Evidence.Kind.QUOTA_EXCEEDED
                        : Evidence.Kind.REFUSED_FORBIDDEN;
            case FIELD_CONFLICT -> Evidence.Kind.FIELD_CONFLICT;
            case MISSING_KIND -> Evidence.Kind.MISSING_KIND;
            case UNREACHABLE, UNAUTHENTICATED -> Evidence.Kind.UNREACHABLE;
            case STILL_THERE -> Evidence.Kind.STILL_THERE;
            case NOT_FOUND, STALE, EXPIRED, UNAVAILABLE -> Evidence.Kind.UNAVAILABLE;
        };
    }

    static String message(Diagnostic refusal) {
        return refusal.message()
                + (refusal.hint().isEmpty() ? "" : " (" + refusal.hint() + ")")
                + refusal.at().map(at -> ", " + at).orElse("");
    }

    static String message(ObjectKey key, ClusterException failure) {
        if (key.kind().equals("Secret")
                && key.group().isEmpty()
                && failure.causes().isEmpty()) {
            // The server's text can repeat the values that it refuses.
            return "the API server refuses it (" + failure.reason() + ")";
        }
        if (failure.causes().isEmpty()) {
            return failure.getMessage();
        }
        return failure.causes().stream()
                .map(cause -> cause.field() + " is owned by " + cause.manager())
                .collect(Collectors.joining(", ", "field conflict: ", ""));
    }

    /** What a wave waits for, for people: the first three, and how many more. */
    static String firstOf(Map<ObjectKey, HealthStatus> waiting) {
        return waiting.entrySet().stream()
                        .limit(3)
                        .map(each -> each.getKey() + " (" + each.getValue().message() + ")")
                        .collect(Collectors.joining(", "))
                + (waiting.size() > 3 ? " and " + (waiting.size() - 3) + " more" : "");
    }
}
