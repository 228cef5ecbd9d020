package dev.orkestra.apply;

import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.HealthStatus;
import dev.orkestra.run.HookInstance;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where a wait for a wave is broken off, since nobody wants its end any more: the run is to end, has to hear of a newer
 * commit, or has heard of one and nothing of the wave is in flight (DESIGN.md §4.14).
 */
final class SafePoint implements HealthGate.BreakOff {
    /** Whoever leaves these in the middle of their work leaves a half-done Helm operation or Workflow behind. */
    private static final Set<String> WORKING = Set.of(
            "orkestra.azure.microsoft.com/ApplicationGroup",
            "helm.toolkit.fluxcd.io/HelmRelease",
            "argoproj.io/Workflow");

    private final Optional<Instant> from;
    private final Set<ObjectKey> hooks;
    private final Interruptions interruptions;
    private final InstantSource clock;
    /** Empty until the first look. */
    private Optional<Map<ObjectKey, HealthStatus>> unhealthy = Optional.empty();

    /**
     * @param from from when on a newer commit may take over; empty: not at all
     * @param running the wave's hooks that have not ended
     */
    SafePoint(Optional<Instant> from, List<HookInstance> running, Interruptions interruptions, InstantSource clock) {
        this.from = from;
        this.hooks = running.stream().map(HookInstance::key).collect(Collectors.toUnmodifiableSet());
        this.interruptions = interruptions;
        this.clock = clock;
    }

    /** What is not healthy now. */
    void saw(Map<ObjectKey, HealthStatus> now) {
        unhealthy = Optional.of(now);
    }

    @Override
    public boolean isDue() {
        return interruptions.breakOff() || interruptions.hasNewer() || isReached();
    }

    @Override
    public Instant askedAt() {
        return from.orElse(Instant.MAX);
    }

    /** Whether a newer commit takes over now. */
    boolean isReached() {
        boolean inTime = from.isPresent() && !clock.instant().isBefore(from.get());
        return inTime
                && unhealthy.isPresent()
                && unhealthy.get().keySet().stream().noneMatch(key -> hooks.contains(key) || isWorking(key));
    }

    private static boolean isWorking(ObjectKey key) {
        return WORKING.contains(key.group() + "/" + key.kind());
    }
}
