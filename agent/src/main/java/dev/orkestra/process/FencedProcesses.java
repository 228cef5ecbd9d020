package dev.orkestra.process;

import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * Starts children only while this process may work: who has lost the lease, perhaps without having noticed, must not
 * begin what the next leader does as well (DESIGN.md §3, "fenced").
 *
 * @param processes what starts them
 * @param mayWork asked right before each start
 */
public record FencedProcesses(ChildProcesses processes, BooleanSupplier mayWork) implements ChildProcesses {
    @Override
    public Ended run(Command command) throws IOException, InterruptedException {
        if (!mayWork.getAsBoolean()) {
            throw new IOException("this agent does not lead any more");
        }
        return processes.run(command);
    }
}
