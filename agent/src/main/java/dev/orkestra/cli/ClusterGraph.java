package dev.orkestra.cli;

import dev.orkestra.group.GroupPicture;
import dev.orkestra.group.GroupRules;
import dev.orkestra.group.ReleaseGraph;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Severity;
import dev.orkestra.release.GroupGraphs;
import dev.orkestra.release.GroupObjects;
import dev.orkestra.release.GroupView;
import dev.orkestra.release.GroupViews;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The graph of a group in the cluster, with what is staged and how its releases stand. */
final class ClusterGraph {
    private final GroupReader reader;

    ClusterGraph(GroupReader reader) {
        this.reader = reader;
    }

    /** @throws GraphCommand.NoPicture when there is no such group, or nothing to go back to */
    GraphCommand.Drawn draw(String name, GraphCommand.Direction direction, boolean states) {
        GroupObjects objects = reader.read(name)
                .orElseThrow(() -> new GraphCommand.NoPicture("there is no ApplicationGroup " + name
                        + "; 'ork status' lists those that there are, and -f FILE draws one that is in a file"));
        GroupGraphs graphs = GroupGraphs.of(objects);
        ReleaseGraph graph = switch (direction) {
            case forward -> graphs.forward();
            case reverse -> graphs.reverse();
            case rollback ->
                graphs.rollback()
                        .orElseThrow(() -> new GraphCommand.NoPicture("no spec of " + name
                                + " has succeeded yet, so there is nothing to go back to; should it fail, all of it is"
                                + " taken away: --direction reverse"));
        };
        List<String> notes = new ArrayList<>(reader.notes());
        if (!graphs.guessed().isEmpty()) {
            notes.add("not staged yet, so subcharts are those that are declared: "
                    + graphs.guessed().stream().sorted().collect(Collectors.joining(", ")));
        }
        List<Diagnostic> errors = GroupRules.check(objects.group()).stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
        Map<String, GroupPicture.Mark> marks = states ? marks(GroupViews.of(objects)) : Map.of();
        return new GraphCommand.Drawn(GroupPicture.of(name, direction.name(), graph, marks, notes), errors, Map.of());
    }

    private static Map<String, GroupPicture.Mark> marks(GroupView view) {
        Map<String, GroupPicture.Mark> marks = new HashMap<>();
        view.releases()
                .forEach(release -> marks.put(
                        release.key(),
                        new GroupPicture.Mark(
                                tone(release.state()), release.state().word())));
        return marks;
    }

    private static GroupPicture.Tone tone(GroupView.State state) {
        return switch (state) {
            case READY -> GroupPicture.Tone.GOOD;
            case RUNNING, REMOVING -> GroupPicture.Tone.BUSY;
            case WAITING -> GroupPicture.Tone.WAITING;
            case FAILED, MISSING -> GroupPicture.Tone.BAD;
            case SKIPPED, REMOVED -> GroupPicture.Tone.GONE;
        };
    }
}
