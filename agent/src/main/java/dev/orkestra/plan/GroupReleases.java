package dev.orkestra.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.DeclaredCharts;
import dev.orkestra.group.GraphLevels;
import dev.orkestra.group.PlannedRelease;
import dev.orkestra.group.ReleaseGraph;
import dev.orkestra.group.StagedCharts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a change of an ApplicationGroup does to its releases: the steps that its Workflow will take. */
final class GroupReleases {
    private GroupReleases() {}

    /** The order of a release: stages of applications, then of the releases inside one. */
    private record Level(int application, int release) implements Comparable<Level> {
        @Override
        public int compareTo(Level other) {
            int order = Integer.compare(application, other.application);
            return order != 0 ? order : Integer.compare(release, other.release);
        }
    }

    private record Known(PlannedRelease release, Level level) {}

    private record Move(ReleaseStep.Action action, PlannedRelease release, String before, String after, Level level) {
        ReleaseStep at(int stage) {
            return new ReleaseStep(action, release.application(), release.key(), before, after, stage);
        }
    }

    /** Empty for all other kinds, and where no release changes. */
    static List<ReleaseStep> between(@Nullable ObjectNode live, ObjectNode wanted) {
        if (!isGroup(ObjectKey.of(wanted))) {
            return List.of();
        }
        Map<String, Known> before =
                live == null ? Map.of() : releases(live, StagedCharts.ofStatus(live.path("status")));
        Map<String, Known> after = releases(wanted, live == null ? StagedCharts.NONE : staying(live, wanted));
        List<Move> moves = new ArrayList<>();
        after.forEach((key, known) -> {
            Known old = before.get(key);
            String version = known.release().version();
            if (old == null) {
                moves.add(new Move(ReleaseStep.Action.INSTALL, known.release(), "", version, known.level()));
            } else if (!old.release().equals(known.release())) {
                String was = old.release().version();
                moves.add(new Move(ReleaseStep.Action.UPGRADE, known.release(), was, version, known.level()));
            }
        });
        List<ReleaseStep> steps = new ArrayList<>(staged(moves, 0));
        List<Move> removals = before.entrySet().stream()
                .filter(each -> !after.containsKey(each.getKey()))
                .map(each -> {
                    Known gone = each.getValue();
                    Level reversed =
                            new Level(-gone.level().application(), -gone.level().release());
                    String version = gone.release().version();
                    return new Move(ReleaseStep.Action.REMOVE, gone.release(), version, "", reversed);
                })
                .toList();
        // What is not wanted any more goes when all that is wanted stands.
        steps.addAll(staged(removals, steps.isEmpty() ? 0 : steps.getLast().stage()));
        return List.copyOf(steps);
    }

    static boolean isGroup(ObjectKey key) {
        return key.kind().equals(ApplicationGroup.KIND)
                && key.group().equals(ObjectKey.groupOf(ApplicationGroup.API_VERSION));
    }

    private static List<ReleaseStep> staged(List<Move> moves, int from) {
        List<Level> levels =
                new ArrayList<>(new TreeSet<>(moves.stream().map(Move::level).toList()));
        return moves.stream()
                .sorted(Comparator.comparing(Move::level)
                        .thenComparing(move -> move.release().key()))
                .map(move -> move.at(from + 1 + levels.indexOf(move.level())))
                .toList();
    }

    /** The charts of applications whose chart is not touched: the status knows their subcharts and exact versions. */
    private static StagedCharts staying(ObjectNode live, ObjectNode wanted) {
        ApplicationGroup before = ApplicationGroup.of(live);
        ApplicationGroup after = ApplicationGroup.of(wanted);
        Map<String, StagedCharts.Application> same =
                new TreeMap<>(StagedCharts.ofStatus(live.path("status")).applications());
        same.keySet()
                .removeIf(name -> !before.application(name)
                        .map(ApplicationGroup.Application::chart)
                        .equals(after.application(name).map(ApplicationGroup.Application::chart)));
        return new StagedCharts(same);
    }

    private static Map<String, Known> releases(ObjectNode object, StagedCharts staged) {
        ApplicationGroup group = ApplicationGroup.of(object);
        ReleaseGraph graph = ReleaseGraph.forward(
                group, DeclaredCharts.complete(group, staged).charts());
        Map<String, Integer> levels = levels(graph.applications(), ReleaseGraph.Application::dependencies);
        Map<String, Known> releases = new TreeMap<>();
        graph.applications().forEach((name, application) -> {
            Map<String, Integer> inside = levels(application.tasks(), ReleaseGraph.Task::dependencies);
            application
                    .tasks()
                    .forEach((task, planned) -> releases.put(
                            planned.release().key(),
                            new Known(
                                    planned.release(),
                                    new Level(levels.getOrDefault(name, 0), inside.getOrDefault(task, 0)))));
        });
        return releases;
    }

    private static <T> Map<String, Integer> levels(Map<String, T> nodes, Function<T, Collection<String>> dependencies) {
        Map<String, Collection<String>> edges = new HashMap<>();
        nodes.forEach((name, node) -> edges.put(name, dependencies.apply(node)));
        return GraphLevels.of(edges);
    }
}
