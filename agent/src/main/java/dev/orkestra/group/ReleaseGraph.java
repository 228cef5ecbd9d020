package dev.orkestra.group;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is to be done for a group's releases, and in which order: applications, inside each its releases, inside each
 * its steps. Pure and sorted, so the same inputs are the same graph and the same Workflow, byte by byte.
 *
 * <p>Names are those of the spec; they become DNS labels only in the Workflow, dependencies and nodes alike.
 *
 * @param applications by name
 */
public record ReleaseGraph(Map<String, Application> applications) {
    public ReleaseGraph {
        applications = Collections.unmodifiableMap(new TreeMap<>(applications));
    }

    /** What a step does to its release. */
    public enum Action {
        INSTALL,
        DELETE;

        Action opposite() {
            return this == INSTALL ? DELETE : INSTALL;
        }
    }

    /**
     * An application.
     *
     * @param dependencies applications that are finished first
     * @param tasks its releases by task name
     */
    public record Application(String name, Set<String> dependencies, Map<String, Task> tasks) {
        public Application {
            dependencies = Collections.unmodifiableSet(new TreeSet<>(dependencies));
            tasks = Collections.unmodifiableMap(new TreeMap<>(tasks));
        }

        Application withDependencies(Collection<String> more) {
            return new Application(name, union(dependencies, more), tasks);
        }
    }

    /**
     * One release.
     *
     * @param name {@code <application>-<application>} for the chart itself, {@code <application>-<subchart>} else
     * @param dependencies tasks of the same application that are finished first
     * @param steps by executor name; never empty
     */
    public record Task(String name, PlannedRelease release, Set<String> dependencies, Map<String, Step> steps) {
        public Task {
            dependencies = Collections.unmodifiableSet(new TreeSet<>(dependencies));
            steps = Collections.unmodifiableMap(new TreeMap<>(steps));
        }

        /** Whether this task puts the release there, and does not take it away. */
        public boolean installs() {
            return steps.values().stream().allMatch(step -> step.action == Action.INSTALL);
        }

        /** Whether a HelmRelease comes of it: a custom executor alone brings none. */
        public boolean hasHelmRelease() {
            return steps.values().stream().anyMatch(step -> step.type().equals(ApplicationGroup.Executor.HELM_RELEASE));
        }

        Task withDependencies(Collection<String> more) {
            return new Task(name, release, union(dependencies, more), steps);
        }
    }

    /**
     * One executor's work on a release.
     *
     * @param executor what does the work
     * @param dependencies steps of the same task that are finished first
     */
    public record Step(String name, ApplicationGroup.Executor executor, Action action, Set<String> dependencies) {
        public Step {
            dependencies = Collections.unmodifiableSet(new TreeSet<>(dependencies));
        }

        /** Kind of executor, for example {@code helmrelease}. */
        public String type() {
            return executor.type();
        }
    }

    /** When releases that are not wanted any more are taken away. */
    public enum RemovalOrder {
        /** Before anything is installed: what they hold may be what the others need (going back after a failure). */
        FIRST,
        /** When all that is wanted stands. */
        LAST
    }

    /** The graph that installs {@code group} from {@code staged}. Applications without a staged chart are left out. */
    public static ReleaseGraph forward(ApplicationGroup group, StagedCharts staged) {
        return ForwardGraph.of(group, staged);
    }

    /**
     * The graph that leads from {@code current} back to {@code last}: what only {@code current} has is removed in
     * reverse, and then all of {@code last} is applied again. Azure Orkestra did both at once, so what was new could
     * still hold what the old state needs.
     */
    public static ReleaseGraph rollback(ReleaseGraph current, ReleaseGraph last) {
        return last.withRemoved(current.minus(last).reverse(), RemovalOrder.FIRST);
    }

    /** Every edge turned round and every step made its opposite. Edges to what is not in this graph vanish. */
    public ReleaseGraph reverse() {
        Map<String, Application> reversed = new TreeMap<>();
        for (Application application : applications.values()) {
            Map<String, Task> tasks = new TreeMap<>();
            for (Task task : application.tasks.values()) {
                tasks.put(
                        task.name,
                        new Task(
                                task.name,
                                task.release,
                                dependants(application.tasks.values(), Task::dependencies, Task::name, task.name),
                                reverseSteps(task)));
            }
            reversed.put(
                    application.name,
                    new Application(
                            application.name,
                            dependants(
                                    applications.values(),
                                    Application::dependencies,
                                    Application::name,
                                    application.name),
                            tasks));
        }
        return new ReleaseGraph(reversed);
    }

