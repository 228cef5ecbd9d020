package dev.orkestra.group;

import dev.orkestra.outcome.OneLine;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A picture as a Mermaid flowchart, as Markdown pages show it. Ids are numbers of ours, so no name can be a keyword;
 * names are quoted labels, with what Mermaid or HTML would read as a character code.
 */
public final class PictureMermaid {
    private final StringBuilder text = new StringBuilder();
    private final Map<String, String> ids = new HashMap<>();

    private PictureMermaid() {}

    /** The text of {@code picture}, with a line feed at the end. */
    public static String render(GroupPicture picture, GroupPicture.Detail detail) {
        PictureMermaid drawing = new PictureMermaid();
        drawing.draw(picture, detail);
        return drawing.text.toString();
    }

    private void draw(GroupPicture picture, GroupPicture.Detail detail) {
        picture.notes().forEach(note -> line("%% " + OneLine.of(note)));
        line("flowchart TB");
        picture.boxes().forEach(box -> ids.put(box.name(), "a" + (ids.size() + 1)));
        for (GroupPicture.Box box : picture.boxes()) {
            if (detail == GroupPicture.Detail.APPLICATIONS || box.isPlain() && detail != GroupPicture.Detail.STEPS) {
                node("  ", id(box), label(box), box.mark());
            } else {
                parts(box, detail);
            }
        }
        int unknown = 0;
        Map<String, String> missing = new HashMap<>();
        for (GroupPicture.Box box : picture.boxes()) {
            box.dependencies().forEach(each -> line("  " + ids.get(each) + " --> " + id(box)));
            for (String each : box.impossible()) {
                if (!missing.containsKey(each)) {
                    missing.put(each, "u" + ++unknown);
                    line("  u" + unknown + "[\"" + escaped(each) + "<br/>" + box.whyNot(each) + "\"]:::unknown");
                }
                line("  " + missing.get(each) + " -.-> " + id(box));
            }
        }
        styles();
    }

    private void parts(GroupPicture.Box box, GroupPicture.Detail detail) {
        line("  subgraph " + id(box) + "[\"" + label(box) + "\"]");
        Map<String, String> tasks = new HashMap<>();
        for (GroupPicture.Part part : box.parts()) {
            String id = id(box) + "r" + (tasks.size() + 1);
            tasks.put(part.task(), id);
            StringBuilder label = new StringBuilder(escaped((part.removes() ? "remove " : "") + part.name()));
            if (!part.version().isEmpty()) {
                label.append("<br/>").append(escaped(part.version()));
            }
            if (detail == GroupPicture.Detail.STEPS) {
                label.append("<br/>").append(escaped(part.release()));
                part.steps().forEach(step -> label.append("<br/>").append(escaped("step " + step.name())));
            }
            node("    ", id, label.toString(), part.mark());
        }
        for (GroupPicture.Part part : box.parts()) {
            part.dependencies().forEach(each -> line("    " + tasks.get(each) + " --> " + tasks.get(part.task())));
        }
        line("  end");
    }

    private void node(String indent, String id, String label, Optional<GroupPicture.Mark> mark) {
        String state = mark.map(each -> "<br/>" + escaped(each.word())).orElse("");
        String style = mark.map(each -> ":::" + style(each.tone())).orElse("");
        line(indent + id + "[\"" + label + state + "\"]" + style);
    }

    private static String label(GroupPicture.Box box) {
        String chart = box.chart().isEmpty() ? "" : "<br/>" + escaped(box.chart() + version(box.version()));
        String where = box.namespace().isEmpty() ? "" : "<br/>" + escaped("in " + box.namespace());
        return escaped(box.name()) + chart + where;
    }

    private void styles() {
        line("  classDef good fill:#d7f0dd,stroke:#2a7d46,color:#123");
        line("  classDef busy fill:#fff2cc,stroke:#a67c00,color:#123");
        line("  classDef waiting fill:#e3eefc,stroke:#3b6ea5,color:#123");
        line("  classDef bad fill:#fbdada,stroke:#b02a2a,color:#123");
        line("  classDef gone fill:#eeeeee,stroke:#888888,color:#456");
        line("  classDef unknown fill:#ffffff,stroke:#b02a2a,color:#b02a2a,stroke-dasharray: 4 3");
    }

    private static String style(GroupPicture.Tone tone) {
        return switch (tone) {
            case GOOD -> "good";
            case BUSY -> "busy";
            case WAITING -> "waiting";
            case BAD -> "bad";
            case GONE -> "gone";
        };
    }

    private String id(GroupPicture.Box box) {
        return ids.getOrDefault(box.name(), "a0");
    }

    private static String version(String version) {
        return version.isEmpty() ? "" : "@" + version;
    }

    /** All but letters, digits and what is harmless becomes {@code #code;}. */
    private static String escaped(String words) {
        StringBuilder out = new StringBuilder();
        OneLine.of(words).codePoints().forEach(c -> {
            if (Character.isLetterOrDigit(c) || " -_.,:/@()+=*~^!?\\'".indexOf(c) >= 0) {
                out.appendCodePoint(c);
            } else {
                out.append('#').append(c).append(';');
            }
        });
        return out.toString();
    }

    private void line(String words) {
        text.append(words).append('\n');
    }
}
