package dev.orkestra.cli;

import dev.orkestra.agent.Agent;
import dev.orkestra.agent.AgentSettings;
import dev.orkestra.agent.SteadyClock;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.document.GoDuration;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ork agent}: runs the agent until it is stopped or loses its lease. */
@Command(
        name = "agent",
        header = "Run the agent.",
        description = {
            "Follows the ConfigRepos of its namespace and makes the cluster what their commits say.",
            "Ends when it is stopped or loses its lease; whoever started it starts it again."
        },
        footer = {
            "",
            "Examples:",
            "  ork agent --kubeconfig agent.kubeconfig --helm /usr/local/bin/helm",
            "  ork agent --engines-workflow argo --engines-helm flux"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:stopped", " 1:the lease was lost", " 2:it could not start"})
final class AgentCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "Kubeconfig; in a pod: its service account.")
    private @Nullable Path kubeconfig;

    @Option(names = "--context", paramLabel = "NAME", defaultValue = "", description = "Context of the kubeconfig.")
    private String context = "";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            defaultValue = "orkestra",
            description = "Namespace of the agent and of its ConfigRepos; default: ${DEFAULT-VALUE}.")
    private String namespace = "";

    @Option(
            names = "--engines-workflow",
            paramLabel = "argo|embedded",
            defaultValue = "embedded",
            description = "Who carries Workflows out; default: ${DEFAULT-VALUE}.")
    private String workflowEngine = "";

    @Option(
            names = "--engines-helm",
            paramLabel = "flux|embedded",
            defaultValue = "embedded",
            description = "Who carries HelmReleases out; default: ${DEFAULT-VALUE}.")
    private String helmEngine = "";

    @Option(
            names = "--helm",
            paramLabel = "FILE",
            defaultValue = "/usr/local/bin/helm",
            description = "The Helm 3 program; default: ${DEFAULT-VALUE}.")
    private Path helm = Path.of("");

    @Option(
            names = "--kustomize",
            paramLabel = "FILE",
            defaultValue = "/usr/local/bin/kustomize",
            description = "The kustomize 5 program, for layers that need it; default: ${DEFAULT-VALUE}.")
    private Path kustomize = Path.of("");

    @Option(
            names = "--cache",
            paramLabel = "FOLDER",
            defaultValue = "/var/cache/orkestra",
            description = "Mirrors and charts; may be lost at any time; default: ${DEFAULT-VALUE}.")
    private Path cache = Path.of("");

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8080",
            description = "Where /healthz, /readyz, /metrics and /charts are served; default: ${DEFAULT-VALUE}.")
    private String http = "";

    @Option(
            names = "--charts-url",
            paramLabel = "URL",
            description = "How engines reach /charts/ of this agent; default: the address of --http.")
    private @Nullable URI chartsUrl;

    @Option(
            names = "--holder",
            paramLabel = "NAME",
            description = "Name in the lease; the same name takes it back at once. Default: the host's name.")
    private @Nullable String holder;

    @Option(
            names = "--lease-duration",
            paramLabel = "DURATION",
            defaultValue = "15s",
            description = "How long a dead agent's lease holds others off; default: ${DEFAULT-VALUE}.")
    private String leaseDuration = "";

    @Mixin
    private final GroupOptions groups = new GroupOptions();

    @Mixin
    private final LimitOptions limits = new LimitOptions();

    /** For crash tests only: {@code 2:ApplyWave} stops run 2 there, {@code 2:ApplyWave+} after the step's work. */
    @Option(names = "--pause-at", paramLabel = "RUN:STEP", hidden = true)
    private @Nullable String pauseAt;

    @Override
    public Integer call() {
        PrintWriter errors = spec.commandLine().getErr();
        try {
            return run(settings());
        } catch (IOException | ClusterException e) {
            errors.println("ork agent: cannot start: " + e.getMessage());
            return 2;
        }
    }

    private static int run(AgentSettings settings) throws IOException {
        try (Agent agent = new Agent(settings, SteadyClock.ofSystem())) {
            Thread main = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(new Thread(agent::close, "stop"));
            agent.run();
            return main.isInterrupted() ? 0 : 1;
        } catch (InterruptedException e) {
            return 0;
        }
    }

    private AgentSettings settings() {
        if (helmEngine.equals("embedded") && !Files.isExecutable(helm)) {
            throw wrong("there is no program " + helm + "; name Helm 3 with --helm, or use --engines-helm flux");
        }
        if (!groups.trouble().isEmpty()) {
            throw wrong(groups.trouble());
        }
        ClusterRef cluster =
                kubeconfig == null ? new ClusterRef.InCluster() : new ClusterRef.Kubeconfig(kubeconfig, context);
        Duration lease = GoDuration.parse(leaseDuration)
                .filter(duration -> duration.toSeconds() >= 1)
                .orElseThrow(() -> wrong("--lease-duration needs a duration of at least 1s, such as 15s"));
        return new AgentSettings(
                cluster,
                namespace,
                holder == null ? hostName() : holder,
                lease,
                helm.toAbsolutePath(),
                kustomize.toAbsolutePath(),
                cache.toAbsolutePath(),
                address(),
                Optional.ofNullable(chartsUrl),
                engine("--engines-workflow", workflowEngine, "argo"),
                engine("--engines-helm", helmEngine, "flux"),
                groups.settings(),
                limits.limits(),
                Optional.ofNullable(pauseAt).map(this::pausePoint));
    }

    private AgentSettings.PausePoint pausePoint(String text) {
        return AgentSettings.PausePoint.parse(text).orElseThrow(() -> wrong("--pause-at needs RUN:STEP"));
    }

    private AgentSettings.Engine engine(String option, String value, String upstream) {
        if (value.equals("embedded")) {
            return AgentSettings.Engine.EMBEDDED;
        }
        if (value.equals(upstream)) {
            return AgentSettings.Engine.UPSTREAM;
        }
        throw wrong(option + " is " + upstream + " or embedded, not " + value);
    }

    private InetSocketAddress address() {
        int colon = http.lastIndexOf(':');
        String port = http.substring(colon + 1);
        if (colon <= 0 || port.isEmpty() || !port.chars().allMatch(Character::isDigit) || port.length() > 5) {
            throw wrong("--http needs HOST:PORT, such as 127.0.0.1:8080");
        }
        InetSocketAddress address = new InetSocketAddress(http.substring(0, colon), Integer.parseInt(port));
        if (address.isUnresolved()) {
            throw wrong("--http names an unknown host");
        }
        return address;
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "agent";
        }
    }
}
