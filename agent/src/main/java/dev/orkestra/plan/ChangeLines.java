package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.plan.Line.Colour;
import java.util.ArrayList;
import java.util.List;

/** The lines of one field that differs. */
final class ChangeLines {
    /** Values longer than this are cut; the file is named beside them. */
    private static final int MAX_VALUE = 100;

    /** Lines of a text that are shown of what goes and of what comes, each. */
    private static final int MAX_LINES = 10;

    private final List<Line> lines = new ArrayList<>();

    private ChangeLines() {}

    static List<Line> of(FieldChange change) {
        ChangeLines made = new ChangeLines();
        made.change(change);
        return made.lines;
    }

    private void change(FieldChange change) {
        JsonNode before = change.before();
        JsonNode after = change.after();
        String path = change.path().toString();
        if (before == null && after != null) {
            lines.add(Line.at(Colour.GREEN, "      + " + path + ": " + value(after), change.origin()));
        } else if (before != null && after == null) {
            lines.add(new Line(Colour.RED, "      - " + path + ": " + value(before)));
        } else if (before != null && after != null) {
            if (isLongText(before) || isLongText(after)) {
                lines.add(Line.at(Colour.YELLOW, "      ~ " + path + ":", change.origin()));
                texts(before.asText(), after.asText());
            } else {
                String values =
                        before.equals(after) ? value(after) + " (differs)" : value(before) + " -> " + value(after);
                lines.add(Line.at(Colour.YELLOW, "      ~ " + path + ": " + values, change.origin()));
            }
        }
        if (!change.changedBy().isEmpty()) {
            lines.add(new Line(Colour.DIM, "          the old value is written by " + change.changedBy()));
        }
    }

    private static boolean isLongText(JsonNode value) {
        return value.isTextual() && value.textValue().strip().contains("\n");
    }

    /** The lines between the first and the last that differ. */
    private void texts(String before, String after) {
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

    private void block(Colour colour, String glyph, List<String> shown) {
        shown.stream().limit(MAX_LINES).forEach(each -> lines.add(new Line(colour, glyph + cut(each))));
        if (shown.size() > MAX_LINES) {
            lines.add(new Line(Colour.DIM, glyph + "… " + (shown.size() - MAX_LINES) + " more lines"));
        }
    }

    private static String value(JsonNode value) {
        return value.isTextual() && value.textValue().equals("***") ? "***" : cut(value.toString());
    }

    /** Never between the two halves of a character. */
    private static String cut(String value) {
        if (value.length() <= MAX_VALUE) {
            return value;
        }
        int end = MAX_VALUE - 1;
        return value.substring(0, Character.isHighSurrogate(value.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
