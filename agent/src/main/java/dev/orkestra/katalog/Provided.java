package dev.orkestra.katalog;

import dev.orkestra.outcome.ErrorCode;
import java.util.Optional;

/** What the caller found at a path that was asked for. */
public sealed interface Provided {
    /**
     * A file.
     *
     * @param bytes content; not to be changed afterwards
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Content(byte[] bytes) implements Provided {}

    /** Nothing is there. */
    record Absent() implements Provided {}

    /**
     * Something is there that cannot be read: a link, a folder, a file over a limit.
     *
     * @param message what is there instead of a file
     * @param hint how to mend it
     */
    record Unreadable(ErrorCode code, String message, String hint) implements Provided {}

    /** A file's content, or {@link Absent}. */
    static Provided of(Optional<byte[]> content) {
        return content.<Provided>map(Content::new).orElseGet(Absent::new);
    }
}
