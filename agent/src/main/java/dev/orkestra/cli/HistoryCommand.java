package dev.orkestra.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.RunStore;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.explain.HistoryJson;
import dev.orkestra.explain.HistoryText;
import dev.orkestra.explain.RunHistory;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.run.Ledger;
import dev.orkestra.run.LedgerJson;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ork history}: what ran in an environment. */
@Command(
        name = "history",
        header = "Show what ran in an environment: why, who asked, and how it ended.",
        description = {
            "The last runs of one ConfigRepo, the newest last, and those that are asked for",
            "or were refused. Below: to what it is pinned, and whether it is on hold.",
            "Reads with your own rights, and changes nothing. Without the right to list",
            "ConfigLedgers it tells what the ConfigRuns say."
        },
        footer = {"", "Examples:", "  ork history staging", "  ork history -n orkestra staging -o json"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:it is shown", " 2:there is no such ConfigRepo, or the cluster cannot be asked"})
final class HistoryCommand implements Callable<Integer> {
    private static final ResourceType LEDGERS =
            new ResourceType("orkestra.dev", "v1alpha1", "ConfigLedger", "configledgers", true);

    private final Terminal terminal;
    private final InstantSource clock = InstantSource.system();

    @Parameters(paramLabel = "CONFIGREPO", description = "Name of the ConfigRepo.")
    private String name = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            defaultValue = "table",
            description = "Form of the result; default: ${DEFAULT-VALUE}.")
    private Output output = Output.table;

    @Mixin
    private final ClusterOptions options = new ClusterOptions();

    /** In small letters, as people type them. */
    enum Output {
        table,
        json
    }

    HistoryCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        String namespace = options.namespace();
        try (KubeCluster cluster = options.connect(terminal)) {
            Optional<ObjectNode> repo = cluster.get(RunRequest.CONFIG_REPOS, namespace, name);
            if (repo.isEmpty()) {
                return failed("there is no ConfigRepo " + name + " in the namespace " + namespace
                        + "; 'kubectl get configrepos -A' lists those that there are");
            }
            Optional<Ledger> ledger = ledger(cluster, repo.get());
            // After the ledger: a run that ends meanwhile is in one of the two.
            List<ObjectNode> runs = cluster.list(RunStore.RUNS, namespace, "").stream()
                    .filter(this::isOurs)
                    .toList();
            print(namespace, RunHistory.of(ledger, runs, repo.get()), clock.instant());
            return 0;
        } catch (ClusterException e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (IllegalStateException e) {
            return failed("the ConfigLedger cannot be read: " + e.getMessage());
        }
    }

    /** A request may lack the label. */
    private boolean isOurs(ObjectNode run) {
        return run.path("spec").path("configRepo").asText().equals(name);
    }

    private void print(String namespace, RunHistory history, Instant now) throws InterruptedException {
        if (output == Output.json) {
            terminal.out().println(HistoryJson.of(namespace, name, history).toPrettyString());
        } else {
            int width = terminal.screen() ? ScreenSize.of(terminal).columns() : Integer.MAX_VALUE;
            HistoryText.lines(namespace, name, history, now, width).forEach(terminal.out()::println);
        }
        terminal.out().flush();
    }

    /** Empty when it may not be read, or there is none. */
    private Optional<Ledger> ledger(Cluster cluster, ObjectNode repo) {
        String label = ConfigRepo.LABEL + "=" + options.namespace() + "." + name;
        try {
            return cluster.list(LEDGERS, options.namespace(), label).stream()
                    .filter(ledger ->
                            ledger.path("spec").path("configRepo").asText().equals(name))
                    .min(Comparator.comparing((ObjectNode ledger) -> !ledger.path("spec")
                                    .path("repository")
                                    .equals(repo.path("spec").path("source").path("url")))
                            .thenComparing(ledger ->
                                    ledger.path("metadata").path("name").asText()))
                    .map(ledger -> LedgerJson.read(ledger.path("status")));
        } catch (ClusterException e) {
            if (e.reason() != ClusterException.Reason.FORBIDDEN) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private int failed(String reason) {
        terminal.err().println("ork history: " + OneLine.of(reason));
        return 2;
    }
}
