package dev.orkestra.cel;

import dev.cel.common.CelErrorCode;
import dev.cel.runtime.CelEvaluationException;
import org.jspecify.annotations.Nullable;

/** Says in a few words why an expression has no value, as the API server would. */
final class Failures {
    private static final String MISSING = "is not present in map.";
    private static final int DEEPEST = 20;

    private Failures() {}

    static CelResult of(Throwable failure) {
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof Values.Unreadable unreadable) {
                return new CelResult.NotKnown(String.valueOf(unreadable.getMessage()));
            }
            cause = cause.getCause();
        }
        return new CelResult.Failed(text(failure));
    }

    private static String text(Throwable failure) {
        String message = Expressions.shortened(innermost(failure));
        int at = message.indexOf("evaluation error");
        if (at >= 0 && message.indexOf(": ", at) >= 0) {
            message = message.substring(message.indexOf(": ", at) + 2);
        }
        boolean isMissing = failure instanceof CelEvaluationException evaluation
                && evaluation.getErrorCode() == CelErrorCode.ATTRIBUTE_NOT_FOUND;
        int missing = message.indexOf(MISSING);
        if (missing >= 0 && message.startsWith("key '")) {
            return "no such key: " + message.substring(5, Math.max(5, missing - 2));
        }
        if (isMissing && message.indexOf(' ') < 0) {
            return "no such key: " + message;
        }
        return message.equals("/ by zero") ? "division by zero" : message;
    }

    /** What a function of ours said is wrapped in who called it with what, and that may be long. */
    private static String innermost(Throwable failure) {
        @Nullable Throwable cause = failure;
        String message = String.valueOf(failure.getMessage());
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause.getMessage() != null) {
                message = cause.getMessage();
            }
            cause = cause.getCause();
        }
        return message;
    }
}
