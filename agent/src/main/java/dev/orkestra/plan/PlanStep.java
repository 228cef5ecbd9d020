package dev.orkestra.plan;

import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one object.
 *
 * @param origin the document in Git
 * @param changes fields that differ; empty unless {@code action} is UPDATE
 * @param note why, where the action alone does not tell; may be empty
 * @param refusal why not; null unless {@code action} is REFUSED
 */
public record PlanStep(
        ObjectKey key,
        Wave wave,
        Action action,
        Position origin,
        List<FieldChange> changes,
        String note,
        @Nullable Diagnostic refusal) {
    public PlanStep {
        changes = List.copyOf(changes);
        if ((action == Action.REFUSED) != (refusal != null)) {
            throw new IllegalArgumentException("a refused step has a reason, and no other has");
        }
    }
}
