package dev.orkestra.cluster;

import java.util.List;

/**
 * The API server said no, or could not be asked. Callers turn it into a {@code Diagnostic}; the message holds no
 * secret and no token.
 */
public final class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why, as far as a caller needs to tell cases apart. */
    public enum Reason {
        /** 404 of an object. */
        NOT_FOUND,
        /** The kind is not served: its CRD is missing. */
        MISSING_KIND,
        /** 409 AlreadyExists. */
        ALREADY_EXISTS,
        /** 409 Conflict of a resourceVersion or uid precondition. */
        STALE,
        /** 409 Conflict of field managers; {@link #causes()} names them. */
        FIELD_CONFLICT,
        /** 401: the credentials are not accepted. */
        UNAUTHENTICATED,
        /** 403. */
        FORBIDDEN,
        /** 400, 422, or an SSA schema error that comes as 500: the object itself is wrong. */
        INVALID,
        /** 410: a watch's resourceVersion is too old. */
        EXPIRED,
        /** 429, 503, 504 or an internal error: worth another try. */
        UNAVAILABLE,
        /** It was told to go, and is still there: ours to say, the server has taken the deletion. */
        STILL_THERE,
        /** No answer at all: connection refused, time-out, TLS. */
        UNREACHABLE
    }

    /**
     * One field that another manager owns.
     *
     * @param field path as the server prints it, for example {@code .spec.replicas}
     * @param manager who owns it
     */
    public record FieldOwner(String field, String manager) {}

    /**
     * One field that is wrong.
     *
     * @param field path as the server prints it, for example {@code spec.selector}
     * @param message what the server says of it, without the value
     */
    public record FieldFault(String field, String message) {}

    private final Reason reason;
    private final transient List<FieldOwner> causes;
    private final transient List<FieldFault> faults;

    public ClusterException(Reason reason, String message, List<FieldOwner> causes, List<FieldFault> faults) {
        super(message);
        this.reason = reason;
        this.causes = List.copyOf(causes);
        this.faults = List.copyOf(faults);
    }

    public ClusterException(Reason reason, String message, List<FieldOwner> causes) {
        this(reason, message, causes, List.of());
    }

    public ClusterException(Reason reason, String message) {
        this(reason, message, List.of());
    }

    /** Never null, unlike that of other exceptions. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? reason.name() : message;
    }

    public Reason reason() {
        return reason;
    }

    /** The fields in conflict, for {@link Reason#FIELD_CONFLICT}; else empty. */
    public List<FieldOwner> causes() {
        return causes;
    }

    /** The fields that are wrong, as far as the server names them, for {@link Reason#INVALID}; else empty. */
    public List<FieldFault> faults() {
        return faults;
    }

    /** Whether the same request can succeed later without a change of the object or of rights. */
    public boolean isTransient() {
        return switch (reason) {
            case UNAVAILABLE, UNREACHABLE, EXPIRED, STALE -> true;
            case NOT_FOUND,
                    MISSING_KIND,
                    ALREADY_EXISTS,
                    FIELD_CONFLICT,
                    UNAUTHENTICATED,
                    FORBIDDEN,
                    INVALID,
                    STILL_THERE -> false;
        };
    }
}
