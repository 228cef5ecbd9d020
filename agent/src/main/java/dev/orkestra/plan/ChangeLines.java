package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.plan.Line.Colour;
import java.util.ArrayList;
import java.util.List;

/** The lines of one field that differs. */
final class ChangeLines {
    /** Values longer than this are cut; the file is named beside them. */
    private static final int MAX_VALUE = 100;

    /** So much is shown of what stands before a difference. */
    private static final int BEFORE = 30;

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
                int same = commonStart(whole(before), whole(after));
                String values = before.equals(after)
                        ? value(after) + " (differs)"
                        : cut(whole(before), same) + " -> " + cut(whole(after), same);
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
        List<String> goes = old.subList(start, old.size() - end);
        List<String> comes = now.subList(start, now.size() - end);
        block(Colour.RED, "          - ", goes, comes);
        block(Colour.GREEN, "          + ", comes, goes);
    }

    /** @param others the lines of the other block: those at the same place are likely the same but for a part */
    private void block(Colour colour, String glyph, List<String> shown, List<String> others) {
        for (int i = 0; i < Math.min(shown.size(), MAX_LINES); i++) {
            int same = i < others.size() ? commonStart(shown.get(i), others.get(i)) : 0;
            lines.add(new Line(colour, glyph + cut(shown.get(i), same)));
        }
        if (shown.size() > MAX_LINES) {
            lines.add(new Line(Colour.DIM, glyph + "… " + (shown.size() - MAX_LINES) + " more lines"));
        }
    }

    private static String value(JsonNode value) {
        return cut(whole(value), 0);
    }

    private static String whole(JsonNode value) {
        return value.isTextual() && value.textValue().equals("***") ? "***" : value.toString();
    }

    private static int commonStart(String one, String other) {
        int length = Math.min(one.length(), other.length());
        int same = 0;
        while (same < length && one.charAt(same) == other.charAt(same)) {
            same++;
        }
        return same;
    }

    /**
     * At most {@link #MAX_VALUE} of {@code value}, and never half a character of it.
     *
     * @param shown what stands here is among it
     */
    private static String cut(String value, int shown) {
        if (value.length() <= MAX_VALUE) {
            return value;
        }
        // A little of what is before tells where it is.
        int start = shown < MAX_VALUE - BEFORE ? 0 : Math.min(shown - BEFORE, value.length() - MAX_VALUE + 1);
        start += start > 0 && Character.isLowSurrogate(value.charAt(start)) ? 1 : 0;
        int most = start + MAX_VALUE - 1;
        int end = most >= value.length() ? value.length() : most - (start > 0 ? 1 : 0);
        end -= end < value.length() && Character.isHighSurrogate(value.charAt(end - 1)) ? 1 : 0;
        return (start > 0 ? "…" : "") + value.substring(start, end) + (end < value.length() ? "…" : "");
    }
}
