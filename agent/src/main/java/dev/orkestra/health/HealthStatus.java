package dev.orkestra.health;

/**
 * How far an object is on its way to what its spec asks for.
 *
 * @param state the verdict
 * @param message why, in one sentence, with the object's own words where it has any; empty only when there is nothing
 *     to say
 * @param environment whether what holds it is trouble of the environment, such as a registry that does not answer, and
 *     nothing that another object could mend
 */
public record HealthStatus(State state, String message, boolean environment) {
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
        NOT_FOUND,
        /** It was there, and will not come back: how it ended is not known. */
        GONE
    }

    public HealthStatus(State state, String message) {
        this(state, message, false);
    }

    /** What a caller says of an object that the cluster does not have. */
    public static final HealthStatus NOT_FOUND = new HealthStatus(State.NOT_FOUND, "The object does not exist");

    public static HealthStatus current(String message) {
        return new HealthStatus(State.CURRENT, message);
    }

    public static HealthStatus inProgress(String message) {
        return new HealthStatus(State.IN_PROGRESS, message);
    }

    /** In progress, and held by the environment. */
    public static HealthStatus environment(String message) {
        return new HealthStatus(State.IN_PROGRESS, message, true);
    }

    public static HealthStatus failed(String message) {
        return new HealthStatus(State.FAILED, message);
    }

    public static HealthStatus terminating(String message) {
        return new HealthStatus(State.TERMINATING, message);
    }

    /** Of an object that is not there any more, and that nobody makes again. */
    public static HealthStatus gone(String message) {
        return new HealthStatus(State.GONE, message);
    }

    /** Whether waiting does not help. */
    public boolean isOver() {
        return state == State.FAILED || state == State.GONE;
    }

    public boolean isCurrent() {
        return state == State.CURRENT;
    }
}
