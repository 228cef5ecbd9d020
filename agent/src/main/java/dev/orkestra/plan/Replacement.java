package dev.orkestra.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.ObjectKey;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

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

    /** Which objects of {@code state} may be replaced. */
    public static Set<ObjectKey> allowedIn(DesiredState state) {
        return state.objects().stream()
                .filter(Replacement::isAllowed)
                .map(DesiredObject::key)
                .collect(Collectors.toUnmodifiableSet());
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
