package dev.orkestra.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command runs.
 *
 * @param out results
 * @param err what kept a command from its work
 * @param colours whether people look at the output
 * @param folder working directory, absolute; relative arguments start there
 */
record Terminal(PrintWriter out, PrintWriter err, boolean colours, Path folder) {
    /** The process's own. Text is UTF-8 whatever the locale says, since positions and messages are. */
    static Terminal ofProcess(Map<String, String> environment) {
        return new Terminal(
                writer(FileDescriptor.out),
                writer(FileDescriptor.err),
                wantsColours(environment),
                Path.of("").toAbsolutePath());
    }

    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }

    /** On a terminal, unless NO_COLOR is set (no-color.org) or the terminal is a dumb one. */
    private static boolean wantsColours(Map<String, String> environment) {
        Console console = System.console();
        return console != null
                && console.isTerminal()
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }
}
