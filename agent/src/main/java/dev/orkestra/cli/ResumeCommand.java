package dev.orkestra.cli;

import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.KubeCluster;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ork resume}: it follows its ref again. */
@Command(
        name = "resume",
        header = "Let a ConfigRepo follow its ref again.",
        description = {
            "Ends a suspension, the hold after three different contents that failed in a row,",
            "and the pin that 'ork rollback' has set. What is quarantined stays quarantined.",
            "It takes the right to patch the ConfigRepo."
        },
        footer = {"", "Example:", "  ork resume staging"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:it is asked for", " 2:there is no such ConfigRepo, or the cluster cannot be asked"})
final class ResumeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "CONFIGREPO", description = "Name of the ConfigRepo.")
    private String name = "";

    @Mixin
    private final ClusterOptions options = new ClusterOptions();

    ResumeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        RunAsking asking = new RunAsking(terminal, "resume");
        try (KubeCluster cluster = options.connect(terminal)) {
            RunRequest request = new RunRequest(cluster, options.namespace(), name);
            Optional<String> trouble = request.trouble();
            if (trouble.isPresent()) {
                return asking.failed(trouble.get());
            }
            request.resume(InstantSource.system(), RandomGenerator.getDefault());
            terminal.out().println(name + " follows its ref again; see 'ork explain " + name + "'");
            terminal.out().flush();
            return 0;
        } catch (ClusterException e) {
            return asking.failed(e.getMessage());
        }
    }
}
