package dev.orkestra.cli;

import dev.orkestra.run.Trigger;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ork retry}: quarantined content once more. */
@Command(
        name = "retry",
        header = "Try a quarantined commit once more, and follow the run to its end.",
        description = {
            "For the newest commit, when it failed for a reason that is gone now. If it",
            "fails again it is quarantined again, and the environment goes back.",
            "It creates a ConfigRun, which keeps the reason and who asked. It takes the",
            "right to create and read ConfigRuns, and to read the ConfigRepo."
        },
        footer = {
            "",
            "Examples:",
            "  ork retry staging c3d9f10 --reason \"the registry is back\"",
            "  ork retry -n orkestra staging c3d9f10 --reason \"more quota\" --no-wait"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:the run ended Good; with --no-wait: it is asked for",
            " 1:the run ended otherwise or was refused, waits for approval, or has not ended within --timeout",
            " 2:there is no such ConfigRepo or commit, the cluster cannot be asked, or the arguments make no sense"
        })
final class RetryCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "CONFIGREPO", description = "Name of the ConfigRepo.")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "COMMIT",
            description = "The commit: its full object name, or a beginning that fits one commit only.")
    private String commit = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "Why it may work now; it is kept with the run.")
    private String reason = "";

    @Mixin
    private final RepoOptions options = new RepoOptions();

    RetryCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        String why = AskedReason.of(spec, reason);
        return new RunAsking(terminal, "retry")
                .ask(options, options.timeout(spec), name, runs -> runs.create(Trigger.RETRY, commit, why));
    }
}
