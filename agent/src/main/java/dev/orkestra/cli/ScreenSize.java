package dev.orkestra.cli;

import dev.orkestra.process.Command;
import dev.orkestra.process.Ended;
import dev.orkestra.process.LocalProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How large the terminal is. Where nobody looks, and where it cannot be told, the size that every terminal has.
 *
 * @param columns at least 40
 * @param rows at least 10
 */
record ScreenSize(int columns, int rows) {
    private static final ScreenSize USUAL = new ScreenSize(80, 24);

    ScreenSize {
        columns = Math.max(40, columns);
        rows = Math.max(10, rows);
    }

    /** The variables COLUMNS and LINES win over what the terminal says. */
    static ScreenSize of(Terminal terminal) throws InterruptedException {
        Map<String, String> environment = terminal.environment();
        int columns = number(environment.getOrDefault("COLUMNS", ""));
        int rows = number(environment.getOrDefault("LINES", ""));
        ScreenSize asked = terminal.screen() && (columns == 0 || rows == 0) ? ask() : USUAL;
        return new ScreenSize(columns == 0 ? asked.columns : columns, rows == 0 ? asked.rows : rows);
    }

    /** Java cannot tell; the program that can is on every system with terminals. */
    private static ScreenSize ask() throws InterruptedException {
        for (String program : List.of("/usr/bin/stty", "/bin/stty")) {
            if (Files.isExecutable(Path.of(program))) {
                Command command = new Command(
                        List.of(program, "-F", "/dev/tty", "size"),
                        Map.of(),
                        Path.of("/"),
                        new byte[0],
                        Duration.ofSeconds(2),
                        1_000);
                try (LocalProcesses processes = new LocalProcesses()) {
                    Ended ended = processes.run(command);
                    String[] words = ended.standardOutput().strip().split(" ", -1);
                    if (ended.succeeded() && words.length == 2 && number(words[0]) > 0 && number(words[1]) > 0) {
                        return new ScreenSize(number(words[1]), number(words[0]));
                    }
                } catch (IOException e) {
                    return USUAL;
                }
            }
        }
        return USUAL;
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    }
}
