package dev.orkestra.apply;

import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Which environment of this process applied an object last. Two whose plans both saw an object absent would else both
 * apply it, and the later one would take it away from the other: a server-side apply cannot say "only if it is not
 * there", and both are the same field manager. One process drives all environments of a cluster, so it can know; after
 * a restart a run looks at the live objects again anyway. No request is spent unless two want the same object.
 */
public final class Claims {
    private final Map<ObjectKey, Claim> claims = new ConcurrentHashMap<>();

    private static final class Claim {
        final ReentrantLock lock = new ReentrantLock();
        String label = "";
    }

    /**
     * Applies an object, unless it belongs to another environment by now. Two that want the same one take turns.
     *
     * @param label label of the environment that wants to apply it
     * @param look why the live object may not be applied over; asked only when another environment has applied it
     * @param apply applies it
     * @return what {@code look} said; then it was not applied
     */
    Optional<Diagnostic> apply(ObjectKey key, String label, Supplier<Optional<Diagnostic>> look, Runnable apply) {
        Claim claim = claims.computeIfAbsent(key, _ -> new Claim());
        claim.lock.lock();
        try {
            if (!claim.label.isEmpty() && !claim.label.equals(label)) {
                Optional<Diagnostic> foreign = look.get();
                if (foreign.isPresent()) {
                    return foreign;
                }
            }
            // Before the request: its answer may get lost.
            claim.label = label;
            apply.run();
            return Optional.empty();
        } finally {
            claim.lock.unlock();
        }
    }
}
