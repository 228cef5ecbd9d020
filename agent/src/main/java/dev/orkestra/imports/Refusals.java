package dev.orkestra.imports;

import dev.orkestra.katalog.ImportAuth;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;

/** Words for answers that are refusals, whoever gives them. */
final class Refusals {
    static final String ADD_AUTH = "name the variables that hold them: auth: {type: bearer, fromEnv: …} or"
            + " {type: basic, usernameFromEnv: …, passwordFromEnv: …}";

    private Refusals() {}

    /** The lock file shows that it was there: its absence may pass, as that of a server under repair does. */
    static Provided.Unreadable ofLocked(Provided.Unreadable trouble) {
        return trouble.code() == ErrorCode.NotFound
                ? new Provided.Unreadable(
                        ErrorCode.ImportFailed, trouble.message(), "it was there when it was locked: " + trouble.hint())
                : trouble;
    }

    /** What to do where credentials are not taken. */
    static String seeWhether(ImportAuth auth) {
        return "see whether what " + Logins.names(auth) + " holds is still right";
    }

    /**
     * A status that has no meaning of its own for the one who asked.
     *
     * @param hint what to do where asking again cannot help
     */
    static ImportTrouble other(String who, int status, String hint) {
        boolean busy = status == 408 || status == 425 || status == 429 || status >= 500;
        return busy
                ? new ImportTrouble(
                        ErrorCode.ImportFailed,
                        who + " cannot answer now (" + status + ")",
                        "see whether it is well, and try again later")
                : new ImportTrouble(ErrorCode.NotFound, who + " answered " + status, hint);
    }
}
