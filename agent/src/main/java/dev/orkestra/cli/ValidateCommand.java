package dev.orkestra.cli;

import dev.orkestra.katalog.Provided;
import dev.orkestra.katalog.SchemaMode;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

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

    @Option(
            names = "--schema",
            paramLabel = "VERSION",
            defaultValue = "any",
            converter = SchemaModeConverter.class,
            description = {
                "Which layouts of a Katalog are taken: any (default), with a warning for each older key,",
                "or v0.7.18, where an older key is an error."
            })
    private SchemaMode schema = SchemaMode.ANY;

    ValidateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<Path> named = files.isEmpty() ? defaultFile() : files;
        if (named.isEmpty()) {
            terminal.err().println("ork validate: neither katalog.yaml nor komposer.yaml is here; name a file with -f");
            return 2;
        }
        FindingPrinter printer = new FindingPrinter(terminal);
        List<Diagnostic> all = new ArrayList<>();
        int checked = 0;
        for (Path file : named) {
            Optional<CheckedFile> result = check(file);
            if (result.isPresent()) {
                checked++;
                result.get()
                        .findings()
                        .forEach(finding -> printer.print(finding, result.get().texts()));
                if (!result.get().hasErrors()) {
                    terminal.out().println(file + ": ok: " + result.get().summary());
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

    private List<Path> defaultFile() {
        return DEFAULTS.stream()
                .filter(file -> Files.exists(terminal.folder().resolve(file)))
                .limit(1)
                .toList();
    }

    private Optional<CheckedFile> check(Path file) {
        try {
            Workspace workspace = Workspace.around(terminal.folder(), file);
            return switch (workspace.read(workspace.entry())) {
                case Provided.Content(byte[] bytes) -> Optional.of(new FileChecks(workspace, schema).check(bytes));
                case Provided.Absent() -> unreadable(file, "there is no such file");
                case Provided.Files _ -> throw new IllegalStateException("a file was read, not a folder");
                case Provided.Unreadable(var _, String message, String hint) ->
                    unreadable(file, message + " (" + hint + ")");
            };
        } catch (IOException e) {
            return unreadable(file, "there is no such file, or it may not be read");
        }
    }

    private Optional<CheckedFile> unreadable(Path file, String reason) {
        terminal.err().println("ork validate: " + file + ": " + reason);
        return Optional.empty();
    }

    /** Takes the names that {@link SchemaMode} has for people. */
    static final class SchemaModeConverter implements ITypeConverter<SchemaMode> {
        @Override
        public SchemaMode convert(String text) {
            return SchemaMode.of(text)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "' is none of " + Arrays.toString(SchemaMode.values())));
        }
    }

    private void summary(int checked, List<Diagnostic> findings) {
        long errors = findings.stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .count();
        long warnings = findings.stream()
                .filter(finding -> finding.severity() == Severity.WARNING)
                .count();
        terminal.out()
                .println(Count.of(checked, "file") + " checked: " + Count.of(errors, "error") + ", "
                        + Count.of(warnings, "warning"));
    }
}
