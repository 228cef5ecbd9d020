package dev.orkestra.cli;

import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.document.GoDuration;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options of the commands that ask for a run of a ConfigRepo. */
final class RepoOptions {
    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--no-wait", description = "Ask for the run and return at once.")
    private boolean noWait;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = "How long to follow the run at most, such as 90s or 15m; default: ${DEFAULT-VALUE}.")
    private String timeout = "";

    String namespace() {
        return cluster.namespace();
    }

    boolean waits() {
        return !noWait;
    }

    /** @throws ParameterException when it is no duration */
    Duration timeout(CommandSpec spec) {
        return GoDuration.parse(timeout)
                .filter(each -> !each.isNegative())
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "--timeout needs a duration such as 90s, 15m or 1h30m"));
    }

    /**
     * Opens the connection; nothing is asked yet.
     *
     * @throws ClusterException with words for people
     */
    KubeCluster connect(Terminal terminal) {
        return cluster.connect(terminal);
    }
}
