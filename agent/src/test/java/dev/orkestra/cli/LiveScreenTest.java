package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LiveScreenTest {
    private final StringWriter out = new StringWriter();

    @Test
    void writesOverWhatItDrewAndGivesTheCursorBack() throws InterruptedException {
        try (LiveScreen screen = new LiveScreen(new PrintWriter(out))) {
            screen.draw(List.of("one", "two"));
            screen.draw(List.of("three"));
            assertThat(screen.awaitStop(Duration.ZERO)).isFalse();
        }
        assertThat(out.toString())
                .isEqualTo(LiveScreen.HIDE + "\rone\u001B[K\ntwo\u001B[K\n\u001B[J"
                        + "\u001B[2A\rthree\u001B[K\n\u001B[J" + LiveScreen.SHOW);
    }

    @Test
    void theSizeComesFromVariablesAndIsNeverTooSmall() throws InterruptedException {
        PrintWriter writer = new PrintWriter(out);
        Terminal terminal = new Terminal(
                writer, writer, false, false, true, true, Path.of("/"), Map.of("COLUMNS", "132", "LINES", "5"));
        assertThat(ScreenSize.of(terminal)).isEqualTo(new ScreenSize(132, 10));
        assertThat(ScreenSize.of(new Terminal(writer, writer, false, Path.of("/"))))
                .isEqualTo(new ScreenSize(80, 24));
    }
}
