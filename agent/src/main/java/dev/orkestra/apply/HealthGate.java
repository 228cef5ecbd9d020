package dev.orkestra.apply;

import dev.orkestra.cluster.ClusterException;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.EarlyFailures;
import dev.orkestra.health.HealthRules;
import dev.orkestra.health.HealthStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Waits until the objects of a wave are healthy. Watch events tell, so the next wave starts milliseconds after the
 * last object became ready; a slow look only backs them up (DESIGN.md §3, "waiting is an event"). What the pods of a
 * workload say ends the wait early where waiting does not help.
 */
public final class HealthGate {
    private static final Duration SAFETY_LOOK = Duration.ofSeconds(30);
    /** What is healthy is healthy even past the deadline, so that one look is always taken. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(10);
    /** Most rollouts are over by then, and need not cost the requests that watching pods takes. */
    private static final Duration BEFORE_PODS = Duration.ofSeconds(2);
    /** The API server has answered by then, with pods or with a refusal. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(1);
    /** For the pods' own words when the wait is over anyway. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Setup setup;
    private final InstantSource clock;

    /**
     * What a gate works with.
     *
     * @param live seen with the environment's identity
     * @param label value of the label that all objects of the environment carry
     * @param rules when an object is healthy
     * @param limits when a pod's trouble is the end
     * @param since when the run began: restarts before it are not its fault
     * @param clock the time
     */
    public record Setup(
            LiveWatches live,
            String label,
            HealthRules rules,
            EarlyFailures.Limits limits,
            Instant since,
            InstantSource clock) {}

    public HealthGate(Setup setup) {
        this.setup = setup;
        this.clock = setup.clock();
    }

    /** When a wait is broken off. */
    @FunctionalInterface
    public interface BreakOff {
        /** Asked whenever something changes. */
        boolean isDue();

        /** When to ask though nothing has changed. */
        default Instant askedAt() {
            return Instant.MAX;
        }
    }

    /** How the wait ended. */
    public sealed interface Result {
        record Healthy() implements Result {}

        /** At least one object has failed for good; all that are not healthy are named. */
        record Failed(Map<ObjectKey, HealthStatus> unhealthy) implements Result {
            /** Those that have failed. The others were still starting: that is no evidence against anybody. */
            Map<ObjectKey, HealthStatus> forGood() {
                Map<ObjectKey, HealthStatus> failed = new TreeMap<>(unhealthy);
                failed.values().removeIf(status -> !status.isOver());
                return failed;
            }
        }

        record DeadlinePassed(Map<ObjectKey, HealthStatus> unhealthy) implements Result {}

        /** The caller's {@link BreakOff} became due. */
        record Cancelled() implements Result {}
    }

    /**
     * Blocks until all of {@code objects} are healthy, one has failed, or {@code deadline} passes.
     *
     * @param breakOff when to stop waiting
     * @param waitingFor told which objects are not healthy yet, at each look
     */
    public Result await(
            List<DesiredObject> objects,
            Instant deadline,
            BreakOff breakOff,
            Consumer<Map<ObjectKey, HealthStatus>> waitingFor)
            throws InterruptedException {
        List<DesiredObject> gated = objects.stream().filter(this::isGated).toList();
        if (gated.isEmpty()) {
            return new Result.Healthy();
        }
        try (Wait wait = new Wait(gated, shorter(Duration.between(clock.instant(), deadline), SAFETY_LOOK))) {
            return wait.untilHealthy(deadline, breakOff, waitingFor);
        }
    }

    /**
     * Watches healthy objects until {@code until}.
     *
     * @return what broke meanwhile; empty when all stayed healthy
     * @throws ClusterException when the objects cannot be watched: that tells nothing of their health
     */
    public Optional<Map<ObjectKey, HealthStatus>> soak(List<DesiredObject> objects, Instant until)
            throws InterruptedException {
        List<DesiredObject> gated = objects.stream().filter(this::isGated).toList();
        try (Wait wait = new Wait(gated, SAFETY_LOOK)) {
            return wait.whileHealthy(until);
        }
    }

