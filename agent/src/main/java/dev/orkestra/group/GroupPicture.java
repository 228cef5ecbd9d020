package dev.orkestra.group;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A release graph as it is drawn: boxes on levels, in an order that only the graph decides. Whatever the names are, and
 * even with circles and with dependencies on nothing, there is a picture.
 *
 * @param group name of the group
 * @param direction what the graph does: {@code forward}, {@code reverse} or {@code rollback}
 * @param boxes the applications, by level and name; those without a level last
 * @param notes what a reader should know of it
 */
public record GroupPicture(String group, String direction, List<Box> boxes, List<String> notes) {
    private static final Comparator<Integer> NONE_LAST =
            Comparator.comparing((Integer level) -> level == GraphLevels.NONE).thenComparing(level -> level);

    public GroupPicture {
        boxes = List.copyOf(boxes);
        notes = List.copyOf(notes);
    }

    /** How much of a graph is drawn. */
    public enum Detail {
        APPLICATIONS,
        RELEASES,
        STEPS
    }

    /** What kind of state a release is in: it decides the colour. */
    public enum Tone {
        GOOD,
        BUSY,
        WAITING,
        BAD,
        GONE
    }

    /**
     * The present state of a release.
     *
     * @param word as people read it
     */
    public record Mark(Tone tone, String word) {}

    /**
     * An application.
     *
     * @param level {@link GraphLevels#NONE} in or behind a circle
     * @param chart name of its own chart; empty when only subcharts of it are worked on
     * @param namespace where its releases are
     * @param dependencies applications of the graph that come first
     * @param impossible what it depends on and what can never be done before it: what is not there, and itself
     * @param parts its releases, by level and name
     * @param mark the state of all its releases in one word
     */
    public record Box(
            String name,
            int level,
            String chart,
            String version,
            String namespace,
            List<String> dependencies,
            List<String> impossible,
            List<Part> parts,
            Optional<Mark> mark) {
        public Box {
            dependencies = List.copyOf(dependencies);
            impossible = List.copyOf(impossible);
            parts = List.copyOf(parts);
        }

        /** Why {@code dependency}, one of the impossible ones, cannot be. */
        String whyNot(String dependency) {
            return dependency.equals(name) ? "itself" : "not in the group";
        }

        /** Whether its one release says nothing that the application does not say. */
        public boolean isPlain() {
            return parts.size() == 1 && parts.getFirst().isPlain();
        }
    }

    /**
     * A release.
     *
     * @param task name in the graph, which tells it from all others of the application
     * @param name the subchart's or the application's name
     * @param release {@code namespace/name} of the HelmRelease
     * @param removes whether it is taken away
     * @param dependencies tasks of the application that come first
     */
    public record Part(
            String task,
            String name,
            int level,
            String release,
            String chart,
            String version,
            boolean removes,
            boolean subchart,
            List<String> dependencies,
            List<ReleaseGraph.Step> steps,
            Optional<Mark> mark) {
        public Part {
            dependencies = List.copyOf(dependencies);
            steps = List.copyOf(steps);
        }

        private boolean isPlain() {
            return !subchart && !removes && steps.size() == 1;
        }
    }

    /**
     * The picture of {@code graph}.
     *
     * @param marks states by {@code namespace/name} of the release; empty for a picture without
     */
    public static GroupPicture of(
            String group, String direction, ReleaseGraph graph, Map<String, Mark> marks, List<String> notes) {
        Map<String, Set<String>> edges = new HashMap<>();
        graph.applications().forEach((name, application) -> edges.put(name, application.dependencies()));
        Map<String, Integer> levels = GraphLevels.of(edges);
        List<Box> boxes = new ArrayList<>();
        graph.applications()
                .values()
                .forEach(application ->
                        boxes.add(box(application, levels.getOrDefault(application.name(), 0), edges, marks)));
        boxes.sort(Comparator.comparing(Box::level, NONE_LAST).thenComparing(Box::name));
        return new GroupPicture(group, direction, boxes, notes);
    }

    private static Box box(
            ReleaseGraph.Application application, int level, Map<String, Set<String>> edges, Map<String, Mark> marks) {
        Map<String, Set<String>> inner = new HashMap<>();
        application.tasks().forEach((name, task) -> inner.put(name, task.dependencies()));
        Map<String, Integer> levels = GraphLevels.of(inner);
        List<Part> parts = new ArrayList<>();
        application.tasks().values().forEach(task -> parts.add(part(application, task, levels, marks)));
        parts.sort(Comparator.comparing(Part::level, NONE_LAST).thenComparing(Part::task));
        Optional<Part> own = parts.stream().filter(each -> !each.subchart).findFirst();
        Predicate<String> possible = each -> edges.containsKey(each) && !each.equals(application.name());
        return new Box(
                application.name(),
                level,
                own.map(Part::chart).orElse(""),
                own.map(Part::version).orElse(""),
                application.tasks().values().stream()
                        .map(task -> task.release().namespace())
                        .findFirst()
                        .orElse(""),
                application.dependencies().stream().filter(possible).toList(),
                application.dependencies().stream().filter(possible.negate()).toList(),
                parts,
                whole(parts));
    }

    private static Part part(
            ReleaseGraph.Application application,
            ReleaseGraph.Task task,
            Map<String, Integer> levels,
            Map<String, Mark> marks) {
        PlannedRelease release = task.release();
        return new Part(
                task.name(),
                name(application.name(), task.name()),
                levels.getOrDefault(task.name(), GraphLevels.NONE),
                release.key(),
                release.isSubchart() ? release.subchart() : release.chart(),
                release.version(),
                !task.installs(),
                release.isSubchart(),
                task.dependencies().stream()
                        .filter(application.tasks()::containsKey)
                        .toList(),
                task.steps().values().stream()
                        .sorted(Comparator.comparing(ReleaseGraph.Step::name))
                        .toList(),
                Optional.ofNullable(marks.get(release.key())));
    }

    /** What people call the task {@code task}: without the application's name in front. */
    public static String name(String application, String task) {
        String prefix = application + "-";
        return task.startsWith(prefix) && task.length() > prefix.length() ? task.substring(prefix.length()) : task;
    }

    /** The worst that is true of any, except that all must be good to be good. */
    private static Optional<Mark> whole(List<Part> parts) {
        for (Tone tone : List.of(Tone.BAD, Tone.BUSY, Tone.WAITING, Tone.GONE, Tone.GOOD)) {
            for (Part part : parts) {
                if (part.mark.filter(mark -> mark.tone == tone).isPresent()) {
                    return part.mark;
                }
            }
        }
        return Optional.empty();
    }

    /** How many releases there are. */
    public int releases() {
        return boxes.stream().mapToInt(box -> box.parts.size()).sum();
    }
}
