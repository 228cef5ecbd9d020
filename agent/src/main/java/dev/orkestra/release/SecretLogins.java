package dev.orkestra.release;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Identity;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.web.Access;
import java.util.Optional;

/** Reads the credentials of chart repositories from Secrets, with the group's own rights. */
record SecretLogins(GroupCluster cluster, Identity identity) implements ChartLogins {
    @Override
    public Outcome<Access> of(ApplicationGroup.Chart chart) {
        if (chart.secretName().isEmpty()) {
            return Outcome.done(Access.OPEN);
        }
        String where = "Secret " + chart.secretNamespace() + "/" + chart.secretName();
        try {
            Optional<ObjectNode> secret = cluster.secret(identity, chart.secretNamespace(), chart.secretName());
            return secret.map(found -> SecretAccess.of(where, found))
                    .orElseGet(() -> trouble(where + ", which authSecretRef names, does not exist", "create it"));
        } catch (ClusterException e) {
            return trouble(
                    where + " cannot be read: " + e.getMessage(), "let the service account " + identity + " read it");
        }
    }

    private static Outcome<Access> trouble(String message, String hint) {
        return Outcome.terminal(Diagnostic.error(ErrorCode.ChartPullFailed, message, null, hint));
    }
}
