package dev.orkestra.cli;

import dev.orkestra.outcome.OneLine;
import dev.orkestra.report.CheckResults;
import dev.orkestra.report.CheckedFile;

/** What people read: each file as soon as it is checked, the summary at the end. */
final class TextReport {
    private final Terminal terminal;

    TextReport(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(CheckedFile file) {
        // A printer keeps the lines of what it has shown, so each file has its own.
        new FindingPrinter(terminal.out(), terminal.colours()).print(file.findings(), file.texts());
        if (file.isOk()) {
            terminal.out().println(OneLine.of(file.name() + ": ok: " + file.summary()));
        }
    }

    void end(CheckResults results) {
        terminal.out().println(results.summary());
    }
}
