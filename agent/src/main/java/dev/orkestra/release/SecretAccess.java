package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.web.Access;
import dev.orkestra.web.Login;
import dev.orkestra.web.PemTrouble;
import dev.orkestra.web.Tls;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Credentials of a chart repository as a Secret holds them, all of them optional: {@code username} and {@code password};
 * {@code tls.crt} and {@code tls.key}, which the server is shown; {@code ca.crt}, which it must be vouched for by. TLS is
 * the text of PEM files; Azure Orkestra took it for their paths.
 */
public final class SecretAccess {
    private SecretAccess() {}

    /**
     * What {@code secret} holds.
     *
     * @param where names the Secret, for messages
     */
    public static Outcome<Access> of(String where, ObjectNode secret) {
        JsonNode data = secret.path("data");
        try {
            String username = text(data, "username");
            String password = text(data, "password");
            if (username.indexOf(':') >= 0 || (username + password).chars().anyMatch(each -> each < ' ')) {
                return trouble(
                        where + " has a username with a colon in it, or a line break in username or password",
                        "store the values alone: kubectl create secret generic --from-literal");
            }
            Optional<Login> login = username.isEmpty() && password.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Login.Basic(username, password));
            Optional<Tls> tls = Tls.of(text(data, Tls.CERTIFICATE), text(data, Tls.KEY), text(data, Tls.AUTHORITY));
            return Outcome.done(new Access(login, tls));
        } catch (PemTrouble e) {
            return trouble(where + ": " + e.getMessage(), e.hint());
        } catch (IllegalArgumentException e) {
            // Without its words: they show a piece of the value.
            return trouble(where + " holds no Base64", "create it anew");
        }
    }

    /** A line break at the end is what files often have; it never belongs to the value. */
    private static String text(JsonNode data, String key) {
        byte[] value = Base64.getDecoder().decode(data.path(key).asText(""));
        return new String(value, StandardCharsets.UTF_8).replaceFirst("[\\r\\n]+$", "");
    }

    private static Outcome<Access> trouble(String message, String hint) {
        return Outcome.terminal(Diagnostic.error(ErrorCode.ChartPullFailed, message, null, hint));
    }
}
