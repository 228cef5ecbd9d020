package dev.orkestra.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FencedProcessesTest {
    private static final Command COMMAND =
            new Command(List.of("/bin/true"), Map.of(), Path.of("/"), new byte[0], Duration.ofSeconds(1), 10);

    private final List<Command> started = new ArrayList<>();
    private boolean leads = true;
    private final ChildProcesses fenced = new FencedProcesses(
            command -> {
                started.add(command);
                throw new IOException("started");
            },
            () -> leads);

    @Test
    void nobodyStartsAChildAfterTheLeaseIsLost() {
        assertThatThrownBy(() -> fenced.run(COMMAND)).hasMessage("started");
        leads = false;

        assertThatThrownBy(() -> fenced.run(COMMAND))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("lead");

        assertThat(started).hasSize(1);
    }
}
