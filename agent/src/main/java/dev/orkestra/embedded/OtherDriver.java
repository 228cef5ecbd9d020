package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * Tells whether another engine carries out an object: two of them would fight over Helm's records and over the status
 * (DESIGN.md §3, "Public contracts").
 */
final class OtherDriver {
    static final String MESSAGE =
            "another engine writes this object's status, so the embedded one keeps away; stop one of the two, "
                    + "and delete the other's status to hand over";

    /** The names under which Flux and Argo write a status. */
    private static final Set<String> MANAGERS = Set.of("helm-controller", "workflow-controller");

    private OtherDriver() {}

    static boolean drives(ObjectNode object) {
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            if (MANAGERS.contains(entry.path("manager").asText())
                    && entry.path("fieldsV1").has("f:status")) {
                return true;
            }
        }
        return false;
    }
}
