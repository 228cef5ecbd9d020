package dev.orkestra.imports;

import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;

/** An import cannot be had. Stays inside this package: whoever asked gets the {@link Provided.Unreadable} in it. */
final class ImportTrouble extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Provided.Unreadable answer;

    /**
     * @param message what went wrong; no secret, and not the name of what was asked for
     * @param hint how to mend it
     */
    ImportTrouble(ErrorCode code, String message, String hint) {
        super(message);
        this.answer = new Provided.Unreadable(code, message, hint);
    }

    Provided.Unreadable answer() {
        return answer;
    }
}
