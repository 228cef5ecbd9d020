package dev.orkestra.web;

/** A certificate or a key that cannot be used. The message names the entry and its form, never its content. */
public final class PemTrouble extends Exception {
    private static final long serialVersionUID = 1L;

    private final String hint;

    /** @param hint how to mend it */
    PemTrouble(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    public String hint() {
        return hint;
    }
}
