package dev.orkestra.run;

import static dev.orkestra.run.Evidence.Before.ABSENT;
import static dev.orkestra.run.Evidence.Before.HEALTHY;
import static dev.orkestra.run.Evidence.Before.UNHEALTHY;

import java.util.List;

/** From evidence to verdict (DESIGN.md §4.11). */
public final class Verdicts {
    private Verdicts() {}

    /**
     * The verdict on {@code evidence}. A refusal is certain, so one is enough to blame the commit. Else API trouble, or
     * an object that does not go, explains whatever did not become healthy beside it. Else the commit is to blame for what it changed and what was
     * healthy, or not there, before.
     *
     * <p>Forbidden and missing kinds are unknown: rights and kinds come and go without a commit, and whether last-good
     * can still be applied tells them apart. So is a hook that is gone: it may have succeeded.
     */
    public static Verdict judge(List<Evidence> evidence) {
        if (evidence.stream().anyMatch(Verdicts::isRefusal)) {
            return Verdict.COMMIT;
        }
        if (evidence.stream().anyMatch(item -> isApiTrouble(item) || item.kind() == Evidence.Kind.STILL_THERE)) {
            return Verdict.ENVIRONMENT;
        }
        if (evidence.stream().anyMatch(Verdicts::isBrokenByRun)) {
            return Verdict.COMMIT;
        }
        boolean allBrokenBefore =
                !evidence.isEmpty() && evidence.stream().allMatch(item -> isHealth(item) && item.before() == UNHEALTHY);
        return allBrokenBefore ? Verdict.ENVIRONMENT : Verdict.UNKNOWN;
    }

    /**
     * The verdict on {@code evidence} while nothing is touched. A doubt costs nothing then: it is waited, instead of
     * condemning what may be right. Who owns an object or a field, or whether a namespace is there, is decided outside of
     * the commit as often as in it; only what the API server calls wrong stays wrong.
     */
    static Verdict judgeUntouched(List<Evidence> evidence) {
        return evidence.stream().anyMatch(item -> item.kind() == Evidence.Kind.REFUSED_INVALID)
                ? Verdict.COMMIT
                : Verdict.ENVIRONMENT;
    }

    /** Trouble that passes without anybody changing an object. */
    static boolean isApiTrouble(Evidence evidence) {
        return switch (evidence.kind()) {
            case UNREACHABLE, UNAVAILABLE, QUOTA_EXCEEDED -> true;
            case REFUSED_INVALID,
                    REFUSED_FORBIDDEN,
                    FIELD_CONFLICT,
                    OWNED_ELSEWHERE,
                    MISSING_KIND,
                    MISSING_NAMESPACE,
                    STILL_THERE,
                    UNHEALTHY,
                    DEADLINE,
                    GONE -> false;
        };
    }

    private static boolean isRefusal(Evidence evidence) {
        return switch (evidence.kind()) {
            case REFUSED_INVALID, FIELD_CONFLICT, OWNED_ELSEWHERE -> true;
            case REFUSED_FORBIDDEN,
                    MISSING_KIND,
                    MISSING_NAMESPACE,
                    QUOTA_EXCEEDED,
                    UNREACHABLE,
                    UNAVAILABLE,
                    STILL_THERE,
                    UNHEALTHY,
                    DEADLINE,
                    GONE -> false;
        };
    }

    private static boolean isHealth(Evidence evidence) {
        return evidence.kind() == Evidence.Kind.UNHEALTHY || evidence.kind() == Evidence.Kind.DEADLINE;
    }

    private static boolean isBrokenByRun(Evidence evidence) {
        return isHealth(evidence)
                && evidence.changedByRun()
                && (evidence.before() == HEALTHY || evidence.before() == ABSENT);
    }
}
