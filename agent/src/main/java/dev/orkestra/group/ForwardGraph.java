package dev.orkestra.group;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.group.ApplicationGroup.Application;
import dev.orkestra.group.ApplicationGroup.Executor;
import dev.orkestra.group.ApplicationGroup.Subchart;
import dev.orkestra.group.ReleaseGraph.Action;
import dev.orkestra.group.ReleaseGraph.Step;
import dev.orkestra.group.ReleaseGraph.Task;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Builds the graph that installs a group. */
final class ForwardGraph {
    private ForwardGraph() {}

    static ReleaseGraph of(ApplicationGroup group, StagedCharts staged) {
        Map<String, ReleaseGraph.Application> applications = new TreeMap<>();
        for (Application application : group.applications()) {
            StagedCharts.Application charts = staged.applications().get(application.name());
            if (charts != null) {
                applications.put(
                        application.name(),
                        new ReleaseGraph.Application(
                                application.name(),
                                Set.copyOf(application.dependencies()),
                                tasks(application, charts)));
            }
        }
        return new ReleaseGraph(applications);
    }

    private static Map<String, Task> tasks(Application application, StagedCharts.Application charts) {
        Map<String, Task> tasks = new TreeMap<>();
        Map<String, Step> steps = steps(application.workflow());
        charts.subcharts().forEach((subchart, chart) -> {
            ObjectNode values = ValueSplit.ofSubchart(application.release().values(), subchart);
            PlannedRelease release = new PlannedRelease(
                    application.name(),
                    subchart,
                    Naming.subchart(application.name(), subchart),
                    chart.version(),
                    chart.digest(),
                    application.release(),
                    values,
                    valuesFrom(application, subchart));
            String name = taskName(application.name(), subchart);
            tasks.put(name, new Task(name, release, dependencies(application, subchart, charts), steps));
        });
        // The chart itself comes last: it may need what its subcharts bring.
        Set<String> all = new TreeSet<>(tasks.keySet());
        PlannedRelease release = new PlannedRelease(
                application.name(),
                "",
                application.chart().name(),
                charts.chart().version(),
                charts.chart().digest(),
                application.release(),
                ValueSplit.ofParent(
                        application.release().values(), charts.subcharts().keySet()),
                valuesFrom(application, ""));
        String name = taskName(application.name(), application.name());
        tasks.put(name, new Task(name, release, all, steps));
        return tasks;
    }

    private static List<ApplicationGroup.ValuesFrom> valuesFrom(Application application, String subchart) {
        return application.release().valuesFrom().stream()
                .filter(each -> each.subchart().equals(subchart))
                .toList();
    }

    static String taskName(String application, String part) {
        return application + "-" + part;
    }

    /** An embedded chart that the spec does not name has no dependencies. */
    private static Set<String> dependencies(Application application, String subchart, StagedCharts.Application charts) {
        Set<String> dependencies = new TreeSet<>();
        for (Subchart declared : application.subcharts()) {
            if (declared.name().equals(subchart)) {
                declared.dependencies().stream()
                        .filter(charts.subcharts()::containsKey)
                        .forEach(each -> dependencies.add(taskName(application.name(), each)));
            }
        }
        return dependencies;
    }

    private static Map<String, Step> steps(List<Executor> workflow) {
        List<Executor> executors = workflow.isEmpty() ? List.of(Executor.STANDARD) : workflow;
        Map<String, Step> steps = new TreeMap<>();
        for (Executor each : executors) {
            steps.put(each.name(), new Step(each.name(), each, Action.INSTALL, Set.copyOf(each.dependencies())));
        }
        return steps;
    }
}
