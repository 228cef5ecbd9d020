package dev.orkestra.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore;
import dev.orkestra.apply.LivePlan;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.desired.AssembleResult;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.ParseResult;
import dev.orkestra.desired.ScopeLookup;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.katalog.InputLimits;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.Plan;
import dev.orkestra.plan.PlanHeader;
import dev.orkestra.plan.PrunePlan;
import dev.orkestra.plan.Situation;
import dev.orkestra.run.LastGood;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** {@code ork plan} against a cluster: by reads and server-side dry-runs, with the rights of whoever asks. */
final class ClusterPlan {
    private final Terminal terminal;
    private final InputLimits limits;
    private final Cluster cluster;

    ClusterPlan(Terminal terminal, InputLimits limits, Cluster cluster) {
        this.terminal = terminal;
        this.limits = limits;
        this.cluster = cluster;
    }

    /**
     * What is asked for.
     *
     * @param root the repository's folder
     * @param to commit or folder that is planned; empty for the folder as it stands
     * @param namespace of the ConfigRepo
     * @param name of the ConfigRepo
     * @param withOptions puts in what the command line says of the ConfigRepo
     * @param savedAs where the plan is to be saved, or empty
     */
    record Request(
            Path root,
            String to,
            String namespace,
            String name,
            UnaryOperator<ConfigRepo> withOptions,
            String savedAs) {}

    PlanResult make(Request request) {
        try (PlanSides sides = new PlanSides(terminal, request.root())) {
            return make(request, sides.to(request.to()));
        }
    }

    private PlanResult make(Request request, PlanSides.Side to) {
        ConfigRepo stored = configRepo(request.namespace(), request.name());
        ConfigRepo repo = request.withOptions().apply(stored);
        AssembleResult assembled = assembled(repo, to);
        FindingPrinter printer = new FindingPrinter(terminal.err(), terminal.errColours());
        assembled.diagnostics().forEach(finding -> printer.print(finding, file -> FileTexts.of(to.tree(), file)));
        DesiredState composed =
                assembled.state().orElseThrow(() -> new NoPlanException("the files are not in order; see above"));
        // The store's key holds the overlay, so it must be the one that the agent knows.
        EnvironmentStore store = new EnvironmentStore(cluster, stored.namespace(), stored);
        Optional<EnvironmentStore.Environment> known = environment(store);
        DesiredState desired =
                known.map(environment -> store.shown(environment, composed)).orElse(composed);
        Inventory inventory = known.map(EnvironmentStore.Environment::inventory).orElse(Inventory.EMPTY);
        LivePlan live = new LivePlan(cluster, repo);
        Map<ObjectKey, ObjectNode> objects = live.live(desired, inventory);
        Plan made = known.isPresent()
                ? live.make(desired, inventory, objects, assembled.sources())
                : live.make(new Situation(repo, desired, inventory, objects), assembled.sources(), PrunePlan.UNKNOWN)
                        .plan();
        boolean held = known.filter(environment -> environment.ledger().holds(desired.digest()))
                .isPresent();
        Plan plan = held ? made.withoutHooks() : made;
        String base = known.map(environment -> environment.ledger().lastGood())
                .map(LastGood::commit)
                .orElse("");
        PlanHeader header = new PlanHeader(
                repo.namespace(),
                repo.name(),
                request.root().toString(),
                base,
                "",
                NextSteps.of(plan, repo, request.savedAs(), repo.overlay().equals(stored.overlay())));
        return new PlanResult(plan, header);
    }

    private AssembleResult assembled(ConfigRepo repo, PlanSides.Side to) {
        try (ImportAccess access = new ImportAccess(terminal, limits)) {
            return Assembler.assemble(repo, to.name(), to.tree(), scopes(), limits, access.elsewhere());
        }
    }

    private ConfigRepo configRepo(String namespace, String name) {
        ObjectNode object = cluster.get(RunRequest.CONFIG_REPOS, namespace, name)
                .orElseThrow(() -> new NoPlanException("there is no ConfigRepo " + name + " in the namespace "
                        + namespace + ", or its CRD is not installed; see 'kubectl get configrepos -A'"));
        ParseResult parsed = ConfigRepoParser.parse(object);
        parsed.diagnostics().forEach(finding -> terminal.err().println(finding));
        return parsed.configRepo()
                .orElseThrow(() -> new NoPlanException(
                        "the ConfigRepo " + namespace + "/" + name + " is not in order; see above"));
    }

    private ScopeLookup scopes() {
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
    private Optional<EnvironmentStore.Environment> environment(EnvironmentStore store) {
        try {
            return Optional.of(store.load());
        } catch (ClusterException e) {
            if (e.reason() != ClusterException.Reason.FORBIDDEN) {
                throw e;
            }
            return Optional.empty();
        } catch (EnvironmentStore.DamagedException e) {
            throw new NoPlanException(
                    "what the agent keeps of this environment is damaged: " + e.getMessage() + "; " + e.hint());
        }
    }
}
