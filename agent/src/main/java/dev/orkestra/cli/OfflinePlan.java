package dev.orkestra.cli;

import dev.orkestra.apply.PrunePlans;
import dev.orkestra.desired.AssembleResult;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.ScopeLookup;
import dev.orkestra.katalog.InputLimits;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Severity;
import dev.orkestra.plan.OfflinePlanner;
import dev.orkestra.plan.Plan;
import dev.orkestra.plan.PlanHeader;
import dev.orkestra.source.FolderTree;
import dev.orkestra.source.LocalRepository;
import dev.orkestra.source.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code ork plan --offline}: what changes between two commits or folders, without a cluster. */
final class OfflinePlan {
    private static final List<String> UNKNOWABLE = List.of(
            "Made without a cluster, so it does not know what others have changed there, what the API server adds or",
            "refuses, or what else is there. 'ork plan' without --offline asks the cluster.");

    private final Terminal terminal;
    private final InputLimits limits;
    private final FindingPrinter printer;

    OfflinePlan(Terminal terminal, InputLimits limits) {
        this.terminal = terminal;
        this.limits = limits;
        this.printer = new FindingPrinter(terminal.err(), terminal.errColours());
    }

    /**
     * What is asked for.
     *
     * @param root the repository's folder
     * @param config file with the ConfigRepo, or null to look for it in the repository
     * @param name of the ConfigRepo, or empty
     * @param withOptions puts in what the command line says of the ConfigRepo
     * @param from commit or folder; empty for HEAD
     * @param to commit or folder; empty for the folder as it stands
     */
    record Request(
            Path root,
            @Nullable Path config,
            String name,
            UnaryOperator<ConfigRepo> withOptions,
            String from,
            String to) {}

    /** One of the two things that are compared. */
    private record Side(String name, Tree tree) {}

    PlanResult make(Request request) {
        try (Opened opened = new Opened(LocalRepository.around(request.root()))) {
            Side to = request.to().isEmpty()
                    ? new Side("working tree", new FolderTree(request.root()))
                    : side(opened, "--to", request.to());
            Side from = side(opened, "--from", request.from().isEmpty() ? "HEAD" : request.from());
            ConfigRepo repo = request.withOptions().apply(configRepo(request, to));
            AssembleResult after = assembled(repo, to);
            after.diagnostics().forEach(finding -> print(finding, to));
            DesiredState wanted =
                    after.state().orElseThrow(() -> new NoPlanException("the files are not in order; see above"));
            DesiredState before = before(repo, from);
            Plan plan = OfflinePlanner.plan(before, wanted, after.sources(), PrunePlans.between(repo, before, wanted));
            PlanHeader header = new PlanHeader(
                    repo.namespace(), repo.name(), request.root().toString(), from.name(), "", UNKNOWABLE);
            return new PlanResult(plan, header);
        }
    }

    private record Opened(Optional<LocalRepository> repository) implements AutoCloseable {
        @Override
        public void close() {
            repository.ifPresent(LocalRepository::close);
        }
    }

    private Side side(Opened opened, String option, String value) {
        Optional<Side> commit = opened.repository()
                .flatMap(repository -> repository.snapshot(value))
                .map(snapshot -> new Side(snapshot.id(), snapshot.tree()));
        if (commit.isPresent()) {
            return commit.get();
        }
        Path folder = terminal.folder().resolve(value);
        if (Files.isDirectory(folder)) {
            return new Side(value, new FolderTree(folder));
        }
        throw new NoPlanException(
                opened.repository().isEmpty()
                        ? "--repo is in no Git repository, so " + value
                                + " is no commit; name folders with --from and --to"
                        : option + " " + value + " is neither a commit that holds the folder, nor a folder");
    }

    private ConfigRepo configRepo(Request request, Side to) {
        ConfigRepoFinder finder = new ConfigRepoFinder(limits.file());
        Path config = request.config();
        if (config == null) {
            return ConfigRepoFinder.chosen(finder.in(to.tree()), request.name(), "the repository");
        }
        return switch (NamedFile.open(terminal.folder(), config, limits.file())) {
            case NamedFile.Unreadable(String reason) -> throw new NoPlanException("--config " + config + ": " + reason);
            case NamedFile.Read(var _, byte[] content) ->
                ConfigRepoFinder.chosen(finder.in(config.toString(), content), request.name(), config.toString());
        };
    }

    /** What the older side wants. A layer or overlay that it has not yet is no mistake of it. */
    private DesiredState before(ConfigRepo repo, Side from) {
        List<ConfigRepo.Layer> there = repo.layers().stream()
                .filter(layer -> !from.tree().list(layer.path()).isEmpty())
                .toList();
        String overlay = from.tree().entry(repo.overlay()).isPresent() ? repo.overlay() : "";
        AssembleResult result = assembled(repo.withLayers(there).withOverlay(overlay), from);
        if (result.state().isEmpty()) {
            result.diagnostics().stream()
                    .filter(finding -> finding.severity() == Severity.ERROR)
                    .forEach(finding -> print(finding, from));
        }
        return result.state()
                .orElseThrow(() -> new NoPlanException(
                        from.name() + " is not in order, so nothing can be compared with it; see above"));
    }

    private AssembleResult assembled(ConfigRepo repo, Side side) {
        try (ImportAccess access = new ImportAccess(terminal, limits)) {
            return Assembler.assemble(repo, side.name(), side.tree(), ScopeLookup.GUESS, limits, access.elsewhere());
        }
    }

    private void print(Diagnostic finding, Side side) {
        printer.print(finding, file -> FileTexts.of(side.tree(), file));
    }
}
