package dev.orkestra.source;

/**
 * A user name and a password or token for HTTP. Its text is masked, so that it cannot reach a log or a message by way
 * of a string.
 *
 * @param username user name; empty together with an empty password means none
 * @param password password or token
 */
public record Credentials(String username, String password) {
    public static final Credentials NONE = new Credentials("", "");

    public boolean isNone() {
        return username.isEmpty() && password.isEmpty();
    }

    @Override
    public String toString() {
        return isNone() ? "none" : "***";
    }
}
