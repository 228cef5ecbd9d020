package dev.orkestra.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore;
import dev.orkestra.apply.LivePlan;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.Settings;
import dev.orkestra.desired.AssembleResult;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.ParseResult;
import dev.orkestra.desired.ScopeLookup;
import dev.orkestra.document.Limits;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.Plan;
import dev.orkestra.plan.PlanHeader;
import dev.orkestra.plan.PlanJson;
import dev.orkestra.plan.PlanText;
import dev.orkestra.plan.PrunePlan;
import dev.orkestra.plan.Situation;
import dev.orkestra.run.LastGood;
import dev.orkestra.source.FolderTree;
import dev.orkestra.source.SourceException;
import dev.orkestra.source.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ork plan}: what the agent would change, were the folder as it stands the next commit. */
@Command(
        name = "plan",
        header = "Show what a folder would change in the cluster, and change nothing.",
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
            "  ork plan --repo . -o json staging"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:nothing to change",
            " 1:there are changes",
            " 2:something is wrong; nothing would be applied"
        })
final class PlanCommand implements Callable<Integer> {
    private static final ResourceType CONFIG_REPOS =
            new ResourceType("orkestra.dev", "v1alpha1", "ConfigRepo", "configrepos", true);

    private final Terminal terminal;

    @Parameters(paramLabel = "CONFIGREPO", description = "Name of the ConfigRepo.")
    private String name = "";

    @Option(names = "--repo", required = true, paramLabel = "FOLDER", description = "The repository's root folder.")
    private Path folder = Path.of("");

