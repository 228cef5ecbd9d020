package dev.orkestra.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.RunStore;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.executor.ChangeSignal;
import dev.orkestra.executor.Deadline;
import dev.orkestra.release.Elapsed;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Follows the run that a request has led to, until its end: drawn over on a terminal, as a log elsewhere. */
final class RunWatch implements AutoCloseable {
    private static final Duration FIRST_LIST = Duration.ofSeconds(30);
    /** Four pictures a second are as many as anybody can read. */
    private static final Duration SHORTEST = Duration.ofMillis(250);

    private static final Duration SAFETY_LOOK = Duration.ofSeconds(30);
    /** As shells count the end by Ctrl-C; the process ends so by itself. */
    private static final int STOPPED = 130;

    private final Terminal terminal;
    private final InstantSource clock;
    private final String namespace;
    private final String name;
    private final ChangeSignal signal = new ChangeSignal();
    private final WatchCache repos;
    private final WatchCache runs;
    private final Set<String> logged = new HashSet<>();
    private String run = "";
    /** Whether the run is known by its name from the beginning, and not by a request that it has heard. */
    private boolean isNamed;
    /** Whether the watch has shown it: one that was just created may come a moment later. */
    private boolean wasSeen;

    RunWatch(Terminal terminal, InstantSource clock, Cluster cluster, String namespace, String name) {
        this.terminal = terminal;
        this.clock = clock;
        this.namespace = namespace;
        this.name = name;
        this.repos = cluster.watch(RunRequest.CONFIG_REPOS, namespace, "", (_, _) -> signal.raise());
        this.runs = cluster.watch(
                RunStore.RUNS, namespace, ConfigRepo.LABEL + "=" + namespace + "." + name, (_, _) -> signal.raise());
    }

    /** @throws ClusterException when ConfigRepos and ConfigRuns cannot be followed */
    void awaitSynced() throws InterruptedException {
        for (WatchCache each : List.of(repos, runs)) {
            if (!each.awaitSynced(FIRST_LIST)) {
                throw each.trouble()
                        .orElseGet(() -> new ClusterException(
                                ClusterException.Reason.UNREACHABLE, "the cluster did not answer within 30s"));
            }
        }
    }

    /**
     * Follows the run of {@code request}.
     *
     * @return the exit code: 0 when it ended Good, else 1
     */
    int follow(String request, Duration atMost) throws InterruptedException {
        Deadline deadline = Deadline.in(atMost);
        return terminal.screen() ? drawn(request, deadline) : logged(request, deadline);
    }

    /** Follows the run {@code named}, which somebody has asked for by a ConfigRun. As above. */
    int followRun(String named, Duration atMost) throws InterruptedException {
        run = named;
        isNamed = true;
        return follow("", atMost);
    }

    private int drawn(String request, Deadline deadline) throws InterruptedException {
        int width = ScreenSize.of(terminal).columns() - 1;
        try (LiveScreen screen = new LiveScreen(terminal.out())) {
            while (true) {
                long seen = signal.seen();
                Optional<ObjectNode> found = found(request);
                screen.draw(found.filter(RunWatch::isBegun)
                        .map(each -> RunPicture.lines(each, width))
                        .orElseGet(() -> List.of(waiting())));
                Optional<Integer> end = end(request, found, deadline);
                if (end.isPresent()) {
                    return end.get();
                }
                if (screen.awaitStop(SHORTEST)) {
                    return STOPPED;
                }
                signal.awaitAfter(seen, deadline.leftAtMost(SAFETY_LOOK));
            }
        }
    }

    private int logged(String request, Deadline deadline) throws InterruptedException {
        while (true) {
            long seen = signal.seen();
            Optional<ObjectNode> found = found(request);
            List<String> lines = new ArrayList<>();
            found.filter(RunWatch::isBegun)
                    .ifPresentOrElse(
                            each -> {
                                lines.add(RunPicture.head(each));
                                RunPicture.waves(each).stream()
                                        .filter(line -> !line.endsWith(": Pending"))
                                        .forEach(lines::add);
                            },
                            () -> lines.add(waiting()));
            // Each line once: a wave that is as it was is not told again.
            lines.stream().filter(logged::add).forEach(this::log);
            Optional<Integer> end = end(request, found, deadline);
            if (end.isPresent()) {
                return end.get();
            }
            signal.awaitAfter(seen, deadline.leftAtMost(SAFETY_LOOK));
        }
    }

    private String waiting() {
        return repos.get(namespace, name)
                .map(RunPicture::waiting)
                .orElse("the ConfigRepo " + namespace + "/" + name + " is gone");
    }

    /** The run that has heard the request; once found it is followed by its name, as others may ask for more. */
    private Optional<ObjectNode> found(String request) {
        if (run.isEmpty()) {
            runs.all().stream()
                    .filter(each -> each.path("status").path("request").asText().equals(request))
                    .findFirst()
                    .ifPresent(each -> run = each.path("metadata").path("name").asText());
        }
        Optional<ObjectNode> found = run.isEmpty() ? Optional.empty() : runs.get(namespace, run);
        wasSeen |= found.isPresent();
        return found;
    }

    /** A run that is asked for has no status until the agent has looked at it. */
    private static boolean isBegun(ObjectNode run) {
        return run.path("status").has("phase");
    }

    private Optional<Integer> end(String request, Optional<ObjectNode> found, Deadline deadline) {
        String step =
                found.map(each -> each.path("status").path("step").asText()).orElse("");
        if (found.isPresent() && step.equals("End")) {
            boolean good = found.get().path("status").path("phase").asText().equals("Good");
            return told(found.get(), good ? 0 : 1);
        }
        boolean refused = found.filter(each -> isBegun(each) && step.isEmpty()).isPresent();
        if (refused) {
            return told(found.get(), 1);
        }
        boolean heard = isNamed
                || found.filter(each ->
                                each.path("status").path("request").asText().equals(request))
                        .isPresent();
        if (heard && step.equals("AwaitApproval")) {
            return told(found.get(), 1);
        }
        if (found.isEmpty()
                && ((!run.isEmpty() && wasSeen) || repos.get(namespace, name).isEmpty())) {
            terminal.err().println("ork: the ConfigRepo or its run is gone");
            return Optional.of(1);
        }
        if (deadline.passed()) {
            terminal.err()
                    .println("ork: the run has not ended within " + Elapsed.words(deadline.length())
                            + "; it goes on, see 'kubectl -n " + namespace + " get configruns'");
            return Optional.of(1);
        }
        return Optional.empty();
    }

    private Optional<Integer> told(ObjectNode ended, int exitCode) {
        terminal.out().println(RunPicture.message(ended));
        terminal.out().flush();
        return Optional.of(exitCode);
    }

    private void log(String line) {
        terminal.out().println(clock.instant().truncatedTo(ChronoUnit.SECONDS) + " " + line);
        terminal.out().flush();
    }

    @Override
    public void close() {
        repos.close();
        runs.close();
    }
}
