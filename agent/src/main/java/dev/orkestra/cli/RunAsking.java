package dev.orkestra.cli;

import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.KubeCluster;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What {@code ork apply} and {@code ork sync} share: ask for a run, then follow it. */
final class RunAsking {
    private static final int TROUBLE = 2;

    private final Terminal terminal;
    private final String command;
    private final InstantSource clock = InstantSource.system();

    RunAsking(Terminal terminal, String command) {
        this.terminal = terminal;
        this.command = command;
    }

    /** @return the exit code */
    int ask(RepoOptions options, Duration atMost, String name, String approved) throws InterruptedException {
        try (KubeCluster cluster = options.connect(terminal)) {
            RunRequest request = new RunRequest(cluster, options.namespace(), name);
            Optional<String> trouble = request.trouble();
            if (trouble.isPresent()) {
                return failed(trouble.get());
            }
            if (!options.waits()) {
                request.send(approved, clock, RandomGenerator.getDefault());
                terminal.out()
                        .println("a run is asked for; see 'kubectl -n " + options.namespace() + " get configruns -w'");
                terminal.out().flush();
                return 0;
            }
            // Who may not look on learns it before anything is asked for.
            try (RunWatch watch = new RunWatch(terminal, clock, cluster, options.namespace(), name)) {
                watch.awaitSynced();
                return watch.follow(request.send(approved, clock, RandomGenerator.getDefault()), atMost);
            }
        } catch (ClusterException e) {
            return failed(e.getMessage());
        }
    }

    int failed(String reason) {
        terminal.err().println("ork " + command + ": " + reason);
        return TROUBLE;
    }
}
