package dev.orkestra.cli;

import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.Settings;
import dev.orkestra.document.GoDuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of the commands that ask for a run of a ConfigRepo. */
final class RepoOptions {
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

    @Option(names = "--no-wait", description = "Ask for the run and return at once.")
    private boolean noWait;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = "How long to follow the run at most, such as 90s or 15m; default: ${DEFAULT-VALUE}.")
    private String timeout = "";

    String namespace() {
        return namespace;
    }

    boolean waits() {
        return !noWait;
    }

    /** Empty when it is no duration. */
    Optional<Duration> timeout() {
        return GoDuration.parse(timeout).filter(each -> !each.isNegative());
    }

    /**
     * Opens the connection; nothing is asked yet.
     *
     * @throws ClusterException with words for people
     */
    KubeCluster connect(Terminal terminal) {
        Path config = terminal.folder().resolve(kubeconfig);
        if (!Files.isRegularFile(config)) {
            throw new ClusterException(
                    ClusterException.Reason.UNREACHABLE,
                    "there is no kubeconfig " + config + "; name one with --kubeconfig");
        }
        return KubeCluster.connect(new ClusterRef.Kubeconfig(config, context), Settings.standard());
    }
}
