package dev.orkestra.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Names of any kind never break the syntax of a picture. The grammars here are smaller than the real ones. */
class PictureSyntaxTest {
    private static final List<String> ODD = List.of(
            "\"",
            "\\",
            "\n",
            "]",
            "[",
            "end",
            "subgraph",
            "-->",
            ";",
            "#quot;",
            "<br/>",
            "%%",
            "日本",
            "\uD83D\uDE80",
            "\u202E",
            "`",
            "{",
            "}",
            "'",
            "a b",
            "$",
            "|",
            "&lt;",
            "\t",
            "click",
            ":::");

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    private String name(int number) {
        StringBuilder name = new StringBuilder();
        int parts = random.nextInt(6);
        for (int i = 0; i < parts; i++) {
            name.append(ODD.get(random.nextInt(ODD.size())));
        }
        name.append(number);
        if (random.nextInt(6) == 0) {
            name.append("x".repeat(300));
        }
        return name.toString();
    }

    private void dependencies(ArrayNode list, List<String> names, int self) {
        Set<String> chosen = new HashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            // Now and then a circle, itself, or nothing that is there.
            int at = random.nextInt(8) == 0 ? random.nextInt(names.size()) : random.nextInt(self + 1) - 1;
            chosen.add(at < 0 ? name(999) : names.get(at));
        }
        chosen.forEach(list::add);
    }

    private ObjectNode group() {
        ObjectNode group = JsonNodeFactory.instance.objectNode();
        group.putObject("metadata").put("name", name(0));
        ArrayNode applications = group.putObject("spec").putArray("applications");
        List<String> names = new ArrayList<>();
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            names.add(name(i));
        }
        for (int i = 0; i < count; i++) {
            ObjectNode application = applications.addObject().put("name", names.get(i));
            dependencies(application.putArray("dependencies"), names, i);
            ObjectNode spec = application.putObject("spec");
            spec.putObject("chart").put("url", "https://x").put("name", name(i)).put("version", name(1));
            spec.putObject("release").put("targetNamespace", name(i));
            List<String> subcharts = new ArrayList<>();
            int parts = random.nextInt(4);
            for (int j = 0; j < parts; j++) {
                subcharts.add(name(100 + j));
            }
            ArrayNode list = spec.putArray("subcharts");
            for (int j = 0; j < parts; j++) {
                ObjectNode subchart = list.addObject().put("name", subcharts.get(j));
                dependencies(subchart.putArray("dependencies"), subcharts, j);
            }
        }
        return group;
    }

    private GroupPicture picture() {
        ApplicationGroup group = ApplicationGroup.of(group());
        ReleaseGraph graph = ReleaseGraph.forward(
                group, DeclaredCharts.complete(group, StagedCharts.NONE).charts());
        Map<String, GroupPicture.Mark> marks = new HashMap<>();
        for (String key : graph.releaseKeys()) {
            GroupPicture.Tone tone = GroupPicture.Tone.values()[random.nextInt(GroupPicture.Tone.values().length)];
            if (random.nextBoolean()) {
                marks.put(key, new GroupPicture.Mark(tone, name(7)));
            }
        }
        return GroupPicture.of(
                group.name(),
                "forward",
                random.nextBoolean() ? graph : graph.reverse(),
                marks,
                List.of(name(3), name(4)));
    }

    private static final Pattern DOT_STRING = Pattern.compile("\"(?:[^\"\\\\\n]|\\\\[\"\\\\n])*+\"");
    private static final List<Pattern> DOT = List.of(
            Pattern.compile("//.*"),
            Pattern.compile("digraph S \\{"),
            Pattern.compile("  compound=true;"),
            Pattern.compile("  node \\[shape=box, style=S, fillcolor=white, fontname=S\\];"),
            Pattern.compile(" {2,4}[au][0-9]+(r[0-9]+)? \\[label=S(, fillcolor=S|, style=dashed, color=red)?\\];"),
            Pattern.compile("  subgraph cluster_a[0-9]+ \\{"),
            Pattern.compile("    label=S;"),
            Pattern.compile(" {2,4}([au][0-9]+(?:r[0-9]+)?) -> (a[0-9]+(?:r[0-9]+)?)"
                    + "(?: \\[(?:ltail=cluster_a[0-9]+)?(?:, )?(?:lhead=cluster_a[0-9]+)?\\])?;"),
            Pattern.compile("  }"),
            Pattern.compile("}"));

    private static final Pattern MERMAID_LABEL =
            Pattern.compile("\"(?:[\\p{L}\\p{Nd} _.,:/@()+=*~^!?\\\\'-]|#[0-9]+;|<br/>)*+\"");
    private static final List<Pattern> MERMAID = List.of(
            Pattern.compile("%% .*"),
            Pattern.compile("flowchart TB"),
            Pattern.compile(" {2,4}[au][0-9]+(r[0-9]+)?\\[S\\](:::(good|busy|waiting|bad|gone|unknown))?"),
            Pattern.compile("  subgraph a[0-9]+\\[S\\]"),
            Pattern.compile(" {2,4}([au][0-9]+(?:r[0-9]+)?) -(?:-|\\.-)> (a[0-9]+(?:r[0-9]+)?)"),
            Pattern.compile("  end"),
            Pattern.compile("  classDef [a-z]+ [a-z0-9:#, -]+"));

    /** Returns the edges; fails at the first line that is in no rule. */
    private List<String> edges(String text, Pattern string, List<Pattern> grammar) {
        List<String> edges = new ArrayList<>();
        Set<String> declared = new HashSet<>();
        for (String line : text.split("\n", -1)) {
            if (line.isEmpty()) {
                continue;
            }
            boolean comment = line.startsWith("%%") || line.startsWith("//");
            String plain = comment ? line : string.matcher(line).replaceAll("S");
            Matcher found = grammar.stream()
                    .map(rule -> rule.matcher(plain))
                    .filter(Matcher::matches)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("seed " + seed + ": no rule for\n" + line + "\nin\n" + text));
            if (plain.contains("> ") && found.groupCount() == 2) {
                edges.add(found.group(1) + " " + found.group(2));
                assertThat(declared).as("seed %d\n%s", seed, text).contains(found.group(1), found.group(2));
            } else {
                Matcher id = Pattern.compile("^ +(?:subgraph )?([au][0-9]+(?:r[0-9]+)?)[ \\[]")
                        .matcher(plain);
                if (id.find()) {
                    assertThat(declared.add(id.group(1)))
                            .as("seed %d: %s twice", seed, id.group(1))
                            .isTrue();
                }
            }
        }
        return edges;
    }

    private static long braces(String text, Pattern string) {
        String plain = string.matcher(text.replaceAll("(?m)^//.*$", "")).replaceAll("");
        return plain.chars().filter(c -> c == '{').count()
                - plain.chars().filter(c -> c == '}').count();
    }

    private static int expected(GroupPicture picture, boolean inner) {
        return picture.boxes().stream()
                .mapToInt(box -> box.dependencies().size()
                        + box.impossible().size()
                        + (inner
                                ? box.parts().stream()
                                        .mapToInt(part -> part.dependencies().size())
                                        .sum()
                                : 0))
                .sum();
    }

    @Test
    void everyLineFollowsTheGrammarAndEachEdgeIsThereOnce() {
        for (int i = 0; i < 100; i++) {
            GroupPicture picture = picture();
            for (GroupPicture.Detail detail : GroupPicture.Detail.values()) {
                String dot = PictureDot.render(picture, detail);
                String mermaid = PictureMermaid.render(picture, detail);
                int expected = expected(picture, detail != GroupPicture.Detail.APPLICATIONS);
                assertThat(edges(dot, DOT_STRING, DOT))
                        .as("seed %d\n%s", seed, dot)
                        .hasSize(expected)
                        .doesNotHaveDuplicates();
                assertThat(edges(mermaid, MERMAID_LABEL, MERMAID))
                        .as("seed %d\n%s", seed, mermaid)
                        .hasSize(expected)
                        .doesNotHaveDuplicates();
                assertThat(braces(dot, DOT_STRING)).as("seed %d\n%s", seed, dot).isZero();
            }
        }
    }

    @Test
    void theTextNeverLeavesItsColumnsAndShowsNoControlCharacter() {
        for (int i = 0; i < 60; i++) {
            GroupPicture picture = picture();
            String text = PictureText.render(picture, GroupPicture.Detail.STEPS, 60, false);
            assertThat(text.split("\n", -1))
                    .as("seed %d\n%s", seed, text)
                    .allSatisfy(line ->
                            assertThat(dev.orkestra.report.Columns.width(line)).isLessThanOrEqualTo(60))
                    .noneSatisfy(line -> assertThat(line.chars().anyMatch(dev.orkestra.outcome.OneLine::isHidden))
                            .isTrue());
        }
    }

    @Test
    void boxesStandBehindWhatTheyNeed() {
        for (int i = 0; i < 60; i++) {
            GroupPicture picture = picture();
            Map<String, Integer> levels = new HashMap<>();
            picture.boxes().forEach(box -> levels.put(box.name(), box.level()));
            for (GroupPicture.Box box : picture.boxes()) {
                for (String each : box.dependencies()) {
                    assertThat(box.level() == GraphLevels.NONE
                                    || levels.getOrDefault(each, 0) > 0 && levels.getOrDefault(each, 0) < box.level())
                            .as("seed %d", seed)
                            .isTrue();
                }
            }
            assertThat(PictureJson.of(picture, List.of()).path("applications").size())
                    .isEqualTo(picture.boxes().size());
        }
    }
}
