package dev.orkestra.plan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A plan as a comment on a pull request. Whatever comes from Git or from the cluster stands in code, behind a fence that
 * is longer than any in it: it can neither break out, nor mention anybody, nor link anywhere.
 */
public final class PlanMarkdown {
    /** GitHub takes 65,536 characters, GitLab and Gitea more. */
    public static final int MAX_BYTES = 60_000;

    /** What is left for headings, the sum and what to do next, whatever the waves take. */
    private static final int RESERVE = 6_000;

    /** So much of it is for headings of parts that themselves are left out. */
    private static final int HEADINGS = 3_000;

    private PlanMarkdown() {}

    /** The text of {@code plan}: at most {@code maxBytes} in UTF-8, as long as that is not less than 8,000. */
    public static String render(Plan plan, PlanHeader header, int maxBytes) {
        StringBuilder text = new StringBuilder();
        text.append("### Plan for ").append(code(header.configRepo())).append("\n\n");
        text.append(code(PlanText.commits(plan, header))).append("  \n");
        text.append("from ").append(code(header.source())).append("\n\n");
        if (!header.signature().isEmpty()) {
            text.append("Signature: ").append(code(header.signature())).append("\n\n");
        }
        text.append("**").append(PlanSections.sum(plan)).append("**\n\n");
        int left = maxBytes - RESERVE - bytes(text.toString());
        List<PlanSections.Section> sections = PlanSections.of(plan);
        for (int i = 0; i < sections.size(); i++) {
            String part = section(sections.get(i), left);
            left -= bytes(part);
            if (left < -HEADINGS) {
                text.append(leftOut(plan, sections.size() - i));
                break;
            }
            text.append(part);
        }
        if (!plan.hash().isEmpty()) {
            text.append("Hash: ").append(code(plan.hash())).append("\n\n");
        }
        if (!header.next().isEmpty()) {
            text.append(fenced(
                    header.next().stream()
                            .map(line -> new Line(Line.Colour.NONE, line).text())
                            .toList(),
                    "text"));
        }
        return text.toString();
    }

    /** In the place of parts for which not even their headings leave room. */
    private static String leftOut(Plan plan, int parts) {
        return "… " + parts + (parts == 1 ? " more part" : " more parts")
                + (plan.passesPointOfNoReturn() ? ", points of no return among them" : "")
                + "; `ork plan` shows all\n\n";
    }

    private static String section(PlanSections.Section section, int left) {
        List<String> lines = new ArrayList<>();
        int used = 0;
        for (Line line : section.lines()) {
            String shown = line.text().startsWith("  ") ? line.text().substring(2) : line.text();
            used += bytes(shown) + 1;
            if (used > left) {
                lines.add("… " + (section.lines().size() - lines.size()) + " more lines; 'ork plan' shows all");
                break;
            }
            lines.add(shown);
        }
        String open = section.changes() > 0 ? " open" : "";
        return "<details" + open + "><summary>" + html(section.title()) + changes(section) + "</summary>\n\n"
                + fenced(lines, "diff") + "</details>\n\n";
    }

    private static String changes(PlanSections.Section section) {
        return switch (section.changes()) {
            case 0 -> ": nothing changes";
            case 1 -> ": 1 object";
            default -> ": " + section.changes() + " objects";
        };
    }

    private static String fenced(List<String> lines, String language) {
        String body = String.join("\n", lines);
        String fence = "`".repeat(Math.max(3, longestRun(body) + 1));
        return fence + language + "\n" + body + "\n" + fence + "\n\n";
    }

    /** A code span; its text is one line without steering characters. */
    private static String code(String text) {
        String clean = new Line(Line.Colour.NONE, text.isBlank() ? "-" : text).text();
        String fence = "`".repeat(longestRun(clean) + 1);
        boolean pad = clean.startsWith("`") || clean.endsWith("`");
        return fence + (pad ? " " : "") + clean + (pad ? " " : "") + fence;
    }

    private static int longestRun(String text) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            run = text.charAt(i) == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("@", "&#64;");
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
