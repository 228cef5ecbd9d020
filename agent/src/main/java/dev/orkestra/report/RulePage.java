package dev.orkestra.report;

import dev.orkestra.rules.RuleInfo;

/** What people read about a rule, without examples. */
public final class RulePage {
    /** Pages are read in terminals as well. */
    private static final int WIDTH = 110;

    private RulePage() {}

    /** As plain text. */
    public static String text(RuleInfo rule) {
        return rule.why() + "\n\n" + rule.origin() + ".\n\n" + settings(rule).replace("`", "'");
    }

    /** As Markdown, with the id as its heading. */
    public static String markdown(RuleInfo rule) {
        return "# " + rule.id() + "\n" + severity(rule) + ": " + rule.summary() + ".\n\n" + wrapped(rule.why()) + "\n\n"
                + rule.origin() + ".\n\n" + settings(rule);
    }

    private static String wrapped(String paragraph) {
        StringBuilder lines = new StringBuilder();
        int column = 0;
        for (String word : paragraph.split(" ", -1)) {
            if (column > 0 && column + 1 + word.length() > WIDTH) {
                lines.append('\n');
                column = 0;
            }
            lines.append(column == 0 ? "" : " ").append(word);
            column += word.length() + (column == 0 ? 0 : 1);
        }
        return lines.toString();
    }

    private static String severity(RuleInfo rule) {
        return switch (rule.severity()) {
            case ERROR -> rule.settable() == RuleInfo.Settable.UNLESS_ERROR ? "Error or less" : "Error";
            case WARNING -> "Warning";
            case INFO -> "Note";
        };
    }

    private static String settings(RuleInfo rule) {
        return switch (rule.settable()) {
            case ALL ->
                "It is taken less or more seriously with `" + rule.id()
                        + ": ignore`, `info`, `warning` or `error` under `rules` in `orkestra-rules.yaml`.";
            case UNLESS_ERROR ->
                "As an error it stays one. What comes as less is set with `" + rule.id()
                        + ": ignore`, `info`, `warning` or `error` under `rules` in `orkestra-rules.yaml`.";
            case NONE -> "No settings change it: with it there is nothing that could be deployed.";
        };
    }
}
