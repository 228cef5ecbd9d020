package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Identity;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.executor.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The custom resource definitions in a chart's {@code crds} folder. Helm makes those that are missing when it installs,
 * and never touches them again; {@code crds: Create} for an upgrade and {@code CreateReplace} ask for more, which is
 * done here, in the name of the group's identity.
 */
final class ReleaseDefinitions {
    private static final Duration ESTABLISHED = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final Identity identity;
    private final HelmCli helm;
    private final ReleaseSpec spec;

    /** @param cluster asked as {@code identity} */
    ReleaseDefinitions(Cluster cluster, Identity identity, HelmCli helm, ReleaseSpec spec) {
        this.cluster = cluster;
        this.identity = identity;
        this.helm = helm;
        this.spec = spec;
    }

    /** Whether there is more to do than Helm does. */
    boolean areWanted(boolean first) {
        String policy = spec.action(ReleaseVerb.of(first)).path("crds").asText();
        return policy.equals("CreateReplace") || (!first && policy.equals("Create"));
    }

    /** Brings them; empty when they are served, else why not. */
    Optional<HelmResult> bring(Path chart, boolean first, ReleaseProgress progress) throws InterruptedException {
        boolean replace =
                spec.action(ReleaseVerb.of(first)).path("crds").asText().equals("CreateReplace");
        HelmResult shown = helm.definitions(identity, chart);
        if (!shown.succeeded()) {
            return Optional.of(shown);
        }
        List<ManifestObject> brought = new ArrayList<>();
        try {
            for (ObjectNode definition : ManifestObject.documents(shown.output())) {
                bring(definition, replace);
                brought.add(ManifestObject.of(definition));
            }
        } catch (ClusterException refused) {
            String why = "the chart's definitions cannot be brought: " + refused.getMessage();
            return Optional.of(new HelmResult(false, "", why, refused.isTransient()));
        }
        ReleaseWait wait = progress.wait(Deadline.in(ESTABLISHED));
        try (ReleaseObjects objects = ReleaseObjects.follow(cluster, spec, brought, _ -> true, wait.signal())) {
            ReleaseWait.Result end = wait.until(objects::health, ReleaseObjects.State::isCurrent, _ -> {});
            cluster.forgetResourceTypes();
            return end.end() == ReleaseWait.End.REACHED
                    ? Optional.empty()
                    : Optional.of(HelmResult.failed("the chart's definitions are not served: " + end.words()));
        }
    }

    private void bring(ObjectNode definition, boolean replace) {
        ResourceType type = cluster.resourceType(
                definition.path("apiVersion").asText(), definition.path("kind").asText());
        String name = definition.path("metadata").path("name").asText();
        if (replace) {
            cluster.apply(
                    type,
                    definition,
                    ApplyOptions.of(ReleaseObject.FIELD_MANAGER).forced());
        } else if (cluster.get(type, "", name).isEmpty()) {
            cluster.create(type, definition, ReleaseObject.FIELD_MANAGER);
        }
    }
}
