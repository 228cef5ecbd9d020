package dev.orkestra.cli;

import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.document.GoDuration;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ork suspend}: no run starts for a while. */
@Command(
        name = "suspend",
        header = "Let no run of a ConfigRepo start until a time, or until 'ork resume'.",
        description = {
            "A run that is under way goes on to its end. While it is suspended, drift is not",
            "corrected either. It takes the right to patch the ConfigRepo."
        },
        footer = {
            "",
            "Examples:",
            "  ork suspend staging --until 2h --reason \"a restore is under way\"",
            "  ork suspend staging --until 2026-12-01T18:00:00Z --reason \"an audit\""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:it is suspended",
            " 2:there is no such ConfigRepo, the cluster cannot be asked, or the arguments make no sense"
        })
final class SuspendCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final InstantSource clock = InstantSource.system();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(paramLabel = "CONFIGREPO", description = "Name of the ConfigRepo.")
    private String name = "";

    @Option(
            names = "--until",
            paramLabel = "TIME|DURATION",
            description = "Such as 2026-12-01T18:00:00Z, 90m or 24h; without it, until 'ork resume'.")
    private @Nullable String until;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "Why; people read it in the condition Ready.")
    private String reason = "";

    @Mixin
    private final ClusterOptions options = new ClusterOptions();

    SuspendCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        RunAsking asking = new RunAsking(terminal, "suspend");
        String why = AskedReason.of(spec, reason);
        Instant end = until == null ? null : end(until);
        try (KubeCluster cluster = options.connect(terminal)) {
            RunRequest request = new RunRequest(cluster, options.namespace(), name);
            Optional<String> trouble = request.trouble();
            if (trouble.isPresent()) {
                return asking.failed(trouble.get());
            }
            request.suspend(end, why);
            terminal.out()
                    .println(name + " is suspended" + (end == null ? "" : " until " + end) + "; to go on: ork resume "
                            + name);
            terminal.out().flush();
            return 0;
        } catch (ClusterException e) {
            return asking.failed(e.getMessage());
        }
    }

    private Instant end(String text) {
        Instant now = clock.instant();
        Optional<Duration> duration = GoDuration.parse(text);
        Instant end;
        try {
            end = duration.isPresent() ? now.plus(duration.get()).truncatedTo(ChronoUnit.SECONDS) : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new ParameterException(
                    spec.commandLine(), "--until needs a time such as 2026-12-01T18:00:00Z, or a duration such as 90m");
        }
        if (!end.isAfter(now)) {
            throw new ParameterException(spec.commandLine(), "--until lies in the past: " + end);
        }
        return end;
    }
}
