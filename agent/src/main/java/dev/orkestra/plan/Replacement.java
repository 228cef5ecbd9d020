package dev.orkestra.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.document.ObjectKey;
import java.util.Arrays;
import java.util.Set;

/**
 * Which objects may be deleted and created again when a field changes that cannot be changed: those that say so
 * themselves, and never what would take more with it than itself.
 */
public final class Replacement {
    static final String ANNOTATION = "argocd.argoproj.io/sync-options";
    private static final Set<String> OPTIONS = Set.of("Replace=true", "Force=true");

    private Replacement() {}

    /** Whether {@code object} may be replaced. */
    public static boolean isAllowed(DesiredObject object) {
        return isEverAllowed(object.key()) && says(object.body());
    }

    static boolean isEverAllowed(ObjectKey key) {
        return switch (key.group()) {
            case "" ->
                !Set.of("Namespace", "PersistentVolume", "PersistentVolumeClaim")
                        .contains(key.kind());
            case "apiextensions.k8s.io" -> !key.kind().equals("CustomResourceDefinition");
            default -> true;
        };
    }

    private static boolean says(ObjectNode body) {
        String options =
                body.path("metadata").path("annotations").path(ANNOTATION).asText();
        return Arrays.stream(options.split(",", -1)).map(String::strip).anyMatch(OPTIONS::contains);
    }
}
