package dev.orkestra.cli;

import dev.orkestra.katalog.InputLimits;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.report.CheckResults;
import dev.orkestra.report.CheckedFile;
import dev.orkestra.report.Detail;
import dev.orkestra.report.ReportFormat;
import dev.orkestra.source.SourceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ork validate}: checks files as the agent would, without a cluster. */
@Command(
        name = "validate",
        header = "Check Katalogs, Komposers and other documents.",
        description = {
            "A Komposer is composed with all that it imports, and the result is checked as a whole.",
            "Each finding is one line, file:line:column first. No cluster is needed.",
            "Warnings alone do not fail, unless --strict makes errors of them."
        },
        footer = {
            "",
            "Examples:",
            "  ork validate",
            "  ork validate overlays/staging/komposer.yaml overlays/production/komposer.yaml",
            "  ork validate -f base/data.yaml,base/web.yaml",
            "  ork validate --repo .",
            "  ork validate --strict overlays/*/komposer.yaml",
            "  ork validate -o sarif overlays/*/komposer.yaml > ork.sarif",
            "  ork validate --explain DependencyCycle"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:no errors",
            " 1:errors were found",
            " 2:a file could not be read, or the arguments make no sense"
        })
final class ValidateCommand implements Callable<Integer> {
    private static final List<Path> DEFAULTS = List.of(Path.of("katalog.yaml"), Path.of("komposer.yaml"));
    private static final String NO_DEFAULT = "neither katalog.yaml nor komposer.yaml is here; name a file with -f";

    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            split = ",",
            description = {
                "File to check; may be repeated, or a comma list.",
                "Default: katalog.yaml, else komposer.yaml, in the working directory."
            })
    private List<Path> files = new ArrayList<>();

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Files to check, as the shell's patterns name them.")
    private List<Path> more = new ArrayList<>();

    @Option(
            names = "--repo",
            paramLabel = "FOLDER",
            description = {
                "Check a whole repository: each environment that a ConfigRepo in it makes,",
                "then every file that belongs to none. Places are paths from its root."
            })
    private @Nullable Path repository;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "With --repo: a file with ConfigRepos that stand elsewhere; may be repeated.")
    private List<Path> configs = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json|sarif|github|junit",
            defaultValue = "text",
            description = "Form of the result; default: ${DEFAULT-VALUE}.")
    private Output output = Output.text;

    @Option(
            names = "--full",
            description =
                    "Tell of each CRD its kind, the values that hold, what its operator must be allowed to do, and "
                            + "in which order the operators start.")
    private boolean full;

    @Option(names = "--notes", description = "List the template functions that a Katalog declares.")
    private boolean notes;

    @Option(names = "--profiles", description = "List the presets that a Katalog declares, and the built-in ones.")
    private boolean profiles;

    @Option(names = "--list-rules", description = "List what can be found, and check nothing.")
    private boolean listRules;

    @Option(names = "--explain", paramLabel = "RULE", description = "Print the page about a rule, and check nothing.")
    private @Nullable String explained;

    @Mixin
    private final RuleOptions rules = new RuleOptions();

    @Mixin
    private final CompositionOptions options = new CompositionOptions();

    @Mixin
    private final LimitOptions limits = new LimitOptions();

    /** In small letters, as people type them. */
    enum Output {
        text(null),
        json(ReportFormat.JSON),
        sarif(ReportFormat.SARIF),
        github(ReportFormat.GITHUB),
        junit(ReportFormat.JUNIT);

        private final @Nullable ReportFormat format;

        Output(@Nullable ReportFormat format) {
            this.format = format;
        }

        /** Empty for the text, which comes file by file. */
        Optional<ReportFormat> format() {
            return Optional.ofNullable(format);
        }
    }

    ValidateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (listRules || explained != null) {
            return explain();
        }
        if (!asked().isEmpty() && output != Output.text && output != Output.json) {
            throw new ParameterException(
                    spec.commandLine(), "--full, --notes and --profiles go with -o text or json only");
        }
        List<Path> named = Stream.concat(files.stream(), more.stream()).toList();
        if (repository != null) {
            return repository(repository, named);
        }
        if (!configs.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--config goes with --repo");
        }
        if (named.isEmpty()) {
            named = NamedFile.firstOf(terminal.folder(), DEFAULTS).stream().toList();
        }
        return named.isEmpty() ? failed(NO_DEFAULT, DEFAULTS.getFirst()) : check(named);
    }

    private int repository(Path folder, List<Path> named) throws InterruptedException {
        if (!named.isEmpty() || rules.file().isPresent()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--repo checks all of a folder, by the settings in its root; name no files with it");
        }
        Path root = terminal.folder().resolve(folder).normalize();
        if (!Files.isDirectory(root)) {
            return failed("--repo " + folder + " is not a folder", folder);
        }
        Terminal inRoot = terminal.in(root);
        TextReport text = new TextReport(inRoot, asked());
        RepositoryChecks checks = new RepositoryChecks(inRoot, limits.limits(), options, rules, asked());
        try {
            List<Path> elsewhere =
                    configs.stream().map(terminal.folder()::resolve).toList();
            List<CheckedFile> checked = checks.check(elsewhere, file -> print(file, text));
            return checked.isEmpty()
                    ? failed("there is no YAML or JSON file in " + folder, folder)
                    : end(NamedFiles.results(inRoot, checked, asked()), text);
        } catch (SourceException e) {
            return failed(String.valueOf(e.getMessage()), folder);
        }
    }

    /** The other programs that read the result get one even then. */
    private int failed(String reason, Path file) {
        terminal.err().println(OneLine.of("ork validate: " + reason));
        CheckedFile unread = CheckedFile.unreadable(file.toString(), reason);
        output.format().ifPresent(format -> print(format, NamedFiles.results(terminal, List.of(unread), asked())));
        return 2;
    }

    private int check(List<Path> named) throws InterruptedException {
        InputLimits chosen = limits.limits();
        TextReport text = new TextReport(terminal, asked());
        RulesInForce settings = new RulesInForce(terminal, rules, chosen.file());
        NamedFiles checks = new NamedFiles(terminal, chosen, options, settings, asked());
        return end(checks.check(named, file -> print(file, text)), text);
    }

    private void print(CheckedFile file, TextReport text) {
        if (!file.isRead()) {
            terminal.err().println(OneLine.of("ork validate: " + file.name() + ": " + file.problem()));
        } else if (output == Output.text) {
            text.print(file);
        }
    }

    private int end(CheckResults results, TextReport text) {
        output.format().ifPresentOrElse(format -> print(format, results), () -> text.end(results));
        Optional<String> lost = terminal.out().checkError() ? terminal.outTrouble() : Optional.empty();
        lost.ifPresent(why -> terminal.err().println("ork validate: the result could not be written: " + why));
        return lost.isPresent() ? 2 : results.exitCode();
    }

    private Set<Detail> asked() {
        Set<Detail> asked = EnumSet.noneOf(Detail.class);
        if (full) {
            asked.add(Detail.FULL);
        }
        if (notes) {
            asked.add(Detail.NOTES);
        }
        if (profiles) {
            asked.add(Detail.PROFILES);
        }
        return asked;
    }

    private void print(ReportFormat format, CheckResults results) {
        terminal.out().print(format.render(results));
        terminal.out().flush();
    }

    private int explain() {
        if (output != Output.text || listRules && explained != null) {
            throw new ParameterException(
                    spec.commandLine(), "--list-rules and --explain print text, one of the two at a time");
        }
        if (explained == null) {
            RuleList.print(terminal.out());
        } else {
            String id = explained;
            terminal.out()
                    .print(RuleList.page(id)
                            .orElseThrow(() -> new ParameterException(spec.commandLine(), RuleList.unknown(id))));
        }
        terminal.out().flush();
        return 0;
    }
}
