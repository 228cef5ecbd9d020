package dev.orkestra.katalog;

/**
 * How an import shows itself to a server. Holds names of environment variables, never their values: those are read by
 * whoever fetches.
 */
public sealed interface ImportAuth {
    /** {@code Authorization: Bearer}; {@code type: bearer} and {@code type: github}. */
    record Token(String fromVariable) implements ImportAuth {}

    /**
     * User and password; {@code type: basic}.
     *
     * @param passwordFromVariable empty for no password
     */
    record Basic(String userFromVariable, String passwordFromVariable) implements ImportAuth {}
}
