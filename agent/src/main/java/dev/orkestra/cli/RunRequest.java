package dev.orkestra.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.run.Consent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Asks for a run of a ConfigRepo, or that none starts, as a person with nothing but the right to patch it. */
final class RunRequest {
    static final ResourceType CONFIG_REPOS =
            new ResourceType("orkestra.dev", "v1alpha1", "ConfigRepo", "configrepos", true);
    private static final String SYNC_REQUESTED = "orkestra.dev/sync-requested";
    private static final String RESUME_REQUESTED = "orkestra.dev/resume-requested";
    private static final String MANAGER = "ork";

    private final Cluster cluster;
    private final String namespace;
    private final String name;

    RunRequest(Cluster cluster, String namespace, String name) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.name = name;
    }

    /** Why no run can be asked for; empty when one can. */
    Optional<String> trouble() {
        Optional<ObjectNode> found = cluster.get(CONFIG_REPOS, namespace, name);
        if (found.isEmpty()) {
            return Optional.of("there is no ConfigRepo " + name + " in the namespace " + namespace
                    + "; see 'kubectl get configrepos -A'");
        }
        return found.filter(repo -> repo.path("metadata").has("deletionTimestamp"))
                .map(_ -> "the ConfigRepo " + namespace + "/" + name + " is being deleted");
    }

    /**
     * Asks for a run.
     *
     * @param approved hash of the plan that it is bound to; empty: whatever the commit brings
     * @return the request's own name, by which its run is known
     */
    String send(String approved, InstantSource clock, RandomGenerator random) {
        String request = unique(clock, random);
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode annotations =
                patch.putObject("metadata").putObject("annotations").put(SYNC_REQUESTED, request);
        if (approved.isEmpty()) {
            annotations.putNull(Consent.ANNOTATION);
        } else {
            annotations.put(Consent.ANNOTATION, approved);
        }
        patch(patch);
        return request;
    }

    /** No run starts until {@code until}; null: until somebody resumes. */
    void suspend(@Nullable Instant until, String reason) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("spec")
                .putObject("suspend")
                .put("until", until == null ? null : until.toString())
                .put("reason", reason);
        patch(patch);
    }

    /** Ends a suspension, a hold and a pin. */
    void resume(InstantSource clock, RandomGenerator random) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("spec").putNull("suspend");
        patch.putObject("metadata").putObject("annotations").put(RESUME_REQUESTED, unique(clock, random));
        patch(patch);
    }

    private static String unique(InstantSource clock, RandomGenerator random) {
        byte[] unique = new byte[4];
        random.nextBytes(unique);
        return clock.instant() + "-" + HexFormat.of().formatHex(unique);
    }

    private void patch(ObjectNode patch) {
        try {
            cluster.mergePatch(CONFIG_REPOS, namespace, name, patch, false, MANAGER);
        } catch (ClusterException e) {
            if (e.reason() == ClusterException.Reason.FORBIDDEN) {
                throw new ClusterException(
                        e.reason(), e.getMessage() + "; it takes the right to patch configrepos.orkestra.dev");
            }
            throw e;
        }
    }
}
