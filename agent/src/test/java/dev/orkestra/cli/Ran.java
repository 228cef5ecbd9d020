package dev.orkestra.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/** What a command did that ran in this process. */
record Ran(int exitCode, String out, String err) {
    static Ran in(Path folder, String... arguments) {
        return in(folder, false, arguments);
    }

    static Ran in(Path folder, boolean colours, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal =
                new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), colours, folder.toAbsolutePath());
        int exitCode = Ork.run(terminal, arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }

    /** All of it as one text, for golden files. */
    String transcript(String command) {
        return "$ " + command + "\n" + section("standard output", out) + section("standard error", err) + "exit code "
                + exitCode + "\n";
    }

    private static String section(String name, String text) {
        return text.isEmpty() ? "" : "--- " + name + "\n" + text + (text.endsWith("\n") ? "" : "\n(no line feed)\n");
    }
}
