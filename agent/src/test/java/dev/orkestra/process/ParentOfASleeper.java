package dev.orkestra.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A JVM that waits for a child and is killed meanwhile; the child holds the pipe open that is its first argument. */
final class ParentOfASleeper {
    private ParentOfASleeper() {}

    public static void main(String[] arguments) throws Exception {
        String program = "exec 3>" + arguments[0] + "; echo started >&3; exec sleep 300";
        try (LocalProcesses processes = new LocalProcesses()) {
            Ended _ = processes.run(new Command(
                    List.of("/bin/sh", "-c", program),
                    Map.of(),
                    Path.of("/"),
                    new byte[0],
                    Duration.ofMinutes(5),
                    1_000));
        }
    }
}
