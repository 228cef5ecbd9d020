package dev.orkestra.plan;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.orkestra.document.ObjectKey;
import java.util.Set;

/** Keeps the values of Secrets out of plans: they show that there is a difference, and in which field. */
final class SecretMask {
    private static final TextNode MASK = TextNode.valueOf("***");

    /** The only things of a Secret that hold no value of it; an annotation may hold a copy of all of them. */
    private static final Set<String> CLEAR = Set.of("apiVersion", "kind", "type", "immutable");

    private static final Set<String> CLEAR_METADATA =
            Set.of("labels", "name", "namespace", "finalizers", "ownerReferences");

    /** Annotations that say how an object is handled; those of others may quote what the object holds. */
    private static final Set<String> CLEAR_ANNOTATIONS = Set.of(
            "argocd.argoproj.io/sync-wave",
            "argocd.argoproj.io/hook",
            "argocd.argoproj.io/hook-delete-policy",
            "argocd.argoproj.io/sync-options",
            "orkestra.orkspace.io/sync-wave",
            "orkestra.dev/prune",
            "orkestra.dev/on-rollback",
            "orkestra.dev/force",
            "helm.sh/resource-policy");

    private SecretMask() {}

    static boolean isSecret(ObjectKey key) {
        return key.kind().equals("Secret") && key.group().isEmpty();
    }

    static FieldChange applyTo(ObjectKey key, FieldChange change) {
        return isSecret(key) && !isClear(change.path()) ? change.masked(MASK) : change;
    }

    private static boolean isClear(FieldPath path) {
        String first = name(path, 0);
        return CLEAR.contains(first)
                || first.equals("metadata")
                        && (CLEAR_METADATA.contains(name(path, 1))
                                || name(path, 1).equals("annotations") && CLEAR_ANNOTATIONS.contains(name(path, 2)));
    }

    private static String name(FieldPath path, int step) {
        return step < path.steps().size() && path.steps().get(step) instanceof FieldPath.Step.Field(String name)
                ? name
                : "";
    }
}
