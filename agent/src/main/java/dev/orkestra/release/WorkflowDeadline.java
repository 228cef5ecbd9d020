package dev.orkestra.release;

import dev.orkestra.document.GoDuration;
import dev.orkestra.group.ReleaseGraph;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * How long a Workflow may take at most. Without an end of its own a Workflow whose image never comes stays Running for
 * ever, as seen with Argo 4.1.
 *
 * <p>The longest way through the graph, and all work divided by what runs at once: no schedule that keeps busy takes
 * longer than both together. Twice that, since a step may be tried again after an error, and a minute for each pod to
 * come up.
 */
final class WorkflowDeadline {
    private static final long POD_SECONDS = 60;
    private static final long SLACK_SECONDS = 300;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);
    /** A year: more than anybody waits, and far from what overflows. */
    private static final long MOST = 365L * 24 * 3600;

    private WorkflowDeadline() {}

    /** In seconds; at least {@value #SLACK_SECONDS}. */
    static long seconds(ReleaseGraph graph, int parallelism) {
        long longest = longest(
                graph.applications().values(),
                ReleaseGraph.Application::name,
                ReleaseGraph.Application::dependencies,
                WorkflowDeadline::longestTask);
        long all = graph.applications().values().stream()
                .flatMap(application -> application.tasks().values().stream())
                .mapToLong(task -> task.steps().size() * step(task))
                .reduce(0, WorkflowDeadline::plus);
        return plus(plus(longest, all / parallelism) * 2, SLACK_SECONDS);
    }

    private static long longestTask(ReleaseGraph.Application application) {
        return longest(
                application.tasks().values(),
                ReleaseGraph.Task::name,
                ReleaseGraph.Task::dependencies,
                WorkflowDeadline::longestStep);
    }

    private static long longestStep(ReleaseGraph.Task task) {
        return longest(
                task.steps().values(), ReleaseGraph.Step::name, ReleaseGraph.Step::dependencies, _ -> step(task));
    }

    private static long step(ReleaseGraph.Task task) {
        Duration timeout = GoDuration.parse(task.release().settings().timeout()).orElse(DEFAULT_TIMEOUT);
        return Math.min(MOST, Math.max(1, timeout.toSeconds()) + POD_SECONDS);
    }

    /** Over a graph without circles, one node after another: a chain of 500 must not need 500 frames. */
    private static <T> long longest(
            Collection<T> nodes, Function<T, String> name, Function<T, Set<String>> before, ToLongFunction<T> length) {
        Map<String, Long> ends = new HashMap<>();
        Map<String, Long> own = new HashMap<>();
        nodes.forEach(node -> own.put(name.apply(node), length.applyAsLong(node)));
        boolean changed = true;
        for (int round = 0; changed && round <= nodes.size(); round++) {
            changed = false;
            for (T node : nodes) {
                long begin = before.apply(node).stream()
                        .mapToLong(each -> ends.getOrDefault(each, 0L))
                        .max()
                        .orElse(0);
                long end = plus(begin, own.getOrDefault(name.apply(node), 0L));
                changed |= !Long.valueOf(end).equals(ends.put(name.apply(node), end));
            }
        }
        return ends.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    private static long plus(long one, long other) {
        return Math.min(MOST, one + other);
    }
}
