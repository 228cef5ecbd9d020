package dev.orkestra.cli;

import dev.orkestra.outcome.OneLine;
import dev.orkestra.report.CheckResults;
import dev.orkestra.report.CheckedFile;
import dev.orkestra.report.Detail;
import dev.orkestra.report.DetailsText;
import java.util.Set;

/** What people read: each file as soon as it is checked, the summary at the end. */
final class TextReport {
    private final Terminal terminal;
    private final Set<Detail> asked;

    TextReport(Terminal terminal, Set<Detail> asked) {
        this.terminal = terminal;
        this.asked = Set.copyOf(asked);
    }

    void print(CheckedFile file) {
        // A printer keeps the lines of what it has shown, so each file has its own.
        new FindingPrinter(terminal.out(), terminal.colours()).print(file.findings(), file.texts());
        if (file.isOk()) {
            terminal.out().println(OneLine.of(file.name() + ": ok: " + file.summary()));
        }
        file.details().ifPresent(details -> terminal.out().print(DetailsText.of(details, asked)));
    }

    void end(CheckResults results) {
        if (asked.contains(Detail.PROFILES)) {
            terminal.out().print(DetailsText.builtInProfiles());
        }
        terminal.out().println(results.summary());
    }
}
