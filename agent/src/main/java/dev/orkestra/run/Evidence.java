package dev.orkestra.run;

import dev.orkestra.document.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was seen when a run failed.
 *
 * @param object whom it is about, or null when it is about none
 * @param kind what was seen
 * @param before how the object was before this run touched it
 * @param changedByRun whether this run created or changed the object
 * @param message the API server's or the object's own words; never a secret
 */
public record Evidence(@Nullable ObjectKey object, Kind kind, Before before, boolean changedByRun, String message) {
    /** What was seen. */
    public enum Kind {
        /** 400, 422, or denied by an admission policy. */
        REFUSED_INVALID,
        /** 403 by RBAC: the commit may ask for too much, or somebody took rights away. */
        REFUSED_FORBIDDEN,
        /** Another field manager owns a field. */
        FIELD_CONFLICT,
        /** Another tool or another ConfigRepo owns the object. */
        OWNED_ELSEWHERE,
        /** The kind is not served. */
        MISSING_KIND,
        /** The object's namespace is not there, and the commit does not bring it. */
        MISSING_NAMESPACE,
        /** 403 by a ResourceQuota. */
        QUOTA_EXCEEDED,
        /** No answer from the API server. */
        UNREACHABLE,
        /** 429, 5xx, a webhook that can't be called, or an image registry that can't be asked. */
        UNAVAILABLE,
        /** Something that must be gone first is still there at the deadline: a finalizer holds it, say. */
        STILL_THERE,
        /** Terminally unhealthy. */
        UNHEALTHY,
        /** Not healthy at the deadline. */
        DEADLINE,
        /** A hook that was made is gone, and nobody has seen how it ended. */
        GONE
    }

    /** How the object was when the run began. */
    public enum Before {
        HEALTHY,
        UNHEALTHY,
        /** It was not there. */
        ABSENT,
        /** Nobody looked. */
        NOT_KNOWN
    }

    /** {@code Deployment.apps/shop/web: message}; the object is not named twice. */
    @Override
    public String toString() {
        return object == null || message.startsWith(object + " ") ? message : object + ": " + message;
    }
}
