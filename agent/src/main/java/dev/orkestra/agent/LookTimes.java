package dev.orkestra.agent;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** How long the looks took that found nothing to do. */
final class LookTimes {
    private final LongAdder nanos = new LongAdder();
    private final LongAdder looks = new LongAdder();

    void took(Duration time) {
        nanos.add(time.toNanos());
        looks.increment();
    }

    /**
     * All looks so far.
     *
     * @param time of all of them
     */
    record Sum(Duration time, long looks) {}

    Sum sum() {
        return new Sum(Duration.ofNanos(nanos.sum()), looks.sum());
    }
}
