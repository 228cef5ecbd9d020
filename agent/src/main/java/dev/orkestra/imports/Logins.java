package dev.orkestra.imports;

import dev.orkestra.katalog.ImportAuth;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.web.Login;
import java.util.Optional;

/** Credentials from variables. */
final class Logins {
    private Logins() {}

    /** Reads the variables that {@code auth} names. One that is missing or empty is trouble (rule L13). */
    static Optional<Login> of(Optional<ImportAuth> auth, Variables variables) throws ImportTrouble {
        return auth.isEmpty() ? Optional.empty() : Optional.of(of(auth.get(), variables));
    }

    private static Login of(ImportAuth auth, Variables variables) throws ImportTrouble {
        return switch (auth) {
            case ImportAuth.Token(String name) -> {
                String token = required(name, variables);
                // What a header can carry; the HTTP client's own words about anything else would show the token.
                if (token.chars().anyMatch(each -> each <= ' ' || each >= 127)) {
                    throw unusable(name, "a blank or another character that no token has");
                }
                yield new Login.Bearer(token);
            }
            case ImportAuth.Basic(String user, String password) -> {
                String known = required(user, variables);
                if (known.indexOf(':') >= 0) {
                    throw unusable(user, "a colon, which no user name may have");
                }
                yield new Login.Basic(known, password.isEmpty() ? "" : required(password, variables));
            }
        };
    }

    /** The names of the variables in {@code auth}, for messages. */
    static String names(ImportAuth auth) {
        return switch (auth) {
            case ImportAuth.Token(String name) -> "$" + name;
            case ImportAuth.Basic(String user, String password) ->
                "$" + user + (password.isEmpty() ? "" : " and $" + password);
        };
    }

    private static String required(String name, Variables variables) throws ImportTrouble {
        // A line break at the end is what files and Secrets often have; it never belongs to the value.
        String value = variables.value(name).map(String::strip).orElse("");
        if (value.isEmpty()) {
            throw new ImportTrouble(
                    ErrorCode.AuthenticationFailed,
                    "its auth names the variable " + name + ", which is not set or empty",
                    "set " + name + " to the secret");
        }
        if (value.chars().anyMatch(each -> each < ' ' || each == 127)) {
            throw unusable(name, "a line break or another control character");
        }
        return value;
    }

    private static ImportTrouble unusable(String name, String what) {
        return new ImportTrouble(
                ErrorCode.AuthenticationFailed,
                "the variable " + name + " holds " + what,
                "set " + name + " to the secret alone");
    }
}
