package dev.orkestra.cli;

import dev.orkestra.katalog.InputLimits;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.OneLine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ork validate}: checks files as the agent would, without a cluster. */
@Command(
        name = "validate",
        header = "Check Katalogs, Komposers and other documents.",
        description = {
            "A Komposer is composed with all that it imports, and the result is checked as a whole.",
            "Each finding is one line, file:line:column first. No cluster is needed.",
            "Warnings alone do not fail."
        },
        footer = {
            "",
            "Examples:",
            "  ork validate",
            "  ork validate -f overlays/staging/komposer.yaml -f overlays/production/komposer.yaml",
            "  ork validate -f base/data.yaml,base/web.yaml"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:no errors", " 1:errors were found", " 2:a file could not be read"})
final class ValidateCommand implements Callable<Integer> {
    private static final List<Path> DEFAULTS = List.of(Path.of("katalog.yaml"), Path.of("komposer.yaml"));

    private final Terminal terminal;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            split = ",",
            description = {
                "File to check; may be repeated, or a comma list.",
                "Default: katalog.yaml, else komposer.yaml, in the working directory."
            })
    private List<Path> files = new ArrayList<>();

    @Mixin
    private final CompositionOptions options = new CompositionOptions();

    @Mixin
    private final LimitOptions limits = new LimitOptions();

    ValidateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<Path> named = files.isEmpty()
                ? NamedFile.firstOf(terminal.folder(), DEFAULTS).stream().toList()
                : files;
        if (named.isEmpty()) {
            terminal.err().println("ork validate: neither katalog.yaml nor komposer.yaml is here; name a file with -f");
            return 2;
        }
        FindingPrinter printer = new FindingPrinter(terminal.out(), terminal.colours());
        List<Diagnostic> all = new ArrayList<>();
        int checked = 0;
        for (Path file : named) {
            Optional<CheckedFile> result = check(file);
            if (result.isPresent()) {
                checked++;
                printer.print(result.get().findings(), result.get().texts());
                if (!result.get().hasErrors()) {
                    terminal.out()
                            .println(OneLine.of(file + ": ok: " + result.get().summary()));
                }
                all.addAll(result.get().findings());
            }
        }
        summary(checked, all);
        if (checked < named.size()) {
            return 2;
        }
        return Diagnostic.anyError(all) ? 1 : 0;
    }

    private Optional<CheckedFile> check(Path file) {
        InputLimits chosen = limits.limits();
        return switch (NamedFile.open(terminal.folder(), file, chosen.file())) {
            case NamedFile.Read read -> {
                try (ImportAccess access = new ImportAccess(terminal, chosen)) {
                    yield Optional.of(new FileChecks(access, chosen, options).check(read));
                }
            }
            case NamedFile.Unreadable(String reason) -> {
                terminal.err().println(OneLine.of("ork validate: " + file + ": " + reason));
                yield Optional.empty();
            }
        };
    }

    private void summary(int checked, List<Diagnostic> findings) {
        terminal.out().println(Count.of(checked, "file") + " checked: " + Count.of(findings));
    }
}
