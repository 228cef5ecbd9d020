package dev.orkestra.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a command runs.
 *
 * @param out results
 * @param err what kept a command from its work, and what people should know beside the result
 * @param colours whether people look at the output
 * @param errColours whether people look at err, and it knows colours
 * @param live whether people look at err, so that a line there can be written over
 * @param screen whether people look at out, so that lines there can be written over
 * @param folder working directory, absolute; relative arguments start there
 * @param environment variables; may hold secrets, and is never printed
 */
record Terminal(
        PrintWriter out,
        PrintWriter err,
        boolean colours,
        boolean errColours,
        boolean live,
        boolean screen,
        Path folder,
        Map<String, String> environment) {
    private static final Pattern DEVICE = Pattern.compile("/dev/(pts/[0-9]+|tty[A-Za-z0-9]*|console)");

    /** One where nothing in out is written over. */
    Terminal(
            PrintWriter out,
            PrintWriter err,
            boolean colours,
            boolean errColours,
            boolean live,
            Path folder,
            Map<String, String> environment) {
        this(out, err, colours, errColours, live, false, folder, environment);
    }

    /** One whose out and err are alike, and where nothing is written over. */
    Terminal(PrintWriter out, PrintWriter err, boolean colours, Path folder) {
        this(out, err, colours, colours, false, folder, Map.of());
    }

    /** The process's own. Text is UTF-8 whatever the locale says, since positions and messages are. */
    static Terminal ofProcess(Map<String, String> environment) {
        // To ask the JDK's console would load its line editor.
        boolean terminal = isTerminal(Path.of("/proc/self/fd/1")).orElseGet(Terminal::hasConsole);
        boolean errTerminal = isTerminal(Path.of("/proc/self/fd/2")).orElse(terminal);
        return new Terminal(
                new ResultPrinter(new FileOutputStream(FileDescriptor.out)),
                new PrintWriter(
                        new OutputStreamWriter(new FileOutputStream(FileDescriptor.err), StandardCharsets.UTF_8), true),
                terminal && wantsColours(environment),
                errTerminal && wantsColours(environment),
                errTerminal && !isDumb(environment),
                terminal && !isDumb(environment),
                Path.of("").toAbsolutePath(),
                environment);
    }

    /** This one, for a command that works in another folder. */
    Terminal in(Path other) {
        return new Terminal(out, err, colours, errColours, live, screen, other, environment);
    }

    /** Why a result could not be written, once {@code out} says so; empty when it was only no longer wanted. */
    Optional<String> outTrouble() {
        return out instanceof ResultPrinter printer ? printer.trouble() : Optional.of("the output is closed");
    }

    private static boolean hasConsole() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** Whether the open file behind {@code descriptor} is a terminal; empty where the system does not say. */
    private static Optional<Boolean> isTerminal(Path descriptor) {
        try {
            String device = Files.readSymbolicLink(descriptor).toString();
            return Optional.of(DEVICE.matcher(device).matches());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** Unless NO_COLOR is set (no-color.org) or the terminal is a dumb one. */
    private static boolean wantsColours(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty() && !isDumb(environment);
    }

    private static boolean isDumb(Map<String, String> environment) {
        return environment.getOrDefault("TERM", "").equals("dumb");
    }

    /** Never shows a variable. */
    @Override
    public String toString() {
        return "Terminal[" + folder + "]";
    }
}
