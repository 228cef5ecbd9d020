package dev.orkestra.cli;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.katalog.ComposeRequest;
import dev.orkestra.katalog.Composer;
import dev.orkestra.katalog.Composition;
import dev.orkestra.katalog.InputSource;
import dev.orkestra.katalog.LockFile;
import dev.orkestra.katalog.LockMode;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Pin;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.report.Count;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What became of a file that was composed with all that it imports.
 *
 * @param composed the Katalog; empty when there are errors
 * @param findings by place
 * @param pins what came from a network, by {@link Need#key}
 * @param texts the texts of the files that were read, by their names in positions
 */
record FileComposition(
        Optional<Composition.Composed> composed,
        List<Diagnostic> findings,
        SortedMap<String, Pin> pins,
        Map<String, String> texts) {
    FileComposition {
        findings = findings.stream().sorted(Diagnostic.BY_POSITION).toList();
        texts = Map.copyOf(texts);
    }

    /**
     * Composes.
     *
     * @param options what the command line asks of the composition
     */
    static FileComposition of(NamedFile.Read file, InputSource source, UnaryOperator<ComposeRequest> options) {
        Workspace workspace = file.workspace();
        Map<String, String> texts = new HashMap<>();
        SortedMap<String, Pin> pins = new TreeMap<>();
        texts.put(workspace.shownAs(workspace.entry()), new String(file.bytes(), StandardCharsets.UTF_8));
        ComposeRequest request = options.apply(ComposeRequest.of(workspace.entry())
                .with(workspace.entry(), new Provided.Content(file.bytes()))
                .withShownAs(workspace::shownAs)
                .withLock(LockMode.CHECKED));
        Composition composition = Composer.composeWith(request, need -> {
            Provided provided = source.provide(need);
            if (need instanceof Need.RepositoryFile(String path, var _)
                    && provided instanceof Provided.Content(byte[] bytes)) {
                texts.put(workspace.shownAs(path), new String(bytes, StandardCharsets.UTF_8));
            } else if (need instanceof Need.Remote && provided instanceof Provided.Files(var _, Pin pin)) {
                pins.put(need.key(), pin);
            }
            return provided;
        });
        return switch (composition) {
            case Composition.Composed composed -> {
                List<Diagnostic> findings = new ArrayList<>(composed.findings());
                if (request.lock() != LockMode.IGNORED) {
                    findings.addAll(request.rules()
                            .apply(obsoleteLock(workspace, pins).stream().toList()));
                }
                yield new FileComposition(
                        Optional.of(composed).filter(_ -> !Diagnostic.anyError(findings)), findings, pins, texts);
            }
            case Composition.Refused refused -> new FileComposition(Optional.empty(), refused.findings(), pins, texts);
            case Composition.NeedsInput needs ->
                throw new IllegalStateException("all was provided, but needs " + needs);
        };
    }

    /** Says that a lock file holds imports that are gone. What else may be wrong with it, the composer says. */
    private static Optional<Diagnostic> obsoleteLock(Workspace workspace, SortedMap<String, Pin> pins) {
        String path = LockFile.pathFor(workspace.entry());
        String shown = workspace.shownAs(path);
        if (!(workspace.read(path) instanceof Provided.Content(byte[] bytes))) {
            return Optional.empty();
        }
        ReadResult result = DocumentReader.read(shown, bytes);
        List<Diagnostic> wrong = new ArrayList<>(result.findings());
        LockFile lock = LockFile.parse(result.documents(), shown, wrong);
        long gone = lock.pins().keySet().stream()
                .filter(name -> !pins.containsKey(name))
                .count();
        if (gone == 0 || Diagnostic.anyError(wrong)) {
            return Optional.empty();
        }
        return Optional.of(Diagnostic.warning(
                ErrorCode.LockMismatch,
                "the lock file holds " + Count.of(gone, "import") + " that " + workspace.shownAs(workspace.entry())
                        + " does not have",
                Position.startOf(shown),
                "bring it up to date: " + lockCommand(workspace)));
    }

    /** The command that writes the lock file. */
    static String lockCommand(Workspace workspace) {
        return "ork compose -f " + workspace.shownAs(workspace.entry()) + " --lock";
    }

    /** {@code 'name', 2 CRDs from 3 files}; empty when nothing was composed. */
    String summary() {
        return composed.map(FileComposition::summary).orElse("");
    }

    private static String summary(Composition.Composed composed) {
        Node.MapNode katalog = composed.katalog();
        int crds = katalog.map("spec")
                .flatMap(spec -> spec.map("crds"))
                .map(map -> map.entries().size())
                .orElse(0);
        String name = katalog.map("metadata")
                .flatMap(metadata -> metadata.text("name"))
                .orElse("");
        return "'" + name + "', " + Count.of(crds, "CRD") + " from "
                + Count.of(composed.files().size(), "file");
    }
}
