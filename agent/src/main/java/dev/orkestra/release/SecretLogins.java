package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.ChartLogin;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Identity;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Reads the credentials of chart repositories from Secrets, with the group's own rights. */
record SecretLogins(GroupCluster cluster, Identity identity) implements ChartLogins {
    @Override
    public Outcome<Optional<ChartLogin>> of(ApplicationGroup.Chart chart) {
        if (chart.secretName().isEmpty()) {
            return Outcome.done(Optional.empty());
        }
        String where = "Secret " + chart.secretNamespace() + "/" + chart.secretName();
        try {
            Optional<ObjectNode> secret = cluster.secret(identity, chart.secretNamespace(), chart.secretName());
            return secret.<Outcome<Optional<ChartLogin>>>map(found -> Outcome.done(login(found.path("data"))))
                    .orElseGet(() -> trouble(where + ", which authSecretRef names, does not exist", "create it"));
        } catch (ClusterException e) {
            return trouble(
                    where + " cannot be read: " + e.getMessage(), "let the service account " + identity + " read it");
        } catch (IllegalArgumentException e) {
            return trouble(where + " holds no Base64", "create it anew");
        }
    }

    private static Optional<ChartLogin> login(JsonNode data) {
        String username = decoded(data.path("username"));
        String password = decoded(data.path("password"));
        return username.isEmpty() && password.isEmpty()
                ? Optional.empty()
                : Optional.of(new ChartLogin.Basic(username, password));
    }

    private static String decoded(JsonNode value) {
        return new String(Base64.getDecoder().decode(value.asText("")), StandardCharsets.UTF_8);
    }

    private static Outcome<Optional<ChartLogin>> trouble(String message, String hint) {
        return Outcome.terminal(Diagnostic.error(ErrorCode.ChartPullFailed, message, null, hint));
    }
}
