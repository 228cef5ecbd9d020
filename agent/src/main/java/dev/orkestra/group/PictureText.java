package dev.orkestra.group;

import dev.orkestra.outcome.OneLine;
import dev.orkestra.report.Columns;
import dev.orkestra.report.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A picture for a terminal: levels as headings, under each its applications, inside each its releases in order. */
public final class PictureText {
    /** Longer names push what stands beside them onto a line of its own. */
    private static final int MOST_NAME = 24;

    private final GroupPicture.Detail detail;
    private final int width;
    private final boolean colours;
    private final StringBuilder text = new StringBuilder();

    private PictureText(GroupPicture.Detail detail, int width, boolean colours) {
        this.detail = detail;
        this.width = width;
        this.colours = colours;
    }

    /** The text of {@code picture} on {@code width} columns, with a line feed at the end. */
    public static String render(GroupPicture picture, GroupPicture.Detail detail, int width, boolean colours) {
        PictureText drawing = new PictureText(detail, Math.max(20, width), colours);
        drawing.draw(picture);
        return drawing.text.toString();
    }

    private void draw(GroupPicture picture) {
        int levels =
                picture.boxes().stream().mapToInt(GroupPicture.Box::level).max().orElse(0);
        line(
                "",
                "1",
                picture.group() + ", " + picture.direction() + ": "
                        + Count.of(picture.boxes().size(), "application") + ", "
                        + Count.of(picture.releases(), "release") + " on " + Count.of(levels, "level"));
        picture.notes().forEach(note -> line("", "", "note: " + note));
        int heading = -1;
        int names = longest(picture.boxes().stream().map(PictureText::title).toList());
        for (GroupPicture.Box box : picture.boxes()) {
            if (box.level() != heading) {
                heading = box.level();
                text.append('\n');
                line(
                        "",
                        "1",
                        heading == GraphLevels.NONE ? "in a circle, or after one: never begun" : "level " + heading);
            }
            box(box, names);
        }
    }

    private void box(GroupPicture.Box box, int names) {
        String chart = box.chart().isEmpty() ? "its subcharts" : box.chart() + version(box.version());
        String where = box.namespace().isEmpty() ? "" : " in " + box.namespace();
        entry("  ", title(box), names, chart + where, box.mark());
        List<String> needed = new ArrayList<>(box.dependencies());
        box.impossible().forEach(name -> needed.add(name + " (" + box.whyNot(name) + ")"));
        after("    ", needed);
        if (detail != GroupPicture.Detail.APPLICATIONS && !(box.isPlain() && detail == GroupPicture.Detail.RELEASES)) {
            int inner = longest(box.parts().stream().map(PictureText::title).toList());
            box.parts().forEach(part -> part(box, part, inner));
        }
    }

    /** What is taken away has a minus before it. */
    private static String title(GroupPicture.Box box) {
        boolean removed = !box.parts().isEmpty() && box.parts().stream().allMatch(GroupPicture.Part::removes);
        return (removed ? "- " : "") + OneLine.of(box.name());
    }

    private static String title(GroupPicture.Part part) {
        return (part.removes() ? "- " : "") + OneLine.of(part.name());
    }

    private void part(GroupPicture.Box box, GroupPicture.Part part, int names) {
        String place = part.level() == GraphLevels.NONE ? "?" : Integer.toString(part.level());
        String what = part.subchart()
                ? part.version()
                : "the chart itself" + (part.version().isEmpty() ? "" : ", " + part.version());
        entry("    " + place + " ", title(part), names, what, part.mark());
        after(
                "      ",
                part.dependencies().stream()
                        .map(task -> GroupPicture.name(box.name(), task))
                        .toList());
        if (detail == GroupPicture.Detail.STEPS) {
            line("      ", "2", "HelmRelease " + part.release());
            for (ReleaseGraph.Step step : part.steps()) {
                String needed =
                        step.dependencies().isEmpty() ? "" : ", after " + String.join(", ", step.dependencies());
                String type = step.type().equals(step.name()) ? "" : " (" + step.type() + ")";
                line("      ", "2", "step " + step.name() + type + needed);
            }
        }
    }

    private void after(String indent, List<String> names) {
        if (!names.isEmpty()) {
            line(indent, "2", "after " + String.join(", ", names));
        }
    }

    /** A name, what is to be said of it, and its state; on further lines where the terminal is too narrow. */
    private void entry(String indent, String name, int names, String said, Optional<GroupPicture.Mark> mark) {
        String what = OneLine.of(said);
        String shown = Columns.cut(name, width - indent.length());
        String state = mark.map(each -> "[" + Columns.cut(each.word(), width - indent.length() - 4) + "]")
                .orElse("");
        int used = indent.length() + Math.max(names, Columns.width(shown)) + 2;
        boolean beside = used + Columns.width(what) + 2 + Columns.width(state) <= width;
        text.append(indent).append(beside ? Columns.pad(shown, Math.max(names, Columns.width(shown))) : shown);
        if (beside) {
            text.append(("  " + Columns.cut(what, width)).stripTrailing());
        }
        mark.ifPresent(each -> {
            boolean fits = beside || indent.length() + Columns.width(shown) + 2 + Columns.width(state) <= width;
            text.append(fits ? "  " : "\n" + " ".repeat(indent.length() + 2))
                    .append(coloured(colour(each.tone()), state));
        });
        trimLine();
        text.append('\n');
        if (!beside && !what.isEmpty()) {
            line(" ".repeat(indent.length() + 2), "", what);
        }
    }

    private void trimLine() {
        while (!text.isEmpty() && text.charAt(text.length() - 1) == ' ') {
            text.setLength(text.length() - 1);
        }
    }

    private void line(String indent, String colour, String words) {
        text.append(Columns.wrap(words, width - indent.length()).stream()
                .map(each -> indent + coloured(colour, each) + "\n")
                .collect(Collectors.joining()));
    }

    private String coloured(String colour, String words) {
        return colours && !colour.isEmpty() ? "\u001B[" + colour + "m" + words + "\u001B[0m" : words;
    }

    private static String colour(GroupPicture.Tone tone) {
        return switch (tone) {
            case GOOD -> "32";
            case BUSY -> "33";
            case WAITING -> "36";
            case BAD -> "31";
            case GONE -> "2";
        };
    }

    private static String version(String version) {
        return version.isEmpty() ? "" : "@" + version;
    }

    private static int longest(List<String> names) {
        return Math.min(MOST_NAME, names.stream().mapToInt(Columns::width).max().orElse(0));
    }
}
