package dev.orkestra.plan;

import dev.orkestra.plan.Line.Colour;
import java.util.ArrayList;
import java.util.List;

/**
 * A plan as people read it on a terminal: waves as headings, one line for each object that changes, under it its fields
 * with the line in Git that writes them, then drift, what is pruned, points of no return, the sum and what to do next.
 */
public final class PlanText {
    private PlanText() {}

    /** The text of {@code plan}, with a line feed at the end. */
    public static String render(Plan plan, PlanHeader header, boolean colours) {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(Colour.BOLD, "Plan for " + header.configRepo()));
        lines.add(new Line(Colour.NONE, "  source     " + header.source()));
        lines.add(new Line(Colour.NONE, "  commit     " + commits(plan, header)));
        if (!header.signature().isEmpty()) {
            lines.add(new Line(Colour.NONE, "  signature  " + header.signature()));
        }
        lines.add(new Line(Colour.NONE, "  content    " + plan.desiredDigest()));
        for (PlanSections.Section section : PlanSections.of(plan)) {
            lines.add(new Line(Colour.NONE, ""));
            lines.add(new Line(Colour.BOLD, section.title()));
            lines.addAll(section.lines());
        }
        lines.add(new Line(Colour.NONE, ""));
        lines.add(new Line(Colour.BOLD, PlanSections.sum(plan)));
        if (!plan.hash().isEmpty()) {
            lines.add(new Line(Colour.DIM, "Hash: " + plan.hash()));
        }
        header.next().forEach(next -> lines.add(new Line(Colour.NONE, next)));
        StringBuilder text = new StringBuilder();
        lines.forEach(
                line -> text.append(colours ? line.coloured() : line.text()).append('\n'));
        return text.toString();
    }

    static String commits(Plan plan, PlanHeader header) {
        return header.base().isEmpty() ? plan.commit() : header.base() + " -> " + plan.commit();
    }
}
