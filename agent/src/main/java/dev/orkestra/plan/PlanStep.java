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
 * @param changes fields that differ; empty unless {@code action} is UPDATE or REPLACE
 * @param note why, where the action alone does not tell; may be empty
 * @param risks what somebody should know before
 * @param releases for an ApplicationGroup: what the change does to its releases, in order
 * @param refusal why not; null unless {@code action} is REFUSED
 */
public record PlanStep(
        ObjectKey key,
        Wave wave,
        Action action,
        Position origin,
        List<FieldChange> changes,
        String note,
        List<Risk> risks,
        List<ReleaseStep> releases,
        @Nullable Diagnostic refusal) {
    public PlanStep {
        changes = List.copyOf(changes);
        risks = List.copyOf(risks);
        releases = List.copyOf(releases);
        if ((action == Action.REFUSED) != (refusal != null)) {
            throw new IllegalArgumentException("a refused step has a reason, and no other has");
        }
    }

    /** One without risks and releases. */
    public PlanStep(
            ObjectKey key,
            Wave wave,
            Action action,
            Position origin,
            List<FieldChange> changes,
            String note,
            @Nullable Diagnostic refusal) {
        this(key, wave, action, origin, changes, note, List.of(), List.of(), refusal);
    }

    /** This step, with what is known of its risks and releases. */
    PlanStep with(List<Risk> someRisks, List<ReleaseStep> someReleases) {
        return new PlanStep(key, wave, action, origin, changes, note, someRisks, someReleases, refusal);
    }
}
