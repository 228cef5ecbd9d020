package dev.orkestra.report;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import java.util.List;

/** The XML that CI servers know from JUnit: a suite for each file, a case for each finding. */
public final class JunitReport {
    private JunitReport() {}

    /** The document. */
    public static String render(CheckResults results) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.append("<testsuites name=\"ork validate\"")
                .append(counts(results.files()))
                .append(">\n");
        results.files().forEach(file -> suite(xml, file));
        return xml.append("</testsuites>\n").toString();
    }

    private static String counts(List<CheckedFile> files) {
        long cases = files.stream()
                .mapToLong(file -> Math.max(1, file.findings().size()))
                .sum();
        long failures = files.stream()
                .mapToLong(file -> Count.of(file.findings(), Severity.ERROR))
                .sum();
        long unreadable = files.stream().filter(file -> !file.isRead()).count();
        return " tests=\"" + cases + "\" failures=\"" + failures + "\" errors=\"" + unreadable
                + "\" skipped=\"0\" time=\"0\"";
    }

    private static void suite(StringBuilder xml, CheckedFile file) {
        xml.append("  <testsuite")
                .append(attribute("name", file.name()))
                .append(counts(List.of(file)))
                .append(">\n");
        if (!file.isRead()) {
            begin(xml, file, "can be read", Position.startOf(file.name()));
            xml.append(">\n      <error")
                    .append(attribute("message", OneLine.of(file.problem())))
                    .append(attribute("type", "Unreadable"))
                    .append("/>\n    </testcase>\n");
        } else if (file.findings().isEmpty()) {
            begin(xml, file, "ok: " + file.summary(), Position.startOf(file.name()));
            xml.append("/>\n");
        }
        file.findings().forEach(finding -> testCase(xml, file, finding));
        xml.append("  </testsuite>\n");
    }

    private static void testCase(StringBuilder xml, CheckedFile file, Diagnostic finding) {
        Position position = finding.at().orElse(Position.startOf(file.name()));
        begin(xml, file, finding.id() + " at " + position, position);
        StringBuilder text = new StringBuilder(finding.line());
        finding.importedBy().forEach(place -> text.append("\nimported by ").append(place));
        if (finding.severity() == Severity.ERROR) {
            xml.append(">\n      <failure")
                    .append(attribute("message", OneLine.of(finding.message())))
                    .append(attribute("type", finding.id()))
                    .append('>')
                    .append(escaped(text.toString(), false))
                    .append("</failure>\n");
        } else {
            xml.append(">\n      <system-out>")
                    .append(escaped(text.toString(), false))
                    .append("</system-out>\n");
        }
        xml.append("    </testcase>\n");
    }

    private static void begin(StringBuilder xml, CheckedFile file, String name, Position position) {
        xml.append("    <testcase")
                .append(attribute("classname", file.name()))
                .append(attribute("name", OneLine.of(name)))
                .append(attribute("file", position.file()))
                .append(" line=\"")
                .append(position.line())
                .append("\" time=\"0\"");
    }

    private static String attribute(String name, String value) {
        return " " + name + "=\"" + escaped(value, true) + "\"";
    }

    private static String escaped(String text, boolean isAttribute) {
        StringBuilder xml = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> xml.append("&amp;");
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '"' -> xml.append("&quot;");
                // A parser makes blanks of these in an attribute, and a line feed of a CR anywhere.
                case '\r' -> xml.append("&#13;");
                case '\n', '\t' -> xml.append(isAttribute ? "&#" + c + ";" : Character.toString(c));
                default -> xml.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
            }
        });
        return xml.toString();
    }

    /** Whether XML 1.0 may hold this character, even as a reference. */
    private static boolean isAllowed(int c) {
        return c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000;
    }
}
