package dev.orkestra.katalog;

/** What the caller found at a path that was asked for. */
public sealed interface Provided {
    /**
     * A file.
     *
     * @param bytes content; not to be changed afterwards
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Content(byte[] bytes) implements Provided {}

    /** Nothing is there, or no regular file. */
    record Absent() implements Provided {}
}
