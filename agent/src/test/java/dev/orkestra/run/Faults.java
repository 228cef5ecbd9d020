package dev.orkestra.run;

import java.util.random.RandomGenerator;

/** When the agent is killed, when it loses an event, and when it hears one twice. */
final class Faults {
    private final RandomGenerator random;
    private final int percent;

    private Faults(RandomGenerator random, int percent) {
        this.random = random;
        this.percent = percent;
    }

    static Faults none(RandomGenerator random) {
        return new Faults(random, 0);
    }

    static Faults often(RandomGenerator random) {
        return new Faults(random, 12);
    }

    /** Thrown where the process dies. */
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }

    void mayKill() {
        if (percent > 0 && random.nextInt(100) < percent) {
            throw new Killed();
        }
    }

    boolean losesEvent() {
        return percent > 0 && random.nextInt(100) < percent / 2;
    }

    boolean doublesEvent() {
        return percent > 0 && random.nextInt(100) < percent;
    }

    /** Seconds until the agent is back. */
    int outageSeconds() {
        return 1 + random.nextInt(1200);
    }
}
