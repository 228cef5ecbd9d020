package dev.orkestra.report;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;

/**
 * Workflow commands, of which GitHub makes annotations in the log and on the lines of a pull request; Gitea shows them
 * in the log.
 */
public final class GithubReport {
    private GithubReport() {}

    /** One command a finding, and the summary as a plain line. */
    public static String render(CheckResults results) {
        StringBuilder text = new StringBuilder();
        for (CheckedFile file : results.files()) {
            if (!file.isRead()) {
                text.append("::error file=")
                        .append(property(results.places().fromRoot(file.name())))
                        .append(",title=cannot be read::")
                        .append(data(OneLine.of(file.name() + ": " + file.problem())))
                        .append('\n');
            }
            file.findings().forEach(finding -> append(text, results.places(), file, finding));
        }
        return text.append(results.summary()).append('\n').toString();
    }

    private static void append(StringBuilder text, SourceRoot places, CheckedFile file, Diagnostic finding) {
        Position position = finding.at().orElse(Position.startOf(file.name()));
        text.append("::")
                .append(command(finding.severity()))
                .append(" file=")
                .append(property(places.fromRoot(position.file())))
                .append(",line=")
                .append(position.line())
                .append(",col=")
                .append(position.column())
                .append(",title=")
                .append(property(finding.id()))
                .append("::")
                .append(data(Words.text(finding)));
        finding.importedBy().forEach(place -> text.append("%0A").append(data("imported by " + place)));
        text.append('\n');
    }

    private static String command(Severity severity) {
        return switch (severity) {
            case ERROR -> "error";
            case WARNING -> "warning";
            case INFO -> "notice";
        };
    }

    /** As the runner's own toolkit escapes. */
    private static String data(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }
}
