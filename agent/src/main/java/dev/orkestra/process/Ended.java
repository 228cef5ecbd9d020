package dev.orkestra.process;

/**
 * How a child process ended.
 *
 * @param how whether it ended by itself
 * @param exitCode its exit code; meaningless unless {@code how} is EXITED
 * @param standardOutput what it printed, as UTF-8
 * @param standardError what it printed there, as UTF-8
 */
public record Ended(How how, int exitCode, String standardOutput, String standardError) {
    /** The ways to end. */
    public enum How {
        EXITED,
        DEADLINE,
        TOO_MUCH_OUTPUT
    }

    public boolean succeeded() {
        return how == How.EXITED && exitCode == 0;
    }
}
