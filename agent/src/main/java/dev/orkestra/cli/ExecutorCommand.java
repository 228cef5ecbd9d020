package dev.orkestra.cli;

import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.Identity;
import dev.orkestra.cluster.KubeCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ork executor}: what the containers of an Argo Workflow's steps run. */
@Command(
        name = "executor",
        header = "Carry out one step of a group's Workflow, as a container of Argo Workflows does.",
        synopsisSubcommandLabel = "EXECUTOR",
        description = {
            "The Workflows of ApplicationGroups call it, with the arguments of Azure Orkestra's executors.",
            "With the embedded engine nobody needs to: the agent does the same in its own process."
        },
        commandListHeading = "%nExecutors:%n")
final class ExecutorCommand implements Runnable {
    static final String EXIT_CODES = "%nExit codes:%n";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private ExecutorCommand() {}

    static CommandLine with(Terminal terminal) {
        return new CommandLine(new ExecutorCommand())
                .addSubcommand("helmrelease", new ExecutorHelmReleaseCommand(terminal))
                .addSubcommand("custom", new ExecutorCustomCommand(terminal));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "name an executor: helmrelease or custom");
    }

    /** Whom an executor asks. */
    static final class Access {
        private static final Path IN_POD = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

        @Option(
                names = "--kubeconfig",
                paramLabel = "FILE",
                description = "Kubeconfig; default: $KUBECONFIG, else the pod's service account, else ~/.kube/config.")
        private @Nullable Path kubeconfig;

        @Option(names = "--context", paramLabel = "NAME", defaultValue = "", description = "Context of the kubeconfig.")
        private String context = "";

        @Option(
                names = "--as",
                paramLabel = "NAMESPACE/NAME",
                defaultValue = "${env:ORK_IDENTITY:-}",
                description = "Service account in whose name to ask; default: $ORK_IDENTITY, else nobody else's.")
        private String identity = "";

        /** The cluster as whoever is meant sees it. */
        Cluster asked(KubeCluster cluster) {
            int slash = identity.indexOf('/');
            return identity.isEmpty()
                    ? cluster
                    : cluster.as(
                            new Identity(identity.substring(0, Math.max(0, slash)), identity.substring(slash + 1)));
        }

        /** What is wrong, for people; empty when nothing is. */
        String trouble() {
            return identity.isEmpty() || identity.matches("[^/]+/[^/]+")
                    ? ""
                    : "--as must be NAMESPACE/NAME of a service account, not '" + identity + "'";
        }

        ClusterRef cluster(Terminal terminal) {
            Optional<Path> named = Optional.ofNullable(kubeconfig)
                    .or(() -> Optional.ofNullable(terminal.environment().get("KUBECONFIG"))
                            .filter(value -> !value.isEmpty())
                            .map(Path::of));
            if (named.isEmpty() && Files.isReadable(IN_POD)) {
                return new ClusterRef.InCluster();
            }
            Path file = named.orElseGet(() -> Path.of(System.getProperty("user.home", ""), ".kube", "config"));
            return new ClusterRef.Kubeconfig(terminal.folder().resolve(file), context);
        }
    }

    /** Work that can be told to stop. */
    interface Work {
        int run() throws InterruptedException;
    }

    /**
     * Runs {@code work}, and interrupts it when the process is told to end: what it waited for goes on in the cluster.
     *
     * @param stopped the exit code then, should anybody see it
     */
    static int untilStopped(Work work, Supplier<Integer> stopped) {
        Thread worker = Thread.currentThread();
        CountDownLatch done = new CountDownLatch(1);
        Thread hook = new Thread(
                () -> {
                    worker.interrupt();
                    try {
                        done.await(2, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.run();
        } catch (InterruptedException e) {
            return stopped.get();
        } finally {
            done.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // It is what runs now.
            }
        }
    }
}
