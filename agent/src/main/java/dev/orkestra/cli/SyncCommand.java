package dev.orkestra.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ork sync}: a run of the newest commit, now. */
@Command(
        name = "sync",
        header = "Ask for a run of the newest commit now, and follow it to its end.",
        description = {
            "The agent fetches and carries the newest commit out once more, even if it is in",
            "place: what was not removed the last time is tried again. What needs approval",
            "waits all the same.",
            "It takes the right to patch the ConfigRepo, and to read it and its ConfigRuns."
        },
        footer = {"", "Examples:", "  ork sync staging", "  ork sync -n orkestra staging --no-wait"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:the run ended Good; with --no-wait: it is asked for",
            " 1:the run ended otherwise, waits for approval, or has not ended within --timeout",
            " 2:there is no such ConfigRepo, the cluster cannot be asked, or the arguments make no sense"
        })
final class SyncCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(paramLabel = "CONFIGREPO", description = "Name of the ConfigRepo.")
    private String name = "";

    @Mixin
    private final RepoOptions options = new RepoOptions();

    SyncCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        return new RunAsking(terminal, "sync").ask(options, options.timeout(spec), name, "");
    }
}
