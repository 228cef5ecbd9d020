package dev.orkestra.agent;

import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.drift.Drift;
import dev.orkestra.drift.DriftReport;
import java.util.List;
import java.util.function.Consumer;

/** Says on the ConfigRepo what became of drift. */
final class DriftStatus implements DriftReport {
    /** More events in one go help nobody. */
    private static final int MOST_EVENTS = 10;

    private final RepoStatus status;
    private final Consumer<RepoKey> wake;

    /** @param wake asks for a look at a ConfigRepo */
    DriftStatus(RepoStatus status, Consumer<RepoKey> wake) {
        this.status = status;
        this.wake = wake;
    }

    @Override
    public void corrected(ConfigRepo repo, List<Drift> corrected) {
        RepoKey key = new RepoKey(repo.namespace(), repo.name());
        corrected.stream()
                .limit(MOST_EVENTS)
                .forEach(drift -> status.event(key, true, "DriftCorrected", drift.object() + ": " + drift.message()));
        if (corrected.size() > MOST_EVENTS) {
            status.event(
                    key,
                    true,
                    "DriftCorrected",
                    (corrected.size() - MOST_EVENTS) + " more objects were put right at the same time");
        }
    }

    @Override
    public void present(ConfigRepo repo, List<Drift> present, List<String> unwatched) {
        status.drift(new RepoKey(repo.namespace(), repo.name()), present, unwatched);
    }

    @Override
    public void outdated(ConfigRepo repo) {
        wake.accept(new RepoKey(repo.namespace(), repo.name()));
    }
}
