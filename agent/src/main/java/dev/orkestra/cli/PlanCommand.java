package dev.orkestra.cli;

import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.plan.PlanJson;
import dev.orkestra.plan.PlanMarkdown;
import dev.orkestra.plan.PlanText;
import dev.orkestra.source.SourceException;
import dev.orkestra.source.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ork plan}: what the agent would change, were the folder as it stands the next commit. */
@Command(
        name = "plan",
        header = "Show what a folder or commit would change, and change nothing.",
        description = {
            "Reads the ConfigRepo from the cluster and the files from the folder as they stand, committed or not.",
            "Asks the cluster with your own rights, by reads and server-side dry-runs only; the agent asks with those",
            "of the ConfigRepo's service account, so it may be refused where you are not."
        },
        footer = {
            "",
            "Examples:",
            "  ork plan --repo . staging",
            "  ork plan --repo . --overlay overlays/production/komposer.yaml -n orkestra production",
            "  ork plan --repo . --out plan.json staging    # and later: ork apply --plan plan.json staging",
            "  ork plan --repo . --to main staging          # a commit, as the agent reads it",
            "  ork plan --repo . -o markdown staging        # a comment for a pull request",
            "  ork plan --repo . --offline --from main      # two commits, without a cluster"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:nothing to change",
            " 1:there are changes, hooks that run, or pruning that cannot be seen",
            " 2:something is wrong; nothing would be applied"
        })
final class PlanCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(
            paramLabel = "CONFIGREPO",
            arity = "0..1",
            description = "Name of the ConfigRepo; with --offline only where the repository holds several.")
    private String name = "";

    @Option(names = "--repo", required = true, paramLabel = "FOLDER", description = "The repository's root folder.")
    private Path folder = Path.of("");

    @Option(
            names = "--overlay",
            paramLabel = "PATH",
            description = "Komposer, from the root of the repository. Default: the one that the ConfigRepo names.")
    private @Nullable String overlay;

    @Option(
            names = "--offline",
            description = "Ask no cluster: compare two commits, or a commit with the folder as it stands.")
    private boolean offline;

    @Option(
            names = "--from",
            paramLabel = "COMMIT|FOLDER",
            defaultValue = "",
            description = "With --offline: what is compared with; default: HEAD.",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER)
    private String from = "";

    @Option(
            names = "--to",
            paramLabel = "COMMIT|FOLDER",
            defaultValue = "",
            description = "What is planned; default: the folder as it stands.",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER)
    private String to = "";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "With --offline: file with the ConfigRepo; default: the one that the repository holds.")
    private @Nullable Path configFile;

    @Mixin
    private final ClusterOptions options = new ClusterOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json|markdown",
            defaultValue = "text",
            description = "Form of the result; default: ${DEFAULT-VALUE}.")
    private Output output = Output.text;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Also save the plan, for 'ork apply --plan FILE'. It holds no value of a Secret.")
    private @Nullable Path saveAs;

    @Mixin
    private final LimitOptions limits = new LimitOptions();

    /** In small letters, as people type them. */
    enum Output {
        text,
        json,
        markdown
    }

    PlanCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try {
            return plan();
        } catch (NoPlanException | SourceException e) {
            return failed(e.getMessage());
        } catch (ClusterException e) {
            return failed("the cluster cannot be asked: " + e.getMessage()
                    + "; a plan compares with what is there; compare commits with --offline");
        }
    }

    private int failed(@Nullable String reason) {
        terminal.err().println("ork plan: " + reason);
        return 2;
    }

    private int plan() {
        Path root = terminal.folder().resolve(folder).normalize();
        if (!Files.isDirectory(root)) {
            throw new NoPlanException("--repo " + folder + " is not a folder");
        }
        PlanResult made = offline ? offlinePlan(root) : clusterPlan(root);
        print(made);
        save(made);
        if (!made.plan().refusals().isEmpty()) {
            return 2;
        }
        return made.plan().changesNothing() ? 0 : 1;
    }

    private PlanResult offlinePlan(Path root) {
        if (saveAs != null) {
            throw new NoPlanException("--out saves what can be applied, and a plan made with --offline cannot;"
                    + " use -o json to keep it");
        }
        return new OfflinePlan(terminal, limits.limits())
                .make(new OfflinePlan.Request(root, configFile, name, this::withOverlay, from, to));
    }

    private PlanResult clusterPlan(Path root) {
        if (!from.isEmpty() || configFile != null) {
            throw new NoPlanException("--from and --config are for --offline");
        }
        if (name.isEmpty()) {
            throw new NoPlanException("name the ConfigRepo, or compare commits with --offline");
        }
        String savedAs = saveAs == null ? "" : saveAs.toString();
        try (KubeCluster cluster = options.connect(terminal)) {
            return new ClusterPlan(terminal, limits.limits(), cluster)
                    .make(new ClusterPlan.Request(root, to, options.namespace(), name, this::withOverlay, savedAs));
        }
    }

    private ConfigRepo withOverlay(ConfigRepo stored) {
        return stored.withOverlay(chosenOverlay(stored));
    }

    private String chosenOverlay(ConfigRepo stored) {
        String chosen = overlay;
        if (chosen == null) {
            return stored.overlay();
        }
        TreePath.problem(chosen).ifPresent(problem -> {
            throw new NoPlanException(
                    "--overlay " + chosen + " " + problem + "; write it from the root of the repository");
        });
        return TreePath.normal(chosen).orElse("");
    }

    /** For {@code ork apply --plan}. Written beside first, so that no half of a plan is ever there. */
    private void save(PlanResult made) {
        Path file = saveAs;
        if (file == null) {
            return;
        }
        Path target = terminal.folder().resolve(file);
        Path half = target.resolveSibling(target.getFileName() + ".part");
        try {
            Files.writeString(half, PlanJson.full(made.plan(), made.header()).toPrettyString() + "\n");
            Files.move(half, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new NoPlanException("the plan cannot be saved as " + file + ": " + Workspace.reason(e));
        }
    }

    private void print(PlanResult made) {
        switch (output) {
            case json ->
                terminal.out().println(PlanJson.full(made.plan(), made.header()).toPrettyString());
            case markdown ->
                terminal.out().print(PlanMarkdown.render(made.plan(), made.header(), PlanMarkdown.MAX_BYTES));
            case text -> terminal.out().print(PlanText.render(made.plan(), made.header(), terminal.colours()));
        }
        terminal.out().flush();
    }
}
