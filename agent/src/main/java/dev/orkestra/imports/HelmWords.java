package dev.orkestra.imports;

import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** Turns what Helm prints on its standard error into a finding. Pure. */
final class HelmWords {
    private static final int MAX_LENGTH = 700;
    private static final String ERROR = "Error: ";
    private static final String SCHEMA = "values don't meet the specifications of the schema(s)";
    private static final String MISSING = "missing in charts/ directory: ";

    private HelmWords() {}

    /**
     * @param standardError as Helm printed it
     * @param folder the folder that the chart was put into, which is nobody's business
     */
    static Provided.Unreadable unreadable(String standardError, String folder) {
        List<String> lines = error(standardError.replace(folder + "/", "").replace(folder, "the chart"));
        String text = String.join(" ", lines);
        if (text.contains(SCHEMA)) {
            return failed(
                    "the values don't fit the chart's values.schema.json: " + violations(lines),
                    "change values or the value files of this import");
        }
        if (text.contains(MISSING)) {
            return failed(
                    "the chart needs charts that are not in its charts/ folder: "
                            + text.substring(text.indexOf(MISSING) + MISSING.length()),
                    "put them there with 'helm dependency build'; rendering fetches nothing");
        }
        return failed(
                "Helm cannot render the chart: " + (text.isEmpty() ? "it says nothing" : text),
                "mend the chart, or the values that it is given");
    }

    /** Helm's error without its warnings and advice; all it says when there is none. */
    private static List<String> error(String standardError) {
        List<String> lines = new ArrayList<>(standardError
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("Use --debug"))
                .toList());
        int start = 0;
        while (start < lines.size() && !lines.get(start).startsWith(ERROR)) {
            start++;
        }
        if (start == lines.size()) {
            return lines;
        }
        lines.set(start, lines.get(start).substring(ERROR.length()));
        return lines.subList(start, lines.size());
    }

    /** A line {@code chart:} goes before those of its violations, which begin with a dash. */
    private static String violations(List<String> lines) {
        StringBuilder text = new StringBuilder();
        boolean first = true;
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            boolean chart = line.endsWith(":") && !line.startsWith("- ");
            text.append(text.isEmpty() ? "" : first ? " " : "; ")
                    .append(line.startsWith("- ") ? line.substring(2) : line);
            first = chart;
        }
        return text.toString();
    }

    /** Nested templates make long chains; their two ends say where it began and what went wrong. */
    private static Provided.Unreadable failed(String message, String hint) {
        int half = MAX_LENGTH / 2;
        String bounded = message.length() <= MAX_LENGTH
                ? message
                : message.substring(0, half) + " … " + message.substring(message.length() - half);
        return new Provided.Unreadable(ErrorCode.RenderFailed, bounded, hint);
    }
}
