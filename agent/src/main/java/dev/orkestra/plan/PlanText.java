package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.desired.Wave;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plan as people read it: waves as headings, one line for each object that changes, under it its fields with the line
 * in Git that writes them, then what is pruned, then the sum.
 */
public final class PlanText {
    /** Values longer than this are cut; the file is named beside them. */
    private static final int MAX_VALUE = 100;

    /** Lines of a text that are shown of what goes and of what comes, each. */
    private static final int MAX_LINES = 10;

    private static final int ORIGIN_COLUMN = 64;

    private final StringBuilder text = new StringBuilder();
    private final boolean colours;

    private PlanText(boolean colours) {
        this.colours = colours;
    }

    /** The text of {@code plan}, with a line feed at the end. */
    public static String render(Plan plan, PlanHeader header, boolean colours) {
        PlanText out = new PlanText(colours);
        out.header(plan, header);
        for (Wave wave : plan.steps().stream().map(PlanStep::wave).distinct().toList()) {
            out.wave(
                    wave,
                    plan.steps().stream()
                            .filter(step -> step.wave().equals(wave))
                            .toList());
        }
        out.prune(plan);
        out.summary(plan);
        return out.text.toString();
    }

    private void header(Plan plan, PlanHeader header) {
        line(Colour.BOLD, "Plan for " + header.configRepo());
        line(Colour.NONE, "  source   " + header.source());
        line(Colour.NONE, "  commit   " + plan.commit());
        line(Colour.NONE, "  content  " + plan.desiredDigest());
    }

    private void wave(Wave wave, List<PlanStep> steps) {
        blank();
        line(Colour.BOLD, "Wave " + wave);
        long unchanged =
                steps.stream().filter(step -> step.action() == Action.UNCHANGED).count();
        steps.stream().filter(step -> step.action() != Action.UNCHANGED).forEach(this::step);
        if (unchanged > 0) {
            line(Colour.DIM, "  = " + unchanged + " unchanged");
        }
    }

    private void step(PlanStep step) {
        switch (step.action()) {
            case CREATE -> line(Colour.GREEN, withOrigin("  + " + step.key(), step.origin()));
            case REPLACE -> line(Colour.RED, withOrigin("  -/+ " + step.key(), step.origin()));
            case UPDATE -> line(Colour.YELLOW, withOrigin("  ~ " + step.key(), step.origin()));
            case DEFERRED -> line(Colour.BLUE, withOrigin("  > " + step.key(), step.origin()));
            case REFUSED -> line(Colour.RED, withOrigin("  ! " + step.key(), step.origin()));
            case UNCHANGED -> line(Colour.DIM, withOrigin("  = " + step.key(), step.origin()));
        }
        if (!step.note().isEmpty()) {
            line(Colour.DIM, "      " + step.note());
        }
        Diagnostic refusal = step.refusal();
        if (refusal != null) {
            line(Colour.RED, "      " + refusal.code() + ": " + refusal.message());
            if (!refusal.hint().isEmpty()) {
                line(Colour.NONE, "      " + refusal.hint());
            }
        }
        step.changes().forEach(this::change);
    }

    private void change(FieldChange change) {
        JsonNode before = change.before();
        JsonNode after = change.after();
        String path = change.path().toString();
        if (before == null && after != null) {
            line(Colour.GREEN, withOrigin("      + " + path + ": " + value(after), change.origin()));
        } else if (before != null && after == null) {
            line(Colour.RED, "      - " + path + ": " + value(before));
        } else if (before != null && after != null) {
            if (isLongText(before) || isLongText(after)) {
                line(Colour.YELLOW, withOrigin("      ~ " + path + ":", change.origin()));
                lines(before.asText(), after.asText());
            } else {
                String values =
                        before.equals(after) ? value(after) + " (differs)" : value(before) + " -> " + value(after);
                line(Colour.YELLOW, withOrigin("      ~ " + path + ": " + values, change.origin()));
            }
        }
    }

    private static boolean isLongText(JsonNode value) {
        return value.isTextual() && value.textValue().strip().contains("\n");
    }

    /** The lines between the first and the last that differ. */
    private void lines(String before, String after) {
        List<String> old = before.lines().toList();
        List<String> now = after.lines().toList();
        int start = 0;
        while (start < Math.min(old.size(), now.size()) && old.get(start).equals(now.get(start))) {
            start++;
        }
        int end = 0;
        while (end < Math.min(old.size(), now.size()) - start
                && old.get(old.size() - 1 - end).equals(now.get(now.size() - 1 - end))) {
            end++;
        }
        block(Colour.RED, "          - ", old.subList(start, old.size() - end));
        block(Colour.GREEN, "          + ", now.subList(start, now.size() - end));
    }

    private void block(Colour colour, String glyph, List<String> lines) {
        lines.stream().limit(MAX_LINES).forEach(each -> line(colour, glyph + cut(each)));
        if (lines.size() > MAX_LINES) {
            line(Colour.DIM, glyph + "… " + (lines.size() - MAX_LINES) + " more lines");
        }
    }

    private void prune(Plan plan) {}

    private void summary(Plan plan) {
        List<String> parts = new ArrayList<>();
        parts.add(plan.count(Action.CREATE) + " to create");
        parts.add(plan.count(Action.UPDATE) + " to change");
        parts.add(plan.prune().deleted() + " to prune");
        if (plan.count(Action.DEFERRED) > 0) {
            parts.add(plan.count(Action.DEFERRED) + " known later");
        }
        if (plan.count(Action.REFUSED) > 0) {
            parts.add(plan.count(Action.REFUSED) + " refused");
        }
        parts.add(plan.count(Action.UNCHANGED) + " unchanged");
        blank();
        line(Colour.BOLD, "Plan: " + String.join(", ", parts));
        line(Colour.DIM, "Hash: " + plan.hash());
    }

    private static String value(JsonNode value) {
        return value.isTextual() && value.textValue().equals("***") ? "***" : cut(value.toString());
    }

    private static String cut(String value) {
        return value.length() <= MAX_VALUE ? value : value.substring(0, MAX_VALUE - 1) + "…";
    }

    private static String withOrigin(String left, @Nullable Position origin) {
        return origin == null ? left : left + " ".repeat(Math.max(2, ORIGIN_COLUMN - left.length())) + origin;
    }

    private void blank() {
        text.append('\n');
    }

    private void line(Colour colour, String content) {
        String clean = printable(content);
        if (colours && colour != Colour.NONE) {
            text.append("\u001b[").append(colour.code).append('m').append(clean).append("\u001b[0m\n");
        } else {
            text.append(clean).append('\n');
        }
    }

    /** Names and values come from Git and from the cluster; none of them may steer the terminal. */
    private static String printable(String content) {
        StringBuilder clean = new StringBuilder(content.length());
        content.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '\ufffd' : c)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private enum Colour {
        NONE(""),
        BOLD("1"),
        DIM("2"),
        RED("31"),
        GREEN("32"),
        YELLOW("33"),
        BLUE("34");

        private final String code;

        Colour(String code) {
            this.code = code;
        }
    }
}
