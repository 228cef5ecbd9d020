package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.executor.Deadline;
import java.util.Optional;
import java.util.function.Function;

/** What the work on a HelmRelease reports to, and waits by. */
interface ReleaseProgress {
    /** The HelmRelease with the status that was written last; empty when it wants something else by now. */
    Optional<ObjectNode> latest();

    /** Writes a status; false when the HelmRelease moved on. */
    boolean write(Function<ReleaseStatus, ObjectNode> next);

    ReleaseWait wait(Deadline deadline);

    void event(boolean warning, String reason, String message);
}
