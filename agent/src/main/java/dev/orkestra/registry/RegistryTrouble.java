package dev.orkestra.registry;

/** A registry cannot be used. Whoever asked turns this into a finding, with a hint of where it can be mended. */
public final class RegistryTrouble extends Exception {
    private static final long serialVersionUID = 1L;

    /** What kind of trouble it is. */
    public enum Kind {
        /** The address is none. */
        ADDRESS,
        /** The address has a user in it. */
        LOGIN_IN_ADDRESS,
        /** Nobody is let in without credentials. */
        LOGIN_MISSING,
        /** The credentials are not accepted, or not for this. */
        LOGIN_REFUSED,
        /** A token is given, and user and password are wanted. */
        LOGIN_OF_WRONG_KIND,
        /** Credentials would travel without protection. */
        UNPROTECTED,
        /** The server cannot answer now. */
        BUSY,
        /** It has no such thing. */
        ABSENT,
        /** It answers what no registry does. */
        BROKEN
    }

    private final Kind kind;
    private final String hint;

    /** @param hint what to do about it, for those who know nothing better */
    RegistryTrouble(Kind kind, String message, String hint) {
        super(message);
        this.kind = kind;
        this.hint = hint;
    }

    /**
     * A status that says no.
     *
     * @param who has answered
     * @param what was asked for
     * @param login whether credentials were shown
     */
    public static RegistryTrouble refused(int status, String who, String what, boolean login) {
        if (status == 401 || status == 403) {
            return login
                    ? new RegistryTrouble(
                            Kind.LOGIN_REFUSED,
                            who + " does not accept the credentials for " + what + " (" + status + ")",
                            "see whether the credentials are right, and may do that")
                    : new RegistryTrouble(
                            Kind.LOGIN_MISSING,
                            who + " lets nobody have " + what + " without credentials (" + status + ")",
                            "give credentials");
        }
        if (status == 404) {
            return new RegistryTrouble(Kind.ABSENT, who + " does not have " + what, "see whether the name is right");
        }
        return isBusy(status)
                ? new RegistryTrouble(Kind.BUSY, who + " cannot answer now (" + status + ")", "see whether it is well")
                : new RegistryTrouble(
                        Kind.BROKEN,
                        who + " answered " + status + " when asked for " + what,
                        "see whether this is a registry");
    }

    /** Whether the same question may be answered later. */
    static boolean isBusy(int status) {
        return status == 408 || status == 425 || status == 429 || status >= 500;
    }

    public Kind kind() {
        return kind;
    }

    public String hint() {
        return hint;
    }

    /** Never empty. */
    public String words() {
        return String.valueOf(getMessage());
    }
}
