package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.document.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What somebody should know before a step is carried out, as far as the objects themselves tell. */
final class Risks {
    /** Kinds whose objects hold data, or whose deletion takes away objects that do. */
    private static final Set<String> WITH_DATA = Set.of("StatefulSet.apps", "Job.batch", "Pod", "Secret", "ConfigMap");

    private Risks() {}

    /** @param releases what the step does to releases */
    static List<Risk> of(PlanStep step, DesiredObject wanted, @Nullable ObjectNode live, List<ReleaseStep> releases) {
        List<Risk> risks = new ArrayList<>();
        if (live != null && wanted.key().kind().equals("CustomResourceDefinition")) {
            definition(live, wanted.body(), risks);
        }
        if (step.changes().stream().anyMatch(change -> change.path().startsWith("spec", "volumeClaimTemplates"))) {
            risks.add(new Risk(
                    Risk.Kind.VOLUME_CLAIM_TEMPLATES,
                    "volumeClaimTemplates change; claims that exist keep their shape"));
        }
        if (step.action() == Action.REPLACE) {
            risks.add(replaced(wanted.key()));
        } else if (step.action() == Action.DEFERRED && live != null && Replacement.isAllowed(wanted)) {
            // What differs is not known yet, but that its wave may replace it is.
            Risk risk = replaced(wanted.key());
            risks.add(new Risk(
                    risk.kind(), "where a field differs that cannot be changed, it is replaced: " + risk.text()));
        }
        List<String> removed = releases.stream()
                .filter(release -> release.action() == ReleaseStep.Action.REMOVE)
                .map(ReleaseStep::release)
                .toList();
        if (!removed.isEmpty()) {
            risks.add(new Risk(Risk.Kind.RELEASE_REMOVED, "uninstalls " + String.join(", ", removed)));
        }
        return List.copyOf(risks);
    }

    private static Risk replaced(ObjectKey key) {
        String kind = key.kind() + (key.group().isEmpty() ? "" : "." + key.group());
        boolean builtIn = key.group().isEmpty()
                || !key.group().contains(".")
                || key.group().endsWith(".k8s.io");
        if (WITH_DATA.contains(kind)) {
            return new Risk(Risk.Kind.REPLACED_DATA, "it is deleted with what it holds");
        }
        return builtIn
                ? new Risk(Risk.Kind.REPLACED, "it is away until it is created again")
                : new Risk(Risk.Kind.REPLACED_DATA, "its controller may delete what it stands for");
    }

    private static void definition(JsonNode live, JsonNode wanted, List<Risk> risks) {
        String before = storage(live);
        String after = storage(wanted);
        if (!before.equals(after)) {
            risks.add(new Risk(
                    Risk.Kind.STORAGE_VERSION,
                    "objects are stored as " + after + " instead of " + before + " from now on"));
        }
        Set<String> gone = new TreeSet<>();
        live.path("spec")
                .path("versions")
                .forEach(version -> gone.add(version.path("name").asText()));
        live.path("status").path("storedVersions").forEach(version -> gone.add(version.asText()));
        wanted.path("spec")
                .path("versions")
                .forEach(version -> gone.remove(version.path("name").asText()));
        if (!gone.isEmpty()) {
            risks.add(new Risk(
                    Risk.Kind.VERSION_REMOVED,
                    (gone.size() == 1 ? "the version " : "the versions ") + String.join(", ", gone)
                            + " goes; objects may still be stored in it"));
        }
    }

    private static String storage(JsonNode definition) {
        for (JsonNode version : definition.path("spec").path("versions")) {
            if (version.path("storage").asBoolean()) {
                return version.path("name").asText();
            }
        }
        return "";
    }
}
