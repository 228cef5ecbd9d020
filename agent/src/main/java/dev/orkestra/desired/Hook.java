package dev.orkestra.desired;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Position;
import java.util.List;
import java.util.Set;

/**
 * Work that a commit wants done once in each of its runs, at one place of the order. A manifest that names two phases
 * is two hooks. What stands here is the manifest's own form; each run makes an instance of it under a name of its own.
 *
 * @param key identity as it is written; the namespace is filled in. No object of the cluster has it
 * @param body the object as it is written, with our label; treated as immutable
 * @param wave its place in the order
 * @param removed when instances are removed
 * @param onRollback whether it runs as well when its commit is gone back to
 * @param origin the document in Git that caused it
 * @param digest {@code sha256:…} over the canonical JSON of {@code body}
 */
public record Hook(
        ObjectKey key,
        ObjectNode body,
        Wave wave,
        Set<Removal> removed,
        boolean onRollback,
        Position origin,
        String digest) {
    /** What lets a Job or a Workflow take itself away when it has ended: fields of {@code spec}. */
    public static final List<String> SELF_REMOVAL = List.of("ttlSecondsAfterFinished", "ttlStrategy");

    /** When an instance of a hook is removed: {@code argocd.argoproj.io/hook-delete-policy}. */
    public enum Removal {
        /** When its wave is healthy. */
        SUCCEEDED,
        /** When it has failed, and that is recorded. */
        FAILED,
        /** When the next run is about to make one. */
        BEFORE_NEXT
    }

    public Hook {
        removed = Set.copyOf(removed);
    }

    public String apiVersion() {
        return body.path("apiVersion").asText();
    }

    /** Whether it runs only when the run has failed. */
    public boolean isForFailure() {
        return wave.phase() == Wave.Phase.SYNC_FAIL;
    }
}
