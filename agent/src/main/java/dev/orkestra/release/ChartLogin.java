package dev.orkestra.release;

/**
 * Credentials of a chart repository.
 *
 * @param username sent with HTTP basic authentication
 */
public record ChartLogin(String username, String password) {
    /** Never the password. */
    @Override
    public String toString() {
        return username + ":***";
    }
}
