package dev.orkestra.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryBoundTest {
    @TempDir
    Path temp;

    /** tail keeps the last lines of what it reads, and here the first line never ends. */
    @Test
    void aChildThatTakesMemoryWithoutEndFailsAtItsBound() throws Exception {
        List<String> arguments = MemoryBound.within(64L << 20, List.of("/usr/bin/tail", "/dev/zero"));
        try (LocalProcesses processes = new LocalProcesses()) {
            Ended ended =
                    processes.run(new Command(arguments, Map.of(), temp, new byte[0], Duration.ofSeconds(30), 1 << 20));
            assertThat(ended.how()).isEqualTo(Ended.How.EXITED);
            assertThat(ended.exitCode()).isNotZero();
            assertThat(ended.standardError()).contains("memory exhausted");
        }
    }
}
