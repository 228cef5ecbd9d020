package dev.orkestra.executor;

import dev.orkestra.cluster.ClusterException;
import java.time.Duration;
import java.util.function.Supplier;

/** Asks the API server again while it is worth it. */
public final class Persistence {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private Persistence() {}

    /**
     * The answer to {@code request}, which is sent again while the server can't answer now, or the kind is only just
     * being installed.
     *
     * @throws ClusterException the last refusal, when asking again is of no use or the deadline has passed
     */
    public static <T> T ask(Deadline deadline, Supplier<T> request) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return request.get();
            } catch (ClusterException refused) {
                boolean worthIt = refused.reason() == ClusterException.Reason.MISSING_KIND
                        || (refused.isTransient() && refused.reason() != ClusterException.Reason.STALE);
                if (!worthIt || deadline.passed()) {
                    throw refused;
                }
                ChangeSignal.pause(deadline.leftAtMost(pause));
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }
}
