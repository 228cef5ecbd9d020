package dev.orkestra.release;

import dev.orkestra.report.Columns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Many groups, a line for each. */
public final class GroupTable {
    private static final List<String> HEADINGS = List.of("NAME", "READY", "REASON", "RELEASES", "AGE");

    private GroupTable() {}

    /** The lines of the table, none wider than {@code width}: the names give way first. */
    public static List<String> lines(List<GroupView> views, Instant now, int width, boolean colours) {
        if (views.isEmpty()) {
            return List.of("there are no ApplicationGroups");
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        views.forEach(view -> rows.add(row(view, now)));
        int[] widths = new int[HEADINGS.size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Columns.width(row.get(i)));
            }
        });
        int others = 2 * (widths.length - 1);
        for (int i = 1; i < widths.length; i++) {
            others += widths[i];
        }
        widths[0] = Math.max(8, Math.min(widths[0], width - others));
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            List<String> cells = new ArrayList<>();
            for (int j = 0; j < widths.length; j++) {
                cells.add(Columns.pad(rows.get(i).get(j), widths[j]));
            }
            String line = String.join("  ", cells).stripTrailing();
            lines.add(colours && i > 0 ? "\u001B[" + colour(views.get(i - 1)) + "m" + line + "\u001B[0m" : line);
        }
        return lines;
    }

    private static List<String> row(GroupView view, Instant now) {
        GroupView.Ready ready = view.ready();
        return List.of(
                view.name(),
                ready.current() ? ready.status() : "Unknown",
                ready.current() ? ready.reason() : "not looked at yet",
                view.progress() + (view.removesAll() ? " removed" : ""),
                Elapsed.since(view.created(), now).orElse("unknown"));
    }

    private static String colour(GroupView view) {
        return switch (view.verdict()) {
            case READY -> "32";
            case FAILED -> "31";
            case WORKING -> "33";
        };
    }
}
