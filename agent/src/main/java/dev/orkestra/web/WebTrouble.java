package dev.orkestra.web;

import java.net.URI;

/** A server gave no answer that can be used. Whoever asked says it in words of its own. */
public final class WebTrouble extends Exception {
    private static final long serialVersionUID = 1L;

    /** What kind of trouble it is. */
    public enum Kind {
        /** Nobody took the call in time. */
        NO_CONNECTION,
        /** The answer was not there in full in time. */
        TOO_SLOW,
        /** The answer has more bytes than are wanted. */
        TOO_LARGE,
        /** A redirect that is not followed; the message says where to. */
        BAD_REDIRECT,
        /** More redirects than are followed. */
        ENDLESS_REDIRECTS,
        /** One of the two does not trust the other's certificate; the message is the library's. */
        UNTRUSTED,
        /** No connection, or one that broke; the message is the library's. */
        UNREACHABLE
    }

    private final Kind kind;
    private final transient URI asked;
    private final transient URI at;

    /**
     * @param asked the address that was asked for
     * @param at the one that made the trouble, after all redirects
     */
    WebTrouble(Kind kind, URI asked, URI at, String message) {
        super(message);
        this.kind = kind;
        this.asked = asked;
        this.at = at;
    }

    public Kind kind() {
        return kind;
    }

    public URI asked() {
        return asked;
    }

    public URI at() {
        return at;
    }

    /** Whether the trouble is with another server, to which the one that was asked redirects. */
    public boolean isElsewhere() {
        return !Origin.of(asked).equals(Origin.of(at));
    }

    /** Never empty. */
    public String words() {
        return String.valueOf(getMessage());
    }
}
