package dev.orkestra.agent;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The time of day for deadlines. They are kept as times of day because they outlive the process; but when somebody sets
 * the machine's clock, a wave's time must not be over at once, and a wait for trouble to pass must not last for hours.
 * So this clock follows the system's without ever jumping: what it is off by is made up little by little.
 */
public final class SteadyClock implements InstantSource {
    /** It goes faster or slower by at most one part in so many. */
    static final int SLOWNESS = 10;

    private final InstantSource wall;
    private final LongSupplier nanos;
    // Guarded by this: what was said last, and when by the clock that nobody sets.
    private Instant said;
    private long saidAt;

    /**
     * @param wall the clock that somebody may set
     * @param nanos one that nobody sets
     */
    public SteadyClock(InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        this.said = wall.instant();
        this.saidAt = nanos.getAsLong();
    }

    /** Follows the machine's clock. */
    public static SteadyClock ofSystem() {
        return new SteadyClock(InstantSource.system(), System::nanoTime);
    }

    @Override
    public synchronized Instant instant() {
        long now = nanos.getAsLong();
        Duration passed = Duration.ofNanos(now - saidAt);
        Instant steady = said.plus(passed);
        Duration most = passed.dividedBy(SLOWNESS);
        Duration off = Duration.between(steady, wall.instant());
        if (off.abs().compareTo(most) > 0) {
            off = off.isNegative() ? most.negated() : most;
        }
        said = steady.plus(off);
        saidAt = now;
        return said;
    }
}
