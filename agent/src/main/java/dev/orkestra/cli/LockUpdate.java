package dev.orkestra.cli;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.ReadResult;
import dev.orkestra.katalog.LockFile;
import dev.orkestra.katalog.Pin;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.report.Count;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Brings the lock file beside an entry up to date and says what moved. It is written only when something did, and goes
 * away with the last network import. What is there and is no lock file is left alone.
 */
final class LockUpdate {
    private final Terminal terminal;
    private final Workspace workspace;
    private final String path;
    private final String shown;

    LockUpdate(Terminal terminal, Workspace workspace) {
        this.terminal = terminal;
        this.workspace = workspace;
        this.path = LockFile.pathFor(workspace.entry());
        this.shown = workspace.shownAs(path);
    }

    /**
     * Writes what {@code pins} say.
     *
     * @return the exit code
     */
    int to(SortedMap<String, Pin> pins) {
        LockFile wanted = new LockFile(pins);
        return switch (workspace.read(path)) {
            case Provided.Absent() -> write(LockFile.empty(), wanted, false);
            case Provided.Content(byte[] bytes) ->
                old(bytes).map(old -> write(old, wanted, true)).orElse(1);
            case Provided.Unreadable(var _, String message, String hint) -> failed(message + " (" + hint + ")");
            case Provided.Files _ -> throw new IllegalStateException("a file was read, not a folder");
        };
    }

    /** What stands there now; empty when it is no lock file that we could have written. */
    private Optional<LockFile> old(byte[] bytes) {
        ReadResult result = DocumentReader.read(shown, bytes);
        List<Diagnostic> findings = new ArrayList<>(result.findings());
        LockFile old = LockFile.parse(result.documents(), shown, findings);
        if (!Diagnostic.anyError(findings)) {
            return Optional.of(old);
        }
        new FindingPrinter(terminal.err(), terminal.errColours())
                .print(
                        findings.stream()
                                .distinct()
                                .sorted(Diagnostic.BY_POSITION)
                                .toList(),
                        Map.of(shown, new String(bytes, StandardCharsets.UTF_8)));
        terminal.err()
                .println("ork compose: " + shown + " is not in order and was left as it is; mend it or remove it");
        return Optional.empty();
    }

    private int write(LockFile old, LockFile wanted, boolean isThere) {
        PrintWriter out = terminal.out();
        List<LockFile.Change> changes = old.changesTo(wanted);
        if (wanted.pins().isEmpty()) {
            return isThere ? remove(changes) : nothingToLock();
        }
        if (isThere && changes.isEmpty()) {
            out.println(shown + ": unchanged, " + imports(wanted));
            return 0;
        }
        Optional<String> trouble = WholeFile.write(file(), wanted.print());
        if (trouble.isPresent()) {
            return failed(trouble.get());
        }
        changes.forEach(this::print);
        out.println(shown + ": written, " + imports(wanted));
        return 0;
    }

    private int nothingToLock() {
        terminal.out()
                .println(shown + ": not written: " + workspace.shownAs(workspace.entry())
                        + " imports nothing from a network");
        return 0;
    }

    private int remove(List<LockFile.Change> changes) {
        try {
            Files.delete(file());
        } catch (IOException e) {
            return failed("it cannot be removed");
        }
        changes.forEach(this::print);
        terminal.out()
                .println(shown + ": removed: " + workspace.shownAs(workspace.entry())
                        + " imports nothing from a network");
        return 0;
    }

    private int failed(String reason) {
        terminal.err().println("ork compose: " + shown + ": " + reason);
        return 2;
    }

    private Path file() {
        return workspace.root().resolve(path);
    }

    private static String imports(LockFile lock) {
        return Count.of(lock.pins().size(), "import");
    }

    private void print(LockFile.Change change) {
        switch (change) {
            case LockFile.Change.Added(String name, Pin pin) -> {
                line('+', name);
                pin("    ", pin.resolved());
                pin("    ", pin.digest());
            }
            case LockFile.Change.Moved(String name, Pin from, Pin to) -> {
                line('~', name);
                if (!from.resolved().equals(to.resolved())) {
                    pin("  - ", from.resolved());
                    pin("  + ", to.resolved());
                }
                if (!from.digest().equals(to.digest())) {
                    pin("  - ", from.digest());
                    pin("  + ", to.digest());
                }
            }
            case LockFile.Change.Removed(String name) -> line('-', name);
        }
    }

    private void line(char sign, String name) {
        String text = sign + " " + OneLine.of(name);
        String colour = sign == '+' ? "32" : sign == '-' ? "31" : "33";
        terminal.out().println(terminal.colours() ? "\u001B[" + colour + "m" + text + "\u001B[0m" : text);
    }

    private void pin(String indent, String text) {
        if (!text.isEmpty()) {
            terminal.out().println(indent + OneLine.of(text));
        }
    }
}
