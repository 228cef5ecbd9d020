package dev.orkestra.cli;

import dev.orkestra.document.ProvenancePrinter;
import dev.orkestra.document.YamlPrinter;
import dev.orkestra.katalog.ComposeRequest;
import dev.orkestra.katalog.Composition;
import dev.orkestra.katalog.InputLimits;
import dev.orkestra.katalog.LockFile;
import dev.orkestra.katalog.LockMode;
import dev.orkestra.report.CheckedFile;
import dev.orkestra.report.Count;
import dev.orkestra.rules.RuleSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ork compose}: prints what a Komposer and its imports come to. */
@Command(
        name = "compose",
        header = "Print the Katalog that a Komposer and its imports come to.",
        description = {
            "It is the one that the agent would deploy, with sorted keys: the same content",
            "is always the same text. Findings go to standard error, as 'ork validate' has",
            "them; with errors nothing is printed."
        },
        footer = {
            "",
            "Examples:",
            "  ork compose -f overlays/production/komposer.yaml",
            "  ork compose -f overlays/production/komposer.yaml --provenance | less",
            "  ork compose -f overlays/production/komposer.yaml --bundle -o bundle.yaml",
            "  ork compose -f overlays/production/komposer.yaml --lock"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:composed; there may be warnings",
            " 1:errors were found; nothing was printed or written",
            " 2:a file could not be read, or the result not be written"
        })
final class ComposeCommand implements Callable<Integer> {
    private static final List<Path> DEFAULTS = List.of(Path.of("komposer.yaml"), Path.of("katalog.yaml"));
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Komposer or Katalog. Default: komposer.yaml, else katalog.yaml, in the working directory.")
    private @Nullable Path file;

    @Option(names = "--provenance", description = "Say behind each value, in a comment, which place wrote it.")
    private boolean provenance;

    @Option(
            names = "--bundle",
            description = "Print the ConfigMap orkestra-katalog that an operator runtime reads, with its checksum.")
    private boolean bundle;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "Namespace of the ConfigMap. Default: that in the entry's metadata, else orkestra.")
    private @Nullable String namespace;

    @Option(
            names = "--lock",
            description = "Write what the network imports are now to the lock file beside the entry, "
                    + "komposer.lock.yaml, and print what moved instead of the Katalog.")
    private boolean lock;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the result to this file, whole or not at all.")
    private @Nullable Path output;

    @Mixin
    private final RuleOptions rules = new RuleOptions();

    @Mixin
    private final CompositionOptions options = new CompositionOptions();

    @Mixin
    private final LimitOptions limits = new LimitOptions();

    ComposeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        checkOptions();
        Path named =
                file == null ? NamedFile.firstOf(terminal.folder(), DEFAULTS).orElse(null) : file;
        if (named == null) {
            return failed("neither komposer.yaml nor katalog.yaml is here; name a file with -f");
        }
        return switch (NamedFile.open(terminal.folder(), named, limits.limits().file())) {
            case NamedFile.Unreadable(String reason) -> failed(named + ": " + reason);
            case NamedFile.Read read -> compose(named, read);
        };
    }

    private void checkOptions() {
        if (Stream.of(provenance, bundle, lock).filter(chosen -> chosen).count() > 1) {
            throw wrong("--provenance, --bundle and --lock exclude each other");
        }
        if (lock && output != null) {
            throw wrong("--lock names its file itself; leave out --output");
        }
        if (namespace != null && !bundle) {
            throw wrong("--namespace is for --bundle");
        }
        if (namespace != null && !NAMESPACE.matcher(namespace).matches()) {
            throw wrong("--namespace needs a name of at most 63 characters a-z, 0-9 and '-'");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private int compose(Path named, NamedFile.Read read) {
        RulesInForce.Chosen chosen =
                new RulesInForce(terminal, rules, limits.limits().file()).of(read.workspace());
        FindingPrinter printer = new FindingPrinter(terminal.err(), terminal.errColours());
        if (chosen.trouble().isPresent()) {
            CheckedFile settings = chosen.trouble().get();
            if (!settings.isRead()) {
                return failed(settings.name() + ": " + settings.problem());
            }
            printer.print(settings.findings(), settings.texts());
            if (settings.hasErrors()) {
                terminal.err().println(named + ": not composed: " + Count.of(settings.findings()));
                return 1;
            }
        }
        FileComposition composition = composition(read, chosen.settings());
        printer.print(composition.findings(), composition.texts());
        Optional<Composition.Composed> composed = composition.composed();
        if (composed.isEmpty()) {
            terminal.err().println(named + ": not composed: " + Count.of(composition.findings()));
            return 1;
        }
        int exitCode = lock
                ? new LockUpdate(terminal, read.workspace()).to(composition.pins())
                : output(composed.get(), read.workspace());
        if (exitCode == 0) {
            terminal.err()
                    .println(named + ": composed: " + composition.summary() + ": " + Count.of(composition.findings()));
        }
        return exitCode;
    }

    private FileComposition composition(NamedFile.Read read, RuleSettings settings) {
        InputLimits chosen = limits.limits();
        try (ImportAccess access = new ImportAccess(terminal, chosen)) {
            return FileComposition.of(
                    read,
                    access.of(read.workspace()),
                    request -> options.within(chosen).apply(locked(request)).withRules(settings));
        }
    }

    private ComposeRequest locked(ComposeRequest request) {
        return request.withLock(lock ? LockMode.IGNORED : LockMode.CHECKED);
    }

    private int output(Composition.Composed composed, Workspace workspace) {
        String text = text(composed);
        if (output != null) {
            Path target = terminal.folder().resolve(output);
            Optional<String> trouble = isRead(target, composed, workspace)
                    ? Optional.of("it is one of the composed files")
                    : Optional.empty();
            return trouble.or(() -> WholeFile.write(target, text))
                    .map(reason -> failed(output + ": " + reason))
                    .orElse(0);
        }
        terminal.out().print(text);
        if (terminal.out().checkError()) {
            terminal.outTrouble().ifPresent(reason -> failed("the result could not be written: " + reason));
            return 2;
        }
        return 0;
    }

    private String text(Composition.Composed composed) {
        if (bundle) {
            return YamlPrinter.print(namespace == null ? composed.configMap() : composed.configMap(namespace));
        }
        return provenance ? ProvenancePrinter.print(composed.katalog()) : composed.text();
    }

    /** Whether writing to {@code target} would take away what the result was made from. */
    private boolean isRead(Path target, Composition.Composed composed, Workspace workspace) {
        Stream<String> files = Stream.concat(
                composed.files().stream(), Stream.of(workspace.shownAs(LockFile.pathFor(workspace.entry()))));
        return files.anyMatch(path -> {
            try {
                return Files.isSameFile(terminal.folder().resolve(path), target);
            } catch (IOException e) {
                return false; // one of the two is not there
            }
        });
    }

    private int failed(String reason) {
        terminal.err().println("ork compose: " + reason);
        return 2;
    }
}
