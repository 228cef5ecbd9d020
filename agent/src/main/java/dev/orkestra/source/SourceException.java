package dev.orkestra.source;

/**
 * A tree cannot be read: the mirror is damaged or its volume is gone. A mirror that caused it is cloned anew at the next
 * fetch, so the caller fetches again. Or only a part of it cannot be read, as a file without permission.
 */
public final class SourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean onePart;

    public SourceException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private SourceException(String message, Throwable cause, boolean onePart) {
        super(message, cause);
        this.onePart = onePart;
    }

    /** Only the file or folder that was asked for cannot be read; {@code message} says which and why. */
    public static SourceException ofOnePart(String message, Throwable cause) {
        return new SourceException(message, cause, true);
    }

    /** Whether the rest of the tree can be read all the same, and reading it again would change nothing. */
    public boolean isOfOnePart() {
        return onePart;
    }
}
