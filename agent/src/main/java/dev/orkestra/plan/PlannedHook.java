package dev.orkestra.plan;

import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Position;
import java.util.List;

/**
 * Work that the run does once on its way; it leaves no object that anybody misses.
 *
 * @param key identity as it is written in Git
 * @param wave when it is done
 * @param origin the document in Git
 */
public record PlannedHook(ObjectKey key, Wave wave, Position origin) {
    static List<PlannedHook> of(DesiredState state) {
        return state.hooks().stream()
                .map(hook -> new PlannedHook(hook.key(), hook.wave(), hook.origin()))
                .toList();
    }

    /** Whether it is done only when the run has failed. */
    public boolean isForFailure() {
        return wave.phase() == Wave.Phase.SYNC_FAIL;
    }
}
