package dev.orkestra.imports;

import dev.orkestra.katalog.ImportAuth;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import java.util.Optional;

/** How an import shows itself to a server, with the values of the variables that its auth names. Texts are masked. */
sealed interface Login {
    record None() implements Login {}

    record Token(String token) implements Login {
        @Override
        public String toString() {
            return "***";
        }
    }

    record Password(String user, String password) implements Login {
        @Override
        public String toString() {
            return "***";
        }
    }

    /** A variable that is not set, or empty. */
    record Unset(String variable) implements Login {
        Provided.Unreadable unreadable() {
            return new Provided.Unreadable(
                    ErrorCode.AuthenticationFailed,
                    "the environment variable " + variable + ", which auth names, is not set or empty",
                    "set it for the program that composes");
        }
    }

    static Login of(Optional<ImportAuth> auth, Variables variables) {
        return switch (auth.orElse(null)) {
            case null -> new None();
            case ImportAuth.Token(String name) ->
                value(variables, name).<Login>map(Token::new).orElseGet(() -> new Unset(name));
            case ImportAuth.Basic(String userName, String passwordName) -> {
                Optional<String> user = value(variables, userName);
                Optional<String> password = passwordName.isEmpty() ? Optional.of("") : value(variables, passwordName);
                yield user.isEmpty()
                        ? new Unset(userName)
                        : password.<Login>map(word -> new Password(user.get(), word))
                                .orElseGet(() -> new Unset(passwordName));
            }
        };
    }

    private static Optional<String> value(Variables variables, String name) {
        return variables.value(name).filter(value -> !value.isEmpty());
    }
}
