package dev.orkestra.group;

import dev.orkestra.outcome.OneLine;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A picture in Graphviz' language. Ids are numbers of ours; names are quoted labels. */
public final class PictureDot {
    private final StringBuilder text = new StringBuilder();
    /** Where an edge to and from an application begins, and the cluster that it ends at. */
    private final Map<String, Ends> ends = new HashMap<>();

    private record Ends(String first, String last, String cluster) {}

    private PictureDot() {}

    /** The text of {@code picture}, with a line feed at the end. */
    public static String render(GroupPicture picture, GroupPicture.Detail detail) {
        PictureDot drawing = new PictureDot();
        drawing.draw(picture, detail);
        return drawing.text.toString();
    }

    private void draw(GroupPicture picture, GroupPicture.Detail detail) {
        picture.notes().forEach(note -> line("// " + OneLine.of(note)));
        line("digraph " + quoted(picture.group()) + " {");
        line("  compound=true;");
        line("  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"sans-serif\"];");
        for (GroupPicture.Box box : picture.boxes()) {
            String id = "a" + (ends.size() + 1);
            if (detail == GroupPicture.Detail.APPLICATIONS || box.isPlain() && detail != GroupPicture.Detail.STEPS) {
                ends.put(box.name(), new Ends(id, id, ""));
                node("  ", id, label(box), box.mark());
            } else {
                parts(id, box, detail);
            }
        }
        Map<String, String> missing = new HashMap<>();
        for (GroupPicture.Box box : picture.boxes()) {
            box.dependencies().forEach(each -> edge(ends(each), ends(box.name())));
            for (String each : box.impossible()) {
                String id = missing.get(each);
                if (id == null) {
                    id = "u" + (missing.size() + 1);
                    missing.put(each, id);
                    line("  " + id + " [label=" + quoted(each, box.whyNot(each)) + ", style=dashed, color=red];");
                }
                edge(new Ends(id, id, ""), ends(box.name()));
            }
        }
        line("}");
    }

    private void parts(String id, GroupPicture.Box box, GroupPicture.Detail detail) {
        line("  subgraph cluster_" + id + " {");
        line("    label=" + quoted(label(box)) + ";");
        Map<String, String> tasks = new HashMap<>();
        for (GroupPicture.Part part : box.parts()) {
            String task = id + "r" + (tasks.size() + 1);
            tasks.put(part.task(), task);
            StringBuilder label = new StringBuilder((part.removes() ? "remove " : "") + OneLine.of(part.name()));
            if (!part.version().isEmpty()) {
                label.append('\n').append(OneLine.of(part.version()));
            }
            if (detail == GroupPicture.Detail.STEPS) {
                label.append('\n').append(OneLine.of(part.release()));
                part.steps().forEach(step -> label.append("\nstep ").append(OneLine.of(step.name())));
            }
            node("    ", task, label.toString(), part.mark());
        }
        for (GroupPicture.Part part : box.parts()) {
            part.dependencies().forEach(each -> line("    " + tasks.get(each) + " -> " + tasks.get(part.task()) + ";"));
        }
        line("  }");
        // An edge comes out of the last release and goes into the first, so that arrows do not cross the box.
        String first = id + "r1";
        String last = id + "r" + Math.max(1, tasks.size());
        if (tasks.isEmpty()) {
            node("  ", first, OneLine.of(box.name()), Optional.empty());
        }
        ends.put(box.name(), new Ends(first, last, tasks.isEmpty() ? "" : "cluster_" + id));
    }

    private Ends ends(String application) {
        return Objects.requireNonNull(ends.get(application), "every box has been drawn");
    }

    private void edge(Ends from, Ends to) {
        StringBuilder attributes = new StringBuilder();
        if (!from.cluster.isEmpty()) {
            attributes.append("ltail=").append(from.cluster);
        }
        if (!to.cluster.isEmpty()) {
            attributes.append(attributes.isEmpty() ? "" : ", ").append("lhead=").append(to.cluster);
        }
        line("  " + from.last + " -> " + to.first + (attributes.isEmpty() ? "" : " [" + attributes + "]") + ";");
    }

    private void node(String indent, String id, String label, Optional<GroupPicture.Mark> mark) {
        String whole = label + mark.map(each -> "\n" + OneLine.of(each.word())).orElse("");
        String colour =
                mark.map(each -> ", fillcolor=\"" + colour(each.tone()) + "\"").orElse("");
        line(indent + id + " [label=" + quoted(whole) + colour + "];");
    }

    private static String label(GroupPicture.Box box) {
        String version = box.version().isEmpty() ? "" : "@" + box.version();
        String chart = box.chart().isEmpty() ? "" : "\n" + OneLine.of(box.chart() + version);
        String where = box.namespace().isEmpty() ? "" : "\n" + OneLine.of("in " + box.namespace());
        return OneLine.of(box.name()) + chart + where;
    }

    private static String colour(GroupPicture.Tone tone) {
        return switch (tone) {
            case GOOD -> "#d7f0dd";
            case BUSY -> "#fff2cc";
            case WAITING -> "#e3eefc";
            case BAD -> "#fbdada";
            case GONE -> "#eeeeee";
        };
    }

    private static String quoted(String first, String second) {
        return quoted(OneLine.of(first) + "\n" + second);
    }

    /** A quoted string; its line feeds are ours and break the label. */
    private static String quoted(String words) {
        StringBuilder out = new StringBuilder("\"");
        words.chars().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                default -> out.append((char) c);
            }
        });
        return out.append('"').toString();
    }

    private void line(String words) {
        text.append(words).append('\n');
    }
}
