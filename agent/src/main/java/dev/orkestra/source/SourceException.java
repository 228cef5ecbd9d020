package dev.orkestra.source;

/**
 * A tree cannot be read: the mirror is damaged or its volume is gone. A mirror that caused it is cloned anew at the
 * next
 * fetch, so the caller fetches again.
 */
public final class SourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
