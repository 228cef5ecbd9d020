package dev.orkestra.plan;

import static dev.orkestra.plan.PlanExamples.HEADER;
import static dev.orkestra.plan.PlanExamples.everything;
import static dev.orkestra.plan.PlanExamples.key;
import static dev.orkestra.plan.PlanExamples.nothing;
import static dev.orkestra.plan.PlanExamples.plan;
import static dev.orkestra.plan.PlanExamples.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlanTextTest {
    private static void assertGolden(String name, String text) throws IOException {
        Path golden = Path.of("src/test/resources/plan").resolve(name);
        if ("write".equals(System.getProperty("orkestra.golden"))) {
            Files.writeString(golden, text);
        }
        assertThat(text).isEqualTo(Files.readString(golden));
    }

    private static Plan hostile(String value) {
        return plan(step(
                key("", "ConfigMap", "shop", "a" + value),
                0,
                Action.UPDATE,
                value,
                new FieldChange(
                        FieldPath.ROOT.field("da" + value), TextNode.valueOf(value), TextNode.valueOf("c"), null),
                new FieldChange(FieldPath.ROOT.field("x"), null, TextNode.valueOf("one\n" + value + "\ntwo"), null),
                new FieldChange(
                        FieldPath.ROOT.field("y"),
                        TextNode.valueOf("one\n" + value),
                        TextNode.valueOf(value + "\ntwo"),
                        null)));
    }

    @Test
    void showsWavesFieldsReleasesDriftPruningRisksAndTheSum() throws IOException {
        assertGolden("everything.txt", PlanText.render(everything(), HEADER, false));
    }

    @Test
    void aPlanWithNothingToDoIsShort() throws IOException {
        assertGolden("nothing.txt", PlanText.render(nothing(), HEADER, false));
        assertGolden("nothing.md", PlanMarkdown.render(nothing(), HEADER, PlanMarkdown.MAX_BYTES));
    }

    @Test
    void coloursChangeNothingButColours() {
        assertThat(PlanText.render(everything(), HEADER, true).replaceAll("\u001b\\[[0-9]+m", ""))
                .isEqualTo(PlanText.render(everything(), HEADER, false));
    }

    @Test
    void nothingFromGitOrTheClusterSteersTheTerminal() {
        String text = PlanText.render(hostile("\u001b]0;x\u0007\nb\r\u202e\u2028\u009b"), HEADER, false);
        assertThat(text.codePoints()
                        .filter(c -> c != '\n')
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT))
                .isTrue();
    }

    @Test
    void jsonHoldsTheSame() throws IOException {
        assertGolden(
                "everything.json",
                new ObjectMapper()
                                .writerWithDefaultPrettyPrinter()
                                .writeValueAsString(PlanJson.full(everything(), HEADER))
                        + "\n");
    }

    @Test
    void aSavedPlanTellsWhatAnApprovalNeeds() {
        String saved = PlanJson.full(everything(), HEADER).toString();
        assertThat(PlanFile.read(saved))
                .isEqualTo(new PlanFile.Result.Read(
                        new PlanFile("orkestra", "staging", everything().commit(), PlanExamples.HASH, 1, 2, true)));
        Plan offline = new Plan("c", "sha256:1", List.of(), PrunePlan.NOTHING, "");
        for (String damaged : List.of(
                "",
                "[",
                "null",
                "{}",
                saved.replace("\"schemaVersion\":1", "\"schemaVersion\":9"),
                PlanJson.full(offline, HEADER).toString())) {
            assertThat(PlanFile.read(damaged)).as(damaged).isInstanceOf(PlanFile.Result.Damaged.class);
        }
    }

    @Test
    void aCommentOnAPullRequestFoldsItsParts() throws IOException {
        assertGolden("everything.md", PlanMarkdown.render(everything(), HEADER, PlanMarkdown.MAX_BYTES));
        assertGolden("small.md", PlanMarkdown.render(everything(), HEADER, 8_000));
    }

    @Test
    void noValueBreaksOutOfAComment() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> pieces = List.of(
                "`", "```", "````", "~~~", "\n", "\r", "@everyone", "</details>", "<script>", "](", "*", "x", "|");
        for (int round = 0; round < 300; round++) {
            StringBuilder value = new StringBuilder();
            for (int i = 0; i < random.nextInt(1, 12); i++) {
                value.append(pieces.get(random.nextInt(pieces.size())));
            }
            PlanHeader header = new PlanHeader(
                    "orkestra",
                    "staging",
                    value.toString(),
                    value.toString(),
                    value.toString(),
                    List.of(value.toString()));
            String text = PlanMarkdown.render(hostile(value.toString()), header, PlanMarkdown.MAX_BYTES);
            for (String line : outsideOfCode(text)) {
                assertThat(line).as("seed %d: %s", seed, text).doesNotContain("@", "script", "](", "`");
                assertThat(line.replace("</details>", "")).as("seed %d", seed).doesNotContain("/details");
            }
        }
    }

    /** The lines of a comment without code: fenced blocks, then spans, as CommonMark reads them. */
    private static List<String> outsideOfCode(String markdown) {
        List<String> outside = new ArrayList<>();
        String fence = "";
        for (String line : markdown.split("\n", -1)) {
            String ticks = line.replaceAll("^(`*).*$", "$1");
            if (fence.isEmpty()
                    && ticks.length() >= 3
                    && !line.substring(ticks.length()).contains("`")) {
                fence = ticks;
            } else if (!fence.isEmpty() && line.strip().equals(ticks) && ticks.length() >= fence.length()) {
                fence = "";
            } else if (fence.isEmpty()) {
                outside.add(line.replaceAll("(?<!`)(`+)(?!`)(.*?)(?<!`)\\1(?!`)", ""));
            }
        }
        assertThat(fence).as("a fence is closed").isEmpty();
        return outside;
    }

    @Test
    void aCommentStaysWithinItsBound() {
        PlanStep[] steps = new PlanStep[3000];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = step(
                    key("", "ConfigMap", "shop", "ü" + i),
                    i % 7,
                    Action.UPDATE,
                    "",
                    new FieldChange(FieldPath.ROOT.field("ä"), null, TextNode.valueOf("ö".repeat(300)), null));
        }
        String text = PlanMarkdown.render(plan(steps), HEADER, PlanMarkdown.MAX_BYTES);
        assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(PlanMarkdown.MAX_BYTES);
        assertThat(text).contains("more lines", PlanExamples.HASH, "3000 to update");
    }

    @Test
    void aCommentStaysWithinItsBoundHoweverManyWavesThereAre() {
        PlanStep[] steps = new PlanStep[3000];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = step(key("", "ConfigMap", "shop", "c" + i), i, Action.UPDATE, "");
        }
        steps[2999] = steps[2999].with(List.of(new Risk(Risk.Kind.REPLACED_DATA, "it goes")), List.of());
        String text = PlanMarkdown.render(plan(steps), HEADER, PlanMarkdown.MAX_BYTES);
        assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(PlanMarkdown.MAX_BYTES);
        assertThat(text)
                .containsPattern("… [0-9]+ more parts, points of no return among them; `ork plan` shows all")
                .contains(PlanExamples.HASH, "3000 to update")
                .containsOnlyOnce("more parts");
    }

    @Test
    void aChangeAtTheEndOfALongValueIsShown() {
        String same = "-Dcolor=green ".repeat(30);
        for (String end :
                List.of("1", "longer than the other by many characters, so that this is cut as well, ".repeat(3))) {
            List<Line> lines = ChangeLines.of(new FieldChange(
                    FieldPath.ROOT.field("args"),
                    TextNode.valueOf(same + "0"),
                    TextNode.valueOf(same + end + "\ud83d\ude00".repeat(90)),
                    null));
            String[] sides = lines.getFirst().text().split(" -> ");
            assertThat(sides[0]).endsWith("-Dcolor=green 0\"").contains("…");
            assertThat(sides[1])
                    .contains("-Dcolor=green " + end.substring(0, 1))
                    .endsWith("…");
            assertThat(lines.getFirst().text()).hasSizeLessThan(240).doesNotContain("\ufffd");
        }
        List<Line> texts = ChangeLines.of(new FieldChange(
                FieldPath.ROOT.field("data"),
                TextNode.valueOf("a\n" + same + "old\n"),
                TextNode.valueOf("a\n" + same + "new\n"),
                null));
        assertThat(texts.get(1).text()).endsWith("green old");
        assertThat(texts.get(2).text()).endsWith("green new");
    }

    @Test
    void theSchemaDescribesWhatIsPrinted() throws IOException {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Path.of("../schemas/plan.schema.json")));
        for (Plan plan : List.of(everything(), nothing())) {
            assertThat(schema.validate(PlanJson.full(plan, HEADER).toString(), InputFormat.JSON))
                    .isEmpty();
        }
        assertThat(schema.validate("{}", InputFormat.JSON)).isNotEmpty();
    }
}
