package dev.orkestra.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.RunStore;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.explain.Explainer;
import dev.orkestra.explain.Explanation;
import dev.orkestra.explain.ExplanationJson;
import dev.orkestra.explain.ExplanationText;
import dev.orkestra.explain.Observed;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.run.RunState;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ork explain}: what an environment waits for. */
@Command(
        name = "explain",
        header = "Say what an environment waits for, and what helps.",
        description = {
            "One ConfigRepo: what it waits for, since when, until when, what happens then,",
            "and the command that helps. Reads with your own rights, and changes nothing."
        },
        footer = {"", "Examples:", "  ork explain staging", "  ork explain -n orkestra staging -o json"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:it is as the newest commit wants it",
            " 1:it waits for something, or works",
            " 2:there is no such ConfigRepo, or the cluster cannot be asked"
        })
final class ExplainCommand implements Callable<Integer> {
    private static final ResourceType LEASES = new ResourceType("coordination.k8s.io", "v1", "Lease", "leases", true);
    private static final String LEASE = "orkestra-agent";

    private final Terminal terminal;
    private final InstantSource clock = InstantSource.system();

    @Parameters(paramLabel = "CONFIGREPO", description = "Name of the ConfigRepo.")
    private String name = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "Form of the result; default: ${DEFAULT-VALUE}.")
    private Output output = Output.text;

    @Mixin
    private final ClusterOptions options = new ClusterOptions();

    /** In small letters, as people type them. */
    enum Output {
        text,
        json
    }

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (KubeCluster cluster = options.connect(terminal)) {
            Optional<ObjectNode> repo = cluster.get(RunRequest.CONFIG_REPOS, options.namespace(), name);
            if (repo.isEmpty()) {
                return failed("there is no ConfigRepo " + name + " in the namespace " + options.namespace()
                        + "; 'kubectl get configrepos -A' lists those that there are");
            }
            Instant now = clock.instant();
            Explanation explanation =
                    Explainer.explain(new Observed(repo.get(), newestRun(cluster), leader(cluster), now));
            print(explanation, now);
            return explanation.waiting() ? 1 : 0;
        } catch (ClusterException e) {
            return failed(e.getMessage());
        }
    }

    private void print(Explanation explanation, Instant now) {
        if (output == Output.json) {
            terminal.out()
                    .println(ExplanationJson.of(options.namespace(), name, explanation)
                            .toPrettyString());
        } else {
            ExplanationText.lines(options.namespace() + "/" + name, explanation, now, terminal.colours())
                    .forEach(terminal.out()::println);
        }
        terminal.out().flush();
    }

    private Optional<RunState> newestRun(Cluster cluster) {
        return new RunStore(cluster)
                .shown(options.namespace(), name, options.namespace() + "." + name)
                .map(RunStore.Stored::state);
    }

    /** Not everybody may read leases; then nothing is said about the agent. */
    private Optional<Observed.Leader> leader(Cluster cluster) {
        try {
            return cluster.get(LEASES, options.namespace(), LEASE).flatMap(ExplainCommand::leader);
        } catch (ClusterException e) {
            if (e.reason() != ClusterException.Reason.FORBIDDEN) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static Optional<Observed.Leader> leader(ObjectNode lease) {
        try {
            Instant renewed =
                    OffsetDateTime.parse(lease.at("/spec/renewTime").asText()).toInstant();
            return Optional.of(new Observed.Leader(
                    lease.at("/spec/holderIdentity").asText(""),
                    renewed.plusSeconds(lease.at("/spec/leaseDurationSeconds").asLong(15))));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private int failed(String reason) {
        terminal.err().println("ork explain: " + OneLine.of(reason));
        return 2;
    }
}
