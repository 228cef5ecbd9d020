package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose object is it? Adoption of DESIGN.md §4, the last paragraph. */
public final class Ownership {
    static final String FORCE = "orkestra.dev/force";

    /** Beginnings of field managers of tools that keep objects as somebody wrote them; upper and lower case alike. */
    private static final List<String> TOOLS = List.of(
            "kubectl",
            "helm",
            "kustomize-controller",
            "argocd",
            "flux",
            "fleet",
            "kluctl",
            "kapp",
            "terraform",
            "pulumi");

    private static final List<String> TOOL_LABELS =
            List.of("kustomize.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/name", "argocd.argoproj.io/instance");

    private static final List<String> TOOL_ANNOTATIONS =
            List.of("meta.helm.sh/release-name", "argocd.argoproj.io/tracking-id");

    private Ownership() {}

    /** Why {@code repo} may not apply {@code wanted} over {@code live}; empty when it may. */
    public static Optional<Diagnostic> refusal(
            ConfigRepo repo, DesiredObject wanted, @Nullable ObjectNode live, Inventory inventory) {
        if (live == null) {
            return Optional.empty();
        }
        Optional<Diagnostic> elsewhere = elsewhere(repo, wanted, live);
        if (elsewhere.isPresent()) {
            return elsewhere;
        }
        if (!isForeign(repo, wanted, live, inventory) || repo.adoption() == ConfigRepo.Adoption.TAKEOVER) {
            return Optional.empty();
        }
        return tool(live)
                .map(tool -> Diagnostic.error(
                        ErrorCode.OwnedElsewhere,
                        wanted.key() + " is there already and " + tool + " manages it",
                        wanted.origin(),
                        "take it out of there, or set spec.adoption: takeover on the ConfigRepo"));
    }

    /** That {@code live} belongs to another ConfigRepo; empty when it does not. */
    public static Optional<Diagnostic> elsewhere(ConfigRepo repo, DesiredObject wanted, ObjectNode live) {
        String label = labelOf(live);
        return label.isEmpty() || label.equals(repo.label())
                ? Optional.empty()
                : Optional.of(Diagnostic.error(
                        ErrorCode.OwnedElsewhere,
                        wanted.key() + " belongs to the ConfigRepo " + label.replaceFirst("\\.", "/"),
                        wanted.origin(),
                        "remove it from one of the two repositories; it is never taken over from another ConfigRepo"));
    }

    /**
     * Whether the apply of {@code wanted} may take fields from other managers: it says so itself, or it is taken
     * over for
     * the first time and the ConfigRepo allows it.
     */
    public static boolean mayForce(
            ConfigRepo repo, DesiredObject wanted, @Nullable ObjectNode live, Inventory inventory) {
        JsonNode force = wanted.body().path("metadata").path("annotations").path(FORCE);
        return force.asText().equals("true")
                || live != null
                        && repo.adoption() == ConfigRepo.Adoption.TAKEOVER
                        && isForeign(repo, wanted, live, inventory);
    }

    /** There, but neither known to the inventory nor marked as ours. */
    private static boolean isForeign(ConfigRepo repo, DesiredObject wanted, ObjectNode live, Inventory inventory) {
        return inventory
                        .get(wanted.key())
                        .filter(entry -> !entry.isOnlyIntended())
                        .isEmpty()
                && !isMarked(live, repo.label());
    }

    /**
     * Whether the agent itself has put {@code label} there: anybody can copy a label, and that makes nothing ours.
     *
     * @param label value of {@link ConfigRepo#LABEL}
     */
    public static boolean isMarked(ObjectNode live, String label) {
        if (!labelOf(live).equals(label)) {
            return false;
        }
        for (JsonNode entry : live.path("metadata").path("managedFields")) {
            boolean labels =
                    entry.path("fieldsV1").path("f:metadata").path("f:labels").has("f:" + ConfigRepo.LABEL);
            if (labels && entry.path("manager").asText().equals(OwnedFields.MANAGER)) {
                return true;
            }
        }
        return false;
    }

    private static String labelOf(ObjectNode live) {
        return live.path("metadata").path("labels").path(ConfigRepo.LABEL).asText("");
    }

    /** Objects that a controller of Kubernetes made (a default service account) belong to nobody in this sense. */
    private static Optional<String> tool(ObjectNode live) {
        JsonNode metadata = live.path("metadata");
        for (JsonNode entry : metadata.path("managedFields")) {
            String manager = entry.path("manager").asText();
            String name = manager.toLowerCase(Locale.ROOT);
            if (entry.path("subresource").asText("").isEmpty() && TOOLS.stream().anyMatch(name::startsWith)) {
                return Optional.of("'" + manager + "'");
            }
        }
        if (metadata.path("labels")
                .path("app.kubernetes.io/managed-by")
                .asText()
                .equals("Helm")) {
            return Optional.of("Helm");
        }
        return TOOL_LABELS.stream()
                .filter(metadata.path("labels")::has)
                .findFirst()
                .or(() -> TOOL_ANNOTATIONS.stream()
                        .filter(metadata.path("annotations")::has)
                        .findFirst())
                .map(mark -> "the tool behind '" + mark + "'");
    }
}
