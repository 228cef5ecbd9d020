package dev.orkestra.cli;

import dev.orkestra.katalog.InputSource;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.OneLine;
import java.io.PrintWriter;

/** Says on a terminal what takes its time, on a line that is gone when it is there. Elsewhere it says nothing. */
final class Progress implements InputSource {
    /** A line that is not wrapped is cleared in one go; the narrowest terminal in use has 80 columns. */
    private static final int WIDTH = 79;

    private static final String CLEAR = "\r\u001B[K";

    private final Terminal terminal;
    private final InputSource source;

    Progress(Terminal terminal, InputSource source) {
        this.terminal = terminal;
        this.source = source;
    }

    @Override
    public Provided provide(Need need) {
        String text = switch (need) {
            case Need.Remote remote -> "fetching " + remote.shown();
            case Need.Rendering _ -> "rendering a chart";
            case Need.RepositoryFile _, Need.RepositoryFolder _, Need.Variable _ -> "";
        };
        if (text.isEmpty() || !terminal.live()) {
            return source.provide(need);
        }
        PrintWriter err = terminal.err();
        String shown = OneLine.of(text);
        err.print(shown.length() <= WIDTH ? shown : shown.substring(0, WIDTH - 1) + "…");
        err.flush();
        try {
            return source.provide(need);
        } finally {
            err.print(CLEAR);
            err.flush();
        }
    }
}