    @Option(
            names = "--overlay",
            paramLabel = "PATH",
            description = "Komposer, from the root of the repository. Default: the one that the ConfigRepo names.")
    private @Nullable String overlay;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            defaultValue = "orkestra",
            description = "Namespace of the ConfigRepo; default: ${DEFAULT-VALUE}.")
    private String namespace = "";

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            defaultValue = "${env:KUBECONFIG:-${sys:user.home}/.kube/config}",
            description = "Kubeconfig; default: $KUBECONFIG, else ~/.kube/config.",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER)
    private Path kubeconfig = Path.of("");

    @Option(names = "--context", paramLabel = "NAME", defaultValue = "", description = "Context of the kubeconfig.")
    private String context = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
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
        json
    }

    PlanCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Why there is no plan. */
    private static final class NoPlan extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoPlan(String reason) {
            super(reason);
        }
    }

    @Override
    public Integer call() {
        try {
            return plan();
        } catch (NoPlan | SourceException e) {
            return failed(e.getMessage());
        } catch (ClusterException e) {
            return failed("the cluster cannot be asked: " + e.getMessage()
                    + "; a plan compares with what is there, so it needs one (--kubeconfig)");
        }
    }

    private int failed(@Nullable String reason) {
        terminal.err().println("ork plan: " + reason);
        return 2;
    }

    private int plan() {
        Path root = terminal.folder().resolve(folder);
        if (!Files.isDirectory(root)) {
            throw new NoPlan("--repo " + folder + " is not a folder");
        }
        Path config = terminal.folder().resolve(kubeconfig);
        if (!Files.isRegularFile(config)) {
            throw new NoPlan("there is no kubeconfig " + config
                    + "; a plan compares with a cluster, name one with --kubeconfig");
        }
        Cluster cluster = KubeCluster.connect(new ClusterRef.Kubeconfig(config, context), Settings.standard());
        ConfigRepo stored = configRepo(cluster);
        ConfigRepo repo = stored.withOverlay(chosenOverlay(stored));
        FolderTree tree = new FolderTree(root);
        AssembleResult assembled = assembled(repo, tree, cluster);
        FindingPrinter printer = new FindingPrinter(terminal.err(), terminal.errColours());
        assembled.diagnostics().forEach(finding -> printer.print(finding, file -> text(tree, file)));
        DesiredState desired = assembled.state().orElseThrow(() -> new NoPlan("the files are not in order; see above"));
        // The store's key holds the overlay, so it must be the one that the agent knows.
        Optional<EnvironmentStore.Environment> known = environment(cluster, stored);
        Inventory inventory = known.map(EnvironmentStore.Environment::inventory).orElse(Inventory.EMPTY);
        LivePlan live = new LivePlan(cluster, repo);
        Map<ObjectKey, ObjectNode> objects = live.live(desired, inventory);
        Plan plan = known.isPresent()
                ? live.make(desired, inventory, objects, assembled.sources())
                : live.make(new Situation(repo, desired, inventory, objects), assembled.sources(), PrunePlan.UNKNOWN);
        String base = known.map(environment -> environment.ledger().lastGood())
                .map(LastGood::commit)
                .orElse("");
        PlanHeader header = new PlanHeader(repo.namespace(), repo.name(), root.toString(), base, "");
        print(plan, header);
        save(plan, header);
        if (!plan.refusals().isEmpty()) {
            return 2;
        }
        return plan.changesNothing() ? 0 : 1;
    }

    private AssembleResult assembled(ConfigRepo repo, FolderTree tree, Cluster cluster) {
        try (ImportAccess access = new ImportAccess(terminal, limits.limits())) {
            return Assembler.assemble(repo, "working tree", tree, scopes(cluster), limits.limits(), access.elsewhere());
        }
    }

    /** What stands in a file of the folder; a finding in something else has no excerpt. */
    private static Optional<String> text(FolderTree tree, String file) {
        try {
            return tree.read(file, Limits.DEFAULTS.maxBytes()).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        } catch (SourceException e) {
            return Optional.empty(); // that it cannot be read is a finding already
        }
    }

    private ConfigRepo configRepo(Cluster cluster) {
        ObjectNode object = cluster.get(CONFIG_REPOS, namespace, name)
                .orElseThrow(() -> new NoPlan("there is no ConfigRepo " + name + " in the namespace " + namespace
                        + ", or its CRD is not installed; see 'kubectl get configrepos -A'"));
        ParseResult parsed = ConfigRepoParser.parse(object);
        parsed.diagnostics().forEach(finding -> terminal.err().println(finding));
        return parsed.configRepo()
                .orElseThrow(
                        () -> new NoPlan("the ConfigRepo " + namespace + "/" + name + " is not in order; see above"));
    }

    private String chosenOverlay(ConfigRepo stored) {
        String chosen = overlay;
        if (chosen == null) {
            return stored.overlay();
        }
        TreePath.problem(chosen).ifPresent(problem -> {
            throw new NoPlan("--overlay " + chosen + " " + problem + "; write it from the root of the repository");
        });
        return TreePath.normal(chosen).orElse("");
    }

    private static ScopeLookup scopes(Cluster cluster) {
        return (apiVersion, kind) -> {
            try {
                return Optional.of(cluster.resourceType(apiVersion, kind).namespaced());
            } catch (ClusterException e) {
                if (e.reason() == ClusterException.Reason.MISSING_KIND) {
                    return Optional.empty();
                }
                throw e;
            }
        };
    }

    /** Few people may read the agent's Secrets; without them a plan still shows everything but the pruning. */
    private Optional<EnvironmentStore.Environment> environment(Cluster cluster, ConfigRepo stored) {
        try {
            return Optional.of(new EnvironmentStore(cluster, stored.namespace(), stored).load());
        } catch (ClusterException e) {
            if (e.reason() != ClusterException.Reason.FORBIDDEN) {
                throw e;
            }
            return Optional.empty();
        } catch (EnvironmentStore.DamagedException e) {
            throw new NoPlan("what the agent keeps of this environment is damaged: " + e.getMessage());
        }
    }

    /** For {@code ork apply --plan}. Written beside first, so that no half of a plan is ever there. */
    private void save(Plan plan, PlanHeader header) {
        Path file = saveAs;
        if (file == null) {
            return;
        }
        Path target = terminal.folder().resolve(file);
        Path half = target.resolveSibling(target.getFileName() + ".part");
        try {
            Files.writeString(half, PlanJson.full(plan, header).toPrettyString() + "\n");
            Files.move(half, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new NoPlan("the plan cannot be saved as " + file + ": " + Workspace.reason(e));
        }
    }

    private void print(Plan plan, PlanHeader header) {
        switch (output) {
            case json -> terminal.out().println(PlanJson.full(plan, header).toPrettyString());
            case text -> terminal.out().print(PlanText.render(plan, header, terminal.colours()));
        }
        terminal.out().flush();
    }
}
