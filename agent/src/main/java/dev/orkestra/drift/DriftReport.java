package dev.orkestra.drift;

import dev.orkestra.desired.ConfigRepo;
import java.util.List;

/** Is told what became of drift. Called on a worker's thread; may block. */
public interface DriftReport {
    /** Objects that were put right just now; each says what had happened to it. */
    void corrected(ConfigRepo repo, List<Drift> corrected);

    /**
     * All that is not as it should be now, in order of the objects. Called whenever that has changed.
     *
     * @param unwatched why some objects are looked at once a minute only; empty where all are watched
     */
    void present(ConfigRepo repo, List<Drift> present, List<String> unwatched);

    /** Somebody else has written what is kept of the environment: it should be looked at anew, and settled again. */
    void outdated(ConfigRepo repo);
}
