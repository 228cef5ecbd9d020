package dev.orkestra.cli;

import dev.orkestra.katalog.InputLimits;
import dev.orkestra.report.CheckResults;
import dev.orkestra.report.CheckedFile;
import dev.orkestra.report.Detail;
import dev.orkestra.report.SourceRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Checks the files that people named, several at the same time. */
final class NamedFiles {
    /** How many times over a file is held in memory while it is checked. */
    private static final int COPIES = 12;

    private final Terminal terminal;
    private final InputLimits limits;
    private final CompositionOptions options;
    private final RulesInForce rules;
    private final Set<Detail> asked;

    /** @param asked what is told beside the findings */
    NamedFiles(
            Terminal terminal, InputLimits limits, CompositionOptions options, RulesInForce rules, Set<Detail> asked) {
        this.terminal = terminal;
        this.limits = limits;
        this.options = options;
        this.rules = rules;
        this.asked = Set.copyOf(asked);
    }

    /**
     * What one named file came to.
     *
     * @param settings the settings file that held for it, when something is wrong with that
     */
    private record Checked(CheckedFile file, Optional<RulesInForce.Chosen> settings) {}

    /**
     * Checks {@code named}. A settings file with findings comes before the first file that it holds for.
     *
     * @param each told of every file as soon as it and those before it are checked
     */
    CheckResults check(List<Path> named, Consumer<CheckedFile> each) throws InterruptedException {
        List<CheckedFile> all = new ArrayList<>();
        Consumer<CheckedFile> take = file -> {
            each.accept(file);
            all.add(file.withoutTexts());
        };
        Set<Path> seen = named.stream().map(this::absolute).collect(Collectors.toCollection(HashSet::new));
        InOrder.each(named, threads(), this::check, checked -> {
            checked.settings()
                    .filter(settings -> settings.path().filter(seen::add).isPresent())
                    .flatMap(RulesInForce.Chosen::trouble)
                    .ifPresent(take);
            take.accept(checked.file());
        });
        return results(terminal, all, asked);
    }

    /** Results for files that lie where {@code terminal} is. */
    static CheckResults results(Terminal terminal, List<CheckedFile> files, Set<Detail> asked) {
        return new CheckResults(VersionCommand.number(), sourceRoot(terminal.folder()), files, asked);
    }

    private Path absolute(Path named) {
        return terminal.folder().resolve(named).normalize();
    }

    private Checked check(Path named) {
        return switch (NamedFile.open(terminal.folder(), named, limits.file())) {
            case NamedFile.Unreadable(String reason) ->
                new Checked(CheckedFile.unreadable(named.toString(), reason), Optional.empty());
            case NamedFile.Read read -> {
                RulesInForce.Chosen chosen = rules.of(read.workspace());
                try (ImportAccess access = new ImportAccess(terminal, limits)) {
                    CheckedFile file =
                            new FileChecks(access, limits, options, chosen.settings(), !asked.isEmpty()).check(read);
                    yield new Checked(file, Optional.of(chosen));
                }
            }
        };
    }

    /** As many as there are processors, but not more than the memory holds when every file is as large as it may be. */
    private int threads() {
        long room = Runtime.getRuntime().maxMemory()
                / ((long) COPIES * limits.file().maxBytes());
        return Math.toIntExact(Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), room)));
    }

    private static SourceRoot sourceRoot(Path folder) {
        try {
            Path real = folder.toRealPath();
            Path root = real;
            for (Path up = real; up != null; up = up.getParent()) {
                if (Files.exists(up.resolve(".git"))) {
                    root = up;
                    break;
                }
            }
            return new SourceRoot(root.toString(), real.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
