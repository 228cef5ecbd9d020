package dev.orkestra.process;

import java.io.IOException;

/** Runs programs. */
public interface ChildProcesses {
    /**
     * Runs {@code command} and waits for its end; interrupting the caller kills the child.
     *
     * @throws IOException when the program cannot be started
     * @throws InterruptedException when the caller was interrupted; the child is dead by then
     */
    Ended run(Command command) throws IOException, InterruptedException;
}