    /** This graph without the releases that {@code other} has, told apart by namespace and name. */
    public ReleaseGraph minus(ReleaseGraph other) {
        Set<String> known = other.releaseKeys();
        Map<String, Application> left = new TreeMap<>();
        for (Application application : applications.values()) {
            Map<String, Task> tasks = new TreeMap<>(application.tasks);
            tasks.values().removeIf(task -> known.contains(task.release.key()));
            if (!tasks.isEmpty()) {
                left.put(application.name, new Application(application.name, application.dependencies, tasks));
            }
        }
        return new ReleaseGraph(left);
    }

    /**
     * Both graphs side by side. Applications of one name become one: the dependencies between applications are this
     * graph's, and a task of {@code other} that has a name of this graph gets a name of its own.
     */
    public ReleaseGraph plus(ReleaseGraph other) {
        Map<String, Application> all = new TreeMap<>(applications);
        for (Application added : other.applications.values()) {
            Application present = all.get(added.name);
            all.put(added.name, present == null ? added : merged(present, added));
        }
        return new ReleaseGraph(all);
    }

    /** This graph, and {@code removal} before or after it. */
    public ReleaseGraph withRemoved(ReleaseGraph removal, RemovalOrder order) {
        if (removal.applications.isEmpty()) {
            return this;
        }
        Set<String> gone = new TreeSet<>(removal.applications.keySet());
        gone.removeAll(applications.keySet());
        Map<String, Application> all = new TreeMap<>();
        for (Application application : plus(removal).applications.values()) {
            Application present = applications.get(application.name);
            if (present == null) {
                // Only edges among what is gone: an edge to an application that stays could close a circle.
                Set<String> dependencies = new TreeSet<>(application.dependencies);
                dependencies.retainAll(gone);
                dependencies.addAll(order == RemovalOrder.LAST ? applications.keySet() : Set.of());
                all.put(application.name, new Application(application.name, dependencies, application.tasks));
            } else {
                Application ordered = ordered(application, present.tasks.keySet(), order);
                all.put(application.name, order == RemovalOrder.FIRST ? ordered.withDependencies(gone) : ordered);
            }
        }
        return new ReleaseGraph(all);
    }

    /** All releases, {@code namespace/name}. */
    public Set<String> releaseKeys() {
        return applications.values().stream()
                .flatMap(application -> application.tasks.values().stream())
                .map(task -> task.release.key())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of {@link #releaseKeys} that are to become HelmReleases. */
    public Set<String> helmReleaseKeys() {
        return applications.values().stream()
                .flatMap(application -> application.tasks.values().stream())
                .filter(Task::hasHelmRelease)
                .map(task -> task.release.key())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The task that works on the release {@code key}. */
    public Optional<Task> taskOf(String key) {
        return applications.values().stream()
                .flatMap(application -> application.tasks.values().stream())
                .filter(task -> task.release.key().equals(key))
                .findFirst();
    }

    public boolean isEmpty() {
        return applications.isEmpty();
    }

    private static Application ordered(Application application, Set<String> staying, RemovalOrder order) {
        Set<String> leaving = new TreeSet<>(application.tasks.keySet());
        leaving.removeAll(staying);
        Set<String> earlier = order == RemovalOrder.LAST ? staying : leaving;
        Map<String, Task> tasks = new TreeMap<>();
        application.tasks.forEach(
                (name, task) -> tasks.put(name, earlier.contains(name) ? task : task.withDependencies(earlier)));
        return new Application(application.name, application.dependencies, tasks);
    }

    private static Application merged(Application present, Application added) {
        Map<String, String> names = new TreeMap<>();
        for (String name : added.tasks.keySet()) {
            String free = name;
            for (int i = 1; present.tasks.containsKey(free); i++) {
                free = name + "-before-" + i;
            }
            names.put(name, free);
        }
        Map<String, Task> tasks = new TreeMap<>(present.tasks);
        added.tasks.values().forEach(task -> {
            String name = names.getOrDefault(task.name, task.name);
            Set<String> dependencies = task.dependencies.stream()
                    .map(each -> names.getOrDefault(each, each))
                    .collect(Collectors.toCollection(TreeSet::new));
            tasks.put(name, new Task(name, task.release, dependencies, task.steps));
        });
        return new Application(present.name, present.dependencies, tasks);
    }

    private static Map<String, Step> reverseSteps(Task task) {
        Map<String, Step> steps = new TreeMap<>();
        for (Step step : task.steps.values()) {
            Set<String> dependants = dependants(task.steps.values(), Step::dependencies, Step::name, step.name);
            steps.put(step.name, new Step(step.name, step.executor, step.action.opposite(), dependants));
        }
        return steps;
    }

    private static <T> Set<String> dependants(
            Collection<T> all,
            java.util.function.Function<T, Set<String>> dependencies,
            java.util.function.Function<T, String> name,
            String wanted) {
        return all.stream()
                .filter(each -> dependencies.apply(each).contains(wanted))
                .map(name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> union(Set<String> some, Collection<String> more) {
        Set<String> all = new TreeSet<>(some);
        all.addAll(more);
        return all;
    }
}
