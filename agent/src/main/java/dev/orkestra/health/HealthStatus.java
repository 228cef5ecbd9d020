package dev.orkestra.health;

/**
 * How far an object is on its way to what its spec asks for.
 *
 * @param state the verdict
 * @param message why, in one sentence, with the object's own words where it has any; empty only when there is nothing
 *     to say
 */
public record HealthStatus(State state, String message) {
    /** The words of kstatus. */
    public enum State {
        /** The object is what its spec asks for. */
        CURRENT,
        /** Not yet; waiting may help. */
        IN_PROGRESS,
        /** It will not get there without a change of the object. */
        FAILED,
        /** Deletion has been asked for. */
        TERMINATING,
        /** The object is not there. */
        NOT_FOUND
    }

    /** What a caller says of an object that the cluster does not have. */
    public static final HealthStatus NOT_FOUND = new HealthStatus(State.NOT_FOUND, "The object does not exist");

    public static HealthStatus current(String message) {
        return new HealthStatus(State.CURRENT, message);
    }

    public static HealthStatus inProgress(String message) {
        return new HealthStatus(State.IN_PROGRESS, message);
    }

    public static HealthStatus failed(String message) {
        return new HealthStatus(State.FAILED, message);
    }

    public static HealthStatus terminating(String message) {
        return new HealthStatus(State.TERMINATING, message);
    }

    public boolean isCurrent() {
        return state == State.CURRENT;
    }
}
