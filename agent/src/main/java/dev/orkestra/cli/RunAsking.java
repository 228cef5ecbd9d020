package dev.orkestra.cli;

import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.KubeCluster;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** What the commands share that ask for a run: ask for a run, then follow it. */
final class RunAsking {
    private static final int TROUBLE = 2;

    private final Terminal terminal;
    private final String command;
    private final InstantSource clock = InstantSource.system();

    RunAsking(Terminal terminal, String command) {
        this.terminal = terminal;
        this.command = command;
    }

    /**
     * Asks for a run of the newest commit.
     *
     * @param approved hash of the plan that it is bound to, or empty
     * @return the exit code
     */
    int ask(RepoOptions options, Duration atMost, String name, String approved) throws InterruptedException {
        return ask(options, name, (cluster, request) -> {
            String sent = request.send(approved, clock, RandomGenerator.getDefault());
            return watch -> watch.follow(sent, atMost);
        });
    }

    /**
     * Asks for a run by a ConfigRun.
     *
     * @param created creates it and returns its name
     * @return the exit code
     */
    int ask(RepoOptions options, Duration atMost, String name, Function<AskedRuns, String> created)
            throws InterruptedException {
        return ask(options, name, (cluster, request) -> {
            String run = created.apply(new AskedRuns(cluster, options.namespace(), name));
            return watch -> watch.followRun(run, atMost);
        });
    }

    /** Asks, and returns how the run that follows is found. */
    @FunctionalInterface
    private interface Asked {
        Follow send(KubeCluster cluster, RunRequest request);
    }

    /** Follows a run and returns the exit code. */
    @FunctionalInterface
    private interface Follow {
        int to(RunWatch watch) throws InterruptedException;
    }

    private int ask(RepoOptions options, String name, Asked asked) throws InterruptedException {
        try (KubeCluster cluster = options.connect(terminal)) {
            RunRequest request = new RunRequest(cluster, options.namespace(), name);
            Optional<String> trouble = request.trouble();
            if (trouble.isPresent()) {
                return failed(trouble.get());
            }
            if (!options.waits()) {
                Follow _ = asked.send(cluster, request);
                terminal.out()
                        .println("a run is asked for; see 'kubectl -n " + options.namespace() + " get configruns -w'");
                terminal.out().flush();
                return 0;
            }
            // Who may not look on learns it before anything is asked for.
            try (RunWatch watch = new RunWatch(terminal, clock, cluster, options.namespace(), name)) {
                watch.awaitSynced();
                return asked.send(cluster, request).to(watch);
            }
        } catch (ClusterException | AskedRuns.NotAskedException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    int failed(String reason) {
        terminal.err().println("ork " + command + ": " + reason);
        return TROUBLE;
    }
}
