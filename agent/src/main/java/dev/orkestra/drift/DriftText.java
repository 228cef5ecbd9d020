package dev.orkestra.drift;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.plan.FieldOwners;
import dev.orkestra.plan.FieldPath;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is said of drift. Places of fields, never their values: one may be a secret. */
final class DriftText {
    private static final int NAMED = 3;

    private DriftText() {}

    /** {@code kubectl-edit (Update, 2026-01-01T00:00:00Z) changed spec.replicas}. */
    static String changed(List<FieldPath> paths, Optional<FieldOwners.Owner> owner) {
        String who = owner.map(DriftText::who).orElse("somebody");
        if (paths.isEmpty()) {
            return who + " took fields that are ours, without another value";
        }
        String fields = paths.stream().limit(NAMED).map(FieldPath::toString).collect(Collectors.joining(", "));
        return who + " changed " + fields + (paths.size() > NAMED ? " and " + (paths.size() - NAMED) + " more" : "");
    }

    private static String who(FieldOwners.Owner owner) {
        Instant at = owner.at();
        return owner.manager() + " (" + owner.operation()
                + (at == null ? "" : ", " + at.truncatedTo(ChronoUnit.SECONDS)) + ")";
    }

    static String fight(Drift drift, Instant until) {
        String other = drift.manager().isEmpty() ? "somebody" : drift.manager();
        return "orkestra-agent and " + other + " change it in turn: " + drift.message() + " again after "
                + Fights.MOST + " corrections. It is left alone until " + until.truncatedTo(ChronoUnit.SECONDS)
                + " or the next run; take the fields out of the repository, name them in spec.ignoreDifferences, or"
                + " stop the other one";
    }

    /** The server's own words about a Secret may quote it. */
    static String refused(Drift drift, ClusterException why) {
        boolean secret =
                drift.object().kind().equals("Secret") && drift.object().group().isEmpty();
        String words = secret ? why.reason().name() : why.getMessage();
        return (drift.message().isEmpty() ? "" : drift.message() + "; ") + "it cannot be put right: " + words;
    }

    static List<String> finalizers(ObjectNode live) {
        List<String> all = new ArrayList<>();
        live.path("metadata").path("finalizers").forEach(each -> all.add(each.asText()));
        live.path("spec").path("finalizers").forEach(each -> all.add(each.asText()));
        return all.isEmpty() ? List.of("it has no finalizer") : all;
    }
}
