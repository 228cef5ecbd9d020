package dev.orkestra.explain;

import dev.orkestra.outcome.OneLine;
import dev.orkestra.report.Columns;
import dev.orkestra.run.Commands;
import dev.orkestra.run.Ledger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** A history as a table for people. */
public final class HistoryText {
    private static final List<String> HEADINGS =
            List.of("RUN", "COMMIT", "TRIGGER", "BEGAN", "TOOK", "PHASE", "VERDICT", "ASKED BY", "WHY");

    private HistoryText() {}

    /** @param width of the terminal; {@link Integer#MAX_VALUE}: as long as it takes */
    public static List<String> lines(String namespace, String name, RunHistory history, Instant now, int width) {
        List<String> lines = new ArrayList<>(table(history, now, width));
        history.pinned().ifPresent(pin -> lines.add(pin.words() + "; to go on: " + Commands.resume(namespace, name)));
        if (history.onHold()) {
            lines.add("on hold: " + Ledger.ON_HOLD + "; to go on: " + Commands.resume(namespace, name));
        }
        return lines;
    }

    private static List<String> table(RunHistory history, Instant now, int width) {
        if (history.runs().isEmpty()) {
            return List.of("nothing has run yet");
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        history.runs().forEach(run -> rows.add(row(run, now)));
        int[] widths = new int[HEADINGS.size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Columns.width(OneLine.of(row.get(i))));
            }
        });
        return rows.stream().map(row -> line(row, widths, width)).toList();
    }

    private static String line(List<String> row, int[] widths, int width) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            cells.add(Columns.pad(row.get(i), widths[i]));
        }
        return Columns.cut(String.join("  ", cells).stripTrailing(), width);
    }

    private static List<String> row(RunHistory.Ran run, Instant now) {
        return List.of(
                Long.toString(run.run()),
                Explainer.shortId(run.commit()),
                run.trigger(),
                run.began()
                        .map(began -> began.truncatedTo(ChronoUnit.SECONDS).toString())
                        .orElse(""),
                run.took(now)
                        .map(took -> Explainer.words(took) + (run.ended().isEmpty() ? " so far" : ""))
                        .orElse(""),
                run.phase(),
                run.verdict(),
                run.requestedBy(),
                run.why());
    }
}
