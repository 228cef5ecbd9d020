package dev.orkestra.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.Settings;
import dev.orkestra.document.GoDuration;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.executor.HelmReleaseExecutor;
import dev.orkestra.executor.StepArguments;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.outcome.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ork executor helmrelease}: one HelmRelease to its end. */
@Command(
        name = "helmrelease",
        header = "Apply or delete one HelmRelease, and wait for its end.",
        description = {
            "install: makes its namespace, applies it, and waits until it has been ready at its newest generation for",
            "the time of --settle. Ends at once when the release has failed for good, with its message.",
            "delete: deletes it and waits until it is gone. What still holds it at the deadline is named and left alone."
        },
        footer = {
            "",
            "Examples:",
            "  ork executor helmrelease --spec \"$(base64 -w0 release.yaml)\" --action install --timeout 10m",
            "  ork executor helmrelease --spec \"$(base64 -w0 release.yaml)\" --action delete"
        },
        exitCodeListHeading = ExecutorCommand.EXIT_CODES,
        exitCodeList = {
            " 0:the HelmRelease is ready, or gone",
            " 1:it is not, and standard error says why",
            " 2:an option is not known, or has no value"
        })
final class ExecutorHelmReleaseCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
            names = "--spec",
            paramLabel = "BASE64",
            defaultValue = "",
            description = "The HelmRelease, as YAML in base64.")
    private String release = "";

    @Option(
            names = "--action",
            paramLabel = "install|delete",
            defaultValue = "",
            description = "What to do with it; there is no default.")
    private String action = "";

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "5m",
            description = "For all of it; default: ${DEFAULT-VALUE}.")
    private String timeout = "";

    @Option(
            names = "--interval",
            paramLabel = "DURATION",
            defaultValue = "10s",
            description = "Accepted as the original had it; changes are watched, nothing is polled.")
    private String interval = "";

    @Option(
            names = "--settle",
            paramLabel = "DURATION",
            defaultValue = "5s",
            description =
                    "How long it must stay ready, since an engine may say so too early; default: ${DEFAULT-VALUE}.")
    private String settle = "";

    @Mixin
    private final ExecutorCommand.Access access = new ExecutorCommand.Access();

    ExecutorHelmReleaseCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Optional<Duration> toSettle = GoDuration.parse(settle).filter(duration -> !duration.isNegative());
        if (toSettle.isEmpty()) {
            return failed("--settle must be a duration such as 5s, not '" + settle + "'");
        }
        if (!access.trouble().isEmpty()) {
            return failed(access.trouble());
        }
        if (GoDuration.parse(interval).isEmpty()) {
            return failed("--interval must be a duration such as 10s, not '" + interval + "'");
        }
        return switch (StepArguments.parse(List.of("--spec", release, "--action", action, "--timeout", timeout))) {
            case Outcome.Done<StepArguments>(StepArguments arguments) -> carryOut(arguments, toSettle.get());
            case Outcome.Retry<StepArguments>(Duration _, Diagnostic reason) -> failed(reason);
            case Outcome.Terminal<StepArguments>(Diagnostic reason) -> failed(reason);
        };
    }

    private int carryOut(StepArguments arguments, Duration toSettle) {
        ObjectKey key = ObjectKey.of(arguments.release());
        return ExecutorCommand.untilStopped(
                () -> {
                    try (KubeCluster cluster = KubeCluster.connect(access.cluster(terminal), Settings.standard())) {
                        HelmReleaseExecutor executor = new HelmReleaseExecutor(access.asked(cluster));
                        ObjectNode payload = arguments.release();
                        return switch (arguments.action()) {
                            case INSTALL ->
                                ended(executor.install(payload, arguments.timeout(), toSettle), key + " is ready");
                            case DELETE -> ended(executor.delete(payload, arguments.timeout()), key + " is gone");
                        };
                    } catch (ClusterException e) {
                        return failed("the cluster cannot be asked: " + e.getMessage());
                    }
                },
                () -> failed("stopped; " + key + " is left as it is"));
    }

    private <T> int ended(Outcome<T> outcome, String success) {
        return switch (outcome) {
            case Outcome.Done<T> _ -> {
                terminal.out().println(success);
                yield 0;
            }
            case Outcome.Retry<T>(Duration _, Diagnostic reason) -> failed(reason);
            case Outcome.Terminal<T>(Diagnostic reason) -> failed(reason);
        };
    }

    private int failed(Diagnostic reason) {
        return failed(reason.message() + (reason.hint().isEmpty() ? "" : "; " + reason.hint()));
    }

    private int failed(String reason) {
        terminal.err().println("ork executor helmrelease: " + OneLine.of(reason));
        return 1;
    }
}
