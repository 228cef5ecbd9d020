package dev.orkestra.cli;

import dev.orkestra.plan.PlanFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ork apply}: a saved plan, or nothing. */
@Command(
        name = "apply",
        header = "Approve a saved plan, have the agent carry it out, and follow the run to its end.",
        description = {
            "The plan is one that 'ork plan --out FILE' saved. Commit and push first what it",
            "was made of. The agent plans anew with the newest commit: if its plan is the",
            "same, it is carried out with all that is in it, replacements and removals beyond",
            "the budget too. If it is another one, nothing is changed (PlanStale).",
            "It takes the right to patch the ConfigRepo, and to read it and its ConfigRuns."
        },
        footer = {"", "Examples:", "  ork plan --repo . --out plan.json staging", "  ork apply --plan plan.json staging"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:the run ended Good; with --no-wait: the plan is approved",
            " 1:the run ended otherwise, the plan is stale, or the run has not ended within --timeout",
            " 2:the file is no plan for this ConfigRepo, the cluster cannot be asked, or the arguments make no sense"
        })
final class ApplyCommand implements Callable<Integer> {
    /** A plan of 10,000 objects has a few megabytes. */
    private static final long MOST_BYTES = 64L * 1024 * 1024;

    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(paramLabel = "CONFIGREPO", description = "Name of the ConfigRepo.")
    private String name = "";

    @Option(
            names = "--plan",
            required = true,
            paramLabel = "FILE",
            description = "The plan, as 'ork plan --out FILE' saved it.")
    private Path file = Path.of("");

    @Mixin
    private final RepoOptions options = new RepoOptions();

    ApplyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Duration atMost = options.timeout(spec);
        RunAsking asking = new RunAsking(terminal, "apply");
        Optional<String> text = text();
        if (text.isEmpty()) {
            return asking.failed("the plan " + file + " cannot be read; 'ork plan --out FILE' saves one");
        }
        return switch (PlanFile.read(text.get())) {
            case PlanFile.Result.Damaged(String reason) ->
                asking.failed(file + " is no plan that can be applied: " + reason);
            case PlanFile.Result.Read(PlanFile plan) -> {
                Optional<String> trouble = trouble(plan);
                yield trouble.isPresent()
                        ? asking.failed(trouble.get())
                        : asking.ask(options, atMost, name, plan.hash());
            }
        };
    }

    private Optional<String> text() {
        Path path = terminal.folder().resolve(file);
        try {
            return Files.isRegularFile(path) && Files.size(path) <= MOST_BYTES
                    ? Optional.of(Files.readString(path, StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<String> trouble(PlanFile plan) {
        if (!plan.name().equals(name) || !plan.namespace().equals(options.namespace())) {
            return Optional.of(file + " is a plan for the ConfigRepo " + plan.namespace() + "/" + plan.name()
                    + ", not for " + options.namespace() + "/" + name);
        }
        if (plan.refused() > 0) {
            return Optional.of(file + " holds " + plan.refused()
                    + " refused objects, so nothing of it would be applied; mend them and plan anew");
        }
        return plan.pruneKnown()
                ? Optional.empty()
                : Optional.of(
                        file + " was made without the agent's inventory, so it does not say what would be removed;"
                                + " have it made by somebody who may read the ConfigLedgers and Secrets of "
                                + plan.namespace());
    }
}
