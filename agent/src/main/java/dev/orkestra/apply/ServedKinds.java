package dev.orkestra.apply;

import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.desired.DesiredObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Waits until the API server names the kinds of objects whose turn has come: it lists a definition's kinds a moment after
 * it has established it, and whoever asks in between hears that there is no such kind. No watch tells of it. What is not
 * listed after a while is left to whoever applies it, who is refused then.
 */
final class ServedKinds {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration FIRST_LOOK = Duration.ofMillis(50);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(400);

    private final Cluster cluster;
    private final InstantSource clock;

    ServedKinds(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    /** Returns when the kinds of {@code objects} are served, or it makes no sense to wait longer. */
    void await(List<DesiredObject> objects, Instant deadline) throws InterruptedException {
        List<Kind> missing = new ArrayList<>(objects.stream()
                .map(each -> new Kind(each.apiVersion(), each.key().kind()))
                .distinct()
                .filter(kind -> !isServed(kind))
                .toList());
        Instant end = clock.instant().plus(LONGEST);
        Instant until = end.isBefore(deadline) ? end : deadline;
        Semaphore nobody = new Semaphore(0);
        Duration pause = FIRST_LOOK;
        while (!missing.isEmpty()
                && clock.instant().isBefore(until)
                && !nobody.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            // What was read a moment ago is not read again else.
            cluster.forgetResourceTypes();
            missing.removeIf(this::isServed);
            pause = pause.multipliedBy(2).compareTo(BETWEEN_LOOKS) < 0 ? pause.multipliedBy(2) : BETWEEN_LOOKS;
        }
    }

    private boolean isServed(Kind kind) {
        try {
            cluster.resourceType(kind.apiVersion(), kind.kind());
            return true;
        } catch (ClusterException e) {
            if (e.reason() == ClusterException.Reason.MISSING_KIND) {
                return false;
            }
            throw e;
        }
    }

    private record Kind(String apiVersion, String kind) {}
}
