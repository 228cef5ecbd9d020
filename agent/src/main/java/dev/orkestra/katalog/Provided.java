package dev.orkestra.katalog;

import dev.orkestra.outcome.ErrorCode;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the caller found where a {@link Need} pointed. */
public sealed interface Provided {
    /**
     * A file.
     *
     * @param bytes content; not to be changed afterwards
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Content(byte[] bytes) implements Provided {}

    /**
     * Several files.
     *
     * @param contents by path, sorted; {@code /} between names, never {@code ..}
     * @param pin what they were when they were fetched
     */
    record Files(Map<String, byte[]> contents, Pin pin) implements Provided {
        public Files {
            contents = Collections.unmodifiableMap(new TreeMap<>(contents));
        }

        /** Files with the digest of what they hold. */
        public static Files of(Map<String, byte[]> contents, String resolved) {
            return new Files(contents, new Pin(resolved, Pin.digestOf(contents)));
        }
    }

    /** Nothing is there. */
    record Absent() implements Provided {}

    /**
     * Something is there that cannot be read: a link, a folder, a file over a limit, a server that refuses.
     *
     * @param message what is there instead of a file, or what went wrong; without the name of what was asked for
     * @param hint how to mend it
     */
    record Unreadable(ErrorCode code, String message, String hint) implements Provided {}

    /** A file's content, or {@link Absent}. */
    static Provided of(Optional<byte[]> content) {
        return content.<Provided>map(Content::new).orElseGet(Absent::new);
    }
}
