package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Identity;
import dev.orkestra.cluster.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Compares a release's objects with what its last revision made them, as the API server would have them now
 * (server-side apply, dry run), and puts them back where the HelmRelease asks for it. In the name of the group's
 * identity. No revision of Helm comes of it.
 */
final class ReleaseDrift {
    private static final String DISABLED = "helm.toolkit.fluxcd.io/driftDetection";
    private static final List<String> OF_THE_SERVER =
            List.of("managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink");

    /** An object that is not as it was made; how is not told, since it may be a Secret. */
    private record Difference(ResourceType type, ObjectNode desired, boolean gone) {
        @Override
        public String toString() {
            return desired.path("kind").asText() + "/"
                    + desired.path("metadata").path("name").asText() + (gone ? " removed" : " changed");
        }
    }

    private final Cluster cluster;
    private final Identity identity;
    private final HelmCli helm;
    private final ReleaseSpec spec;
    private final ReleaseProgress progress;

    /** @param cluster asked as {@code identity} */
    ReleaseDrift(Cluster cluster, Identity identity, HelmCli helm, ReleaseSpec spec, ReleaseProgress progress) {
        this.cluster = cluster;
        this.identity = identity;
        this.helm = helm;
        this.spec = spec;
        this.progress = progress;
    }

    /** Whether the HelmRelease asks for it. */
    static boolean isWanted(JsonNode spec) {
        String mode = spec.path("driftDetection").path("mode").asText();
        return mode.equals("enabled") || mode.equals("warn");
    }

    /** Looks once, and tells and corrects what is to be told and corrected. */
    void look() throws InterruptedException {
        Optional<DeployedRelease> made =
                DeployedRelease.read(helm.status(identity, spec).output());
        if (made.isEmpty()) {
            return;
        }
        JsonNode wanted = spec.object().path("spec").path("driftDetection");
        List<Difference> drifted = new ArrayList<>();
        try {
            List<DriftIgnore> ignored = DriftIgnore.of(wanted);
            for (ObjectNode document : ManifestObject.documents(made.get().manifest())) {
                difference(document.deepCopy(), ignored).ifPresent(drifted::add);
            }
        } catch (ClusterException refused) {
            progress.event(true, "DriftDetectionFailed", refused.getMessage());
            return;
        }
        if (drifted.isEmpty()) {
            return;
        }
        String release =
                "cluster state of release " + spec.lock() + ".v" + made.get().revision();
        String words = drifted.stream().map(Difference::toString).collect(Collectors.joining(", "));
        progress.event(true, "DriftDetected", release + " has drifted from the desired state: " + words);
        if (wanted.path("mode").asText().equals("enabled")) {
            correct(drifted, release, words);
        }
    }

    private void correct(List<Difference> drifted, String release, String words) {
        try {
            for (Difference each : drifted) {
                cluster.apply(each.type(), each.desired(), applying());
            }
            progress.event(false, "DriftCorrected", release + " has been corrected: " + words);
        } catch (ClusterException refused) {
            progress.event(true, "DriftCorrectionFailed", release + ": " + refused.getMessage());
        }
    }

    private static ApplyOptions applying() {
        return ApplyOptions.of(ReleaseObject.FIELD_MANAGER).forced();
    }

    private Optional<Difference> difference(ObjectNode desired, List<DriftIgnore> ignored) {
        ResourceType type = cluster.resourceType(
                desired.path("apiVersion").asText(), desired.path("kind").asText());
        ObjectNode metadata = desired.withObject("/metadata");
        String namespace = type.namespaced() ? metadata.path("namespace").asText(spec.namespace()) : "";
        if (type.namespaced()) {
            metadata.put("namespace", namespace);
        }
        boolean off = metadata.path("annotations").path(DISABLED).asText("").equals("disabled");
        if (off || !DriftIgnore.strip(desired, ignored)) {
            return Optional.empty();
        }
        // Helm writes these on all that it makes, and wants to find them.
        metadata.withObject("/labels").put("app.kubernetes.io/managed-by", "Helm");
        metadata.withObject("/annotations")
                .put("meta.helm.sh/release-name", spec.name())
                .put("meta.helm.sh/release-namespace", spec.namespace());
        Optional<ObjectNode> live =
                cluster.get(type, namespace, metadata.path("name").asText());
        if (live.isEmpty()) {
            return Optional.of(new Difference(type, desired, true));
        }
        ObjectNode applied = cluster.apply(type, desired, applying().asDryRun());
        return plain(live.get()).equals(plain(applied))
                ? Optional.empty()
                : Optional.of(new Difference(type, desired, false));
    }

    /** Without what the server writes by itself. */
    private static JsonNode plain(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        copy.remove("status");
        copy.withObject("/metadata").remove(OF_THE_SERVER);
        return copy;
    }
}
