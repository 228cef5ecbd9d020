package dev.orkestra.cli;

import dev.orkestra.run.Trigger;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ork rollback}: back to a commit that was good. */
@Command(
        name = "rollback",
        header = "Bring an environment back to a commit that was good, and keep it there.",
        description = {
            "The environment is pinned to that commit: newer ones wait until 'ork resume'.",
            "The way back is an ordinary run, in waves, but for the hooks: only those run",
            "that say 'orkestra.dev/on-rollback: run'. Git is not needed while the commit's",
            "state is kept.",
            "It creates a ConfigRun, which keeps the reason and who asked. It takes the",
            "right to create and read ConfigRuns, and to read the ConfigRepo."
        },
        footer = {
            "",
            "Examples:",
            "  ork rollback staging --to b2e41aa --reason \"orders fail since noon\"",
            "  ork history staging",
            "  ork resume staging"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:the run ended Good; with --no-wait: it is asked for",
            " 1:the run ended otherwise or was refused, waits for approval, or has not ended within --timeout",
            " 2:there is no such ConfigRepo or commit, the cluster cannot be asked, or the arguments make no sense"
        })
final class RollbackCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(paramLabel = "CONFIGREPO", description = "Name of the ConfigRepo.")
    private String name = "";

    @Option(
            names = "--to",
            paramLabel = "COMMIT",
            required = true,
            description = "The commit: its full object name, or a beginning that fits one commit only.")
    private String commit = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Why; people read it in the condition Ready.",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER)
    private String reason = "";

    @Mixin
    private final RepoOptions options = new RepoOptions();

    RollbackCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        String why = reason.isEmpty() ? "" : AskedReason.of(spec, reason);
        return new RunAsking(terminal, "rollback")
                .ask(options, options.timeout(spec), name, runs -> runs.create(Trigger.ROLLBACK, commit, why));
    }
}
