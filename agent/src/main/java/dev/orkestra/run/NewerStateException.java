package dev.orkestra.run;

/** What is to be read was written by a newer agent: an older one was started over its state. */
public final class NewerStateException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    NewerStateException(int version, int known) {
        super("This was written by a newer agent (schema version " + version + "; this one reads up to " + known
                + "): start that version again");
    }
}
