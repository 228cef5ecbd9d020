package dev.orkestra.executor;

import dev.orkestra.cluster.ClusterException;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;

/** Turns what the API server refused into a finding. */
public final class Refusals {
    private Refusals() {}

    /**
     * @param doing what was tried, to start the sentence: {@code applying HelmRelease shop/web}
     */
    public static Diagnostic of(ClusterException refusal, String doing) {
        String said = doing + ": " + refusal.getMessage();
        return switch (refusal.reason()) {
            case FORBIDDEN ->
                Diagnostic.error(
                        ErrorCode.Forbidden,
                        said,
                        null,
                        "give the ConfigRepo's service account the right that the message names");
            case FIELD_CONFLICT ->
                Diagnostic.error(
                        ErrorCode.FieldConflict,
                        said + owners(refusal),
                        null,
                        "let the other manager go of the fields, or delete the object");
            case MISSING_KIND ->
                Diagnostic.error(ErrorCode.MissingKind, said, null, "install the CRD that brings the kind");
            case UNREACHABLE, UNAVAILABLE, EXPIRED, STALE, UNAUTHENTICATED ->
                Diagnostic.error(ErrorCode.ClusterUnreachable, said, null, "");
            case NOT_FOUND, ALREADY_EXISTS, INVALID, STILL_THERE -> Diagnostic.error(ErrorCode.Refused, said, null, "");
        };
    }

    private static String owners(ClusterException refusal) {
        StringBuilder text = new StringBuilder();
        refusal.causes()
                .forEach(cause -> text.append("; ")
                        .append(cause.field())
                        .append(" belongs to ")
                        .append(cause.manager()));
        return text.toString();
    }
}
