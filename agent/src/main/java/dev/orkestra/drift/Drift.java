package dev.orkestra.drift;

import dev.orkestra.document.ObjectKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object that is not as it was applied.
 *
 * @param reason what is so
 * @param message a sentence for people; never a value of a field
 * @param fields places of the fields that differ, the first {@link #MOST_FIELDS}
 * @param manager field manager that changed them; empty where the server does not tell
 * @param since when this agent first saw it
 * @param until when it is tried again by itself, or null where it is not
 */
public record Drift(
        ObjectKey object,
        Reason reason,
        String message,
        List<String> fields,
        String manager,
        Instant since,
        @Nullable Instant until) {
    /** How many fields are named. */
    public static final int MOST_FIELDS = 10;

    /** What is so. Names are shown, and never change their meaning. */
    public enum Reason {
        /** Fields that are ours differ, or are not ours any more. */
        Changed,
        /** The object is not there. */
        Gone,
        /** Its deletion was asked for, and something holds it. */
        BeingDeleted,
        /** Another object has its name now, and belongs to somebody else. */
        Replaced,
        /** It was put right several times, and each time somebody changed it back. */
        Fight,
        /** The API server refuses to have it put right. */
        Refused
    }

    public Drift {
        fields = List.copyOf(fields.subList(0, Math.min(fields.size(), MOST_FIELDS)));
    }

    static Drift onlyOwnership(ObjectKey object, Instant since) {
        return new Drift(object, Reason.Changed, "", List.of(), "", since, null);
    }

    /** The values are as they should be, and only somebody else's: it is watched, but nobody needs to hear of it. */
    boolean isOnlyOwnership() {
        return reason == Reason.Changed && fields.isEmpty();
    }

    Drift because(Reason other, String text, @Nullable Instant next) {
        return new Drift(object, other, text, fields, manager, since, next);
    }

    Drift seenSince(Instant earlier) {
        return new Drift(object, reason, message, fields, manager, earlier, until);
    }
}
