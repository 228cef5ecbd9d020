package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.outcome.Position;
import org.jspecify.annotations.Nullable;

/**
 * A field that differs.
 *
 * @param path where in the object
 * @param before its value in the cluster, or null where it is not there
 * @param after its value after the apply, or null where it goes
 * @param origin the place in Git that writes it, as near as it is known
 * @param changedBy the manager that wrote the value in the cluster, where that is not us; may be empty
 */
public record FieldChange(
        FieldPath path,
        @Nullable JsonNode before,
        @Nullable JsonNode after,
        @Nullable Position origin,
        String changedBy) {
    public FieldChange(FieldPath path, @Nullable JsonNode before, @Nullable JsonNode after, @Nullable Position origin) {
        this(path, before, after, origin, "");
    }

    /** Tells that there is a difference, and not which. */
    FieldChange masked(JsonNode mask) {
        return new FieldChange(path, before == null ? null : mask, after == null ? null : mask, origin, changedBy);
    }
}
