package dev.orkestra.cli;

import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of the commands that look at what the agent has in a cluster. */
final class ClusterOptions {
    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            defaultValue = "orkestra",
            description = "Namespace of the agent's resources; default: ${DEFAULT-VALUE}.")
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

    String namespace() {
        return namespace;
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
