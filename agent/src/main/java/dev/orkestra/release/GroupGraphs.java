package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.DeclaredCharts;
import dev.orkestra.group.ReleaseGraph;
import dev.orkestra.group.StagedCharts;
import java.util.Optional;
import java.util.Set;

/**
 * The graphs of a group in the cluster, as the controller would make them now. Where a chart was not staged yet, its
 * application has the subcharts that the spec declares.
 *
 * @param objects what they are made of
 * @param forward what installs the spec, and removes what it does not name any more
 * @param guessed applications whose charts are not staged and may hold more
 */
public record GroupGraphs(GroupObjects objects, ReleaseGraph forward, Set<String> guessed) {
    public static GroupGraphs of(GroupObjects objects) {
        DeclaredCharts charts = DeclaredCharts.complete(objects.model(), objects.staged());
        ReleaseGraph wanted = ReleaseGraph.forward(objects.model(), charts.charts());
        ReleaseGraph unwanted = InstalledReleases.graph(objects.releases()).minus(wanted);
        return new GroupGraphs(
                objects, wanted.withRemoved(unwanted.reverse(), ReleaseGraph.RemovalOrder.LAST), charts.guessed());
    }

    /** What takes everything away. */
    public ReleaseGraph reverse() {
        return current().reverse();
    }

    /** What leads back to the last spec that succeeded; empty when none is remembered. */
    public Optional<ReleaseGraph> rollback() {
        Optional<JsonNode> spec = GroupPass.json(objects.annotation(GroupNames.LAST_SUCCESSFUL));
        return spec.map(json -> {
            ApplicationGroup last = ApplicationGroup.of(objects.model().name(), json);
            StagedCharts charts = GroupPass.json(objects.annotation(GroupNames.LAST_SUCCESSFUL_CHARTS))
                    .map(StagedCharts::of)
                    .orElse(StagedCharts.NONE);
            ReleaseGraph wanted = ReleaseGraph.forward(
                    last, DeclaredCharts.complete(last, charts).charts());
            return ReleaseGraph.rollback(current(), wanted);
        });
    }

    /** The graph that a Workflow of {@code type} carries out. */
    ReleaseGraph of(WorkflowType type) {
        return switch (type) {
            case FORWARD -> forward;
            case REVERSE -> reverse();
            case ROLLBACK -> rollback().orElse(forward);
        };
    }

    private ReleaseGraph current() {
        DeclaredCharts charts = DeclaredCharts.complete(objects.model(), objects.staged());
        ReleaseGraph wanted = ReleaseGraph.forward(objects.model(), charts.charts());
        return wanted.plus(InstalledReleases.graph(objects.releases()).minus(wanted));
    }
}