    /** Whether {@code object} is waited for at all. */
    boolean isGated(DesiredObject object) {
        return !setup.rules().isPassive(object.apiVersion(), object.key());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** One wait: its watches, and what it remembers. */
    private final class Wait implements AutoCloseable {
        private final Semaphore changes = new Semaphore(1);
        private final EarlyFailures early = new EarlyFailures(setup.limits(), setup.since());
        private final WorkloadPods pods = new WorkloadPods(setup.live(), setup.rules(), changes::release);
        private final GatedObjects gated;
        /** From when on pods are watched; null while all that is waited for is as good as healthy. */
        private @Nullable Instant podsFrom;
        /** When to look though nothing was told: a watch that is refused tells nobody. */
        private Instant lookAgain = Instant.MAX;

        Wait(List<DesiredObject> objects, Duration patience) throws InterruptedException {
            gated = GatedObjects.open(
                    objects,
                    setup.live(),
                    setup.label(),
                    setup.rules(),
                    changes::release,
                    patience.compareTo(FIRST_LOOK) < 0 ? FIRST_LOOK : patience,
                    clock);
        }

        Result untilHealthy(Instant deadline, BreakOff breakOff, Consumer<Map<ObjectKey, HealthStatus>> waitingFor)
                throws InterruptedException {
            while (true) {
                waitForChange(breakOff.askedAt().isBefore(deadline) ? breakOff.askedAt() : deadline, deadline);
                if (breakOff.isDue()) {
                    return new Result.Cancelled();
                }
                Map<ObjectKey, HealthStatus> unhealthy = look();
                if (unhealthy.isEmpty()) {
                    return new Result.Healthy();
                }
                boolean late = !clock.instant().isBefore(deadline);
                if (late || hasFailed(unhealthy)) {
                    unhealthy = lastWords();
                    if (unhealthy.isEmpty()) {
                        return new Result.Healthy();
                    }
                    if (hasFailed(unhealthy)) {
                        return new Result.Failed(unhealthy);
                    }
                    if (late) {
                        return new Result.DeadlinePassed(unhealthy);
                    }
                }
                waitingFor.accept(unhealthy);
            }
        }

        Optional<Map<ObjectKey, HealthStatus>> whileHealthy(Instant until) throws InterruptedException {
            gated.requireSynced();
            while (true) {
                if (!gated.unhealthy().isEmpty()) {
                    Map<ObjectKey, HealthStatus> unhealthy = lastWords();
                    if (!unhealthy.isEmpty()) {
                        return Optional.of(unhealthy);
                    }
                }
                Duration left = Duration.between(clock.instant(), until);
                if (left.isNegative() || left.isZero()) {
                    return Optional.empty();
                }
                take(left.plusMillis(1));
            }
        }

        /** @param until when to look at the latest; past it, only {@code deadline} counts */
        private void waitForChange(Instant until, Instant deadline) throws InterruptedException {
            Instant now = clock.instant();
            Instant end = now.isBefore(until) ? until : deadline;
            Duration patience = shorter(Duration.between(now, end).plusMillis(end.equals(until) ? 1 : 0), SAFETY_LOOK);
            if (early.next().isPresent()) {
                patience = shorter(
                        patience, Duration.between(now, early.next().get()).plusMillis(1));
            }
            if (now.isBefore(lookAgain) && lookAgain.isBefore(deadline)) {
                patience = shorter(patience, Duration.between(now, lookAgain).plusMillis(1));
            }
            take(patience);
        }

        private void take(Duration patience) throws InterruptedException {
            if (changes.tryAcquire(Math.max(0, patience.toMillis()), TimeUnit.MILLISECONDS)) {
                changes.drainPermits();
            }
        }

        private Map<ObjectKey, HealthStatus> look() throws InterruptedException {
            Map<ObjectKey, HealthStatus> unhealthy = gated.unhealthy();
            Instant now = clock.instant();
            if (unhealthy.isEmpty()) {
                podsFrom = null;
                return unhealthy;
            }
            if (podsFrom == null) {
                podsFrom = now.plus(BEFORE_PODS);
                lookAgain = podsFrom;
            }
            if (!now.isBefore(podsFrom) && pods.watch(gated, unhealthy, Duration.ZERO)) {
                lookAgain = now.plus(FIRST_ANSWER);
            }
            return judge(unhealthy, now);
        }

        /** What is unhealthy, with all that the pods can say. */
        private Map<ObjectKey, HealthStatus> lastWords() throws InterruptedException {
            Map<ObjectKey, HealthStatus> unhealthy = gated.unhealthy();
            boolean _ = pods.watch(gated, unhealthy, LAST_WORDS);
            return judge(unhealthy, clock.instant());
        }

        private Map<ObjectKey, HealthStatus> judge(Map<ObjectKey, HealthStatus> unhealthy, Instant now) {
            return pods.withNotes(early.judge(unhealthy, pods.pods(gated, unhealthy), now));
        }

        @Override
        public void close() {
            gated.close();
            pods.close();
        }
    }

    private static boolean hasFailed(Map<ObjectKey, HealthStatus> unhealthy) {
        return unhealthy.values().stream().anyMatch(HealthStatus::isOver);
    }
}
