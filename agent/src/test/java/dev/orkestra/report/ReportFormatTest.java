package dev.orkestra.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Whatever files and findings are called: each form is one well-formed document that other programs can read. */
class ReportFormatTest {
    private static final SourceRoot ROOT = new SourceRoot("/repo", "/repo/envs");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What can break out of each of the forms. */
    private static final List<String> BAD = List.of(
            "a\n::error::b",
            "a\r\nb",
            "100%,b:c",
            "%0A::warning::x",
            "]]></failure><failure>",
            "\"><x y='",
            "&amp;&#0;",
            "\u0000\u0007\u001B[31m",
            "\uFFFE\uFFFF",
            "\uD800 \uDC00",
            "\u202E\u2028",
            "{0} {{x}} [a](b)",
            "\uD83D\uDE00 ü");

    private static CheckResults results(CheckedFile... files) {
        return new CheckResults("1.0", ROOT, List.of(files), Set.of());
    }

    private static CheckedFile file(String name, Diagnostic... findings) {
        return CheckedFile.read(name, "Katalog", "a Katalog", List.of(findings), Map.of());
    }

    private static Diagnostic finding(Severity severity, String message, String file, int line) {
        return new Diagnostic(
                ErrorCode.WrongValue, severity, message, new Position(file, line, 1), "hint for " + message);
    }

    private static List<CheckResults> hostile() {
        Random random = new Random(7);
        List<CheckResults> all = new ArrayList<>();
        for (String bad : BAD) {
            all.add(results(
                    file(bad, finding(Severity.ERROR, bad, bad, 3), finding(Severity.INFO, bad, bad, 4)),
                    CheckedFile.read(bad, bad, bad, List.of(), Map.of()),
                    CheckedFile.unreadable(bad, bad)));
        }
        for (int i = 0; i < 300; i++) {
            String text = random.ints(12, 0, 0x300)
                    .collect(StringBuilder::new, (line, c) -> line.append((char) c), StringBuilder::append)
                    .toString();
            all.add(results(file(text, finding(Severity.WARNING, text, text, 1)), CheckedFile.unreadable(text, text)));
        }
        return all;
    }

    /** As it arrives: what no encoder can write is something else by then. */
    private static String written(ReportFormat format, CheckResults results) {
        return new String(format.render(results).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Test
    void jsonIsAsItsSchemaSays() throws Exception {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Path.of("../schemas/validate-output.schema.json")));

        for (CheckResults results : hostile()) {
            String json = written(ReportFormat.JSON, results);
            assertThat(schema.validate(json, InputFormat.JSON)).as(json).isEmpty();
        }
        assertThat(schema.validate("{\"schemaVersion\": 1, \"more\": 1}", InputFormat.JSON))
                .as("the schema is closed")
                .hasSizeGreaterThan(3);
    }

    @Test
    void sarifHasARuleForEachResultAndPlacesThatAreUris() throws Exception {
        for (CheckResults results : hostile()) {
            JsonNode run = MAPPER.readTree(written(ReportFormat.SARIF, results)).at("/runs/0");
            for (JsonNode result : run.path("results")) {
                JsonNode rule = run.at("/tool/driver/rules")
                        .path(result.path("ruleIndex").asInt(-1));
                assertThat(rule.path("id")).isEqualTo(result.path("ruleId"));
                String uri = result.at("/locations/0/physicalLocation/artifactLocation/uri")
                        .asText();
                assertThat(java.net.URI.create(uri).toString()).isEqualTo(uri);
            }
            assertThat(run.at("/invocations/0/executionSuccessful").asBoolean()).isFalse();
            assertThat(run.at("/invocations/0/toolExecutionNotifications")).hasSize(1);
        }
    }

    @Test
    void textThatLooksLikeALinkOrAPlaceForAnArgumentStaysText() throws Exception {
        JsonNode results = MAPPER.readTree(ReportFormat.SARIF.render(
                results(file("a.yaml", finding(Severity.ERROR, "{{ .a }} [b](0)", "a.yaml", 1)))));

        assertThat(results.at("/runs/0/results/0/message/text").asText()).startsWith("{{{{ .a }}}} [b] (0)");
    }

    @Test
    void junitIsXmlWithACaseForEachFinding() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        for (CheckResults results : hostile()) {
            String xml = written(ReportFormat.JUNIT, results);
            Document document = factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
            Element root = document.getDocumentElement();
            assertThat(root.getElementsByTagName("testcase").getLength())
                    .isEqualTo(Integer.parseInt(root.getAttribute("tests")));
            assertThat(root.getElementsByTagName("failure").getLength())
                    .isEqualTo(Integer.parseInt(root.getAttribute("failures")));
            NodeList errors = root.getElementsByTagName("error");
            assertThat(errors.getLength()).isEqualTo(1);
            assertThat(root.getElementsByTagName("testsuite").getLength())
                    .isEqualTo(results.files().size());
        }
    }

    @Test
    void eachFindingIsOneWorkflowCommandAndNothingElseBeginsOne() {
        for (CheckResults results : hostile()) {
            String[] lines = written(ReportFormat.GITHUB, results).split("[\r\n]+");
            assertThat(lines).hasSize(results.findings().size() + 2);
            for (String line : List.of(lines).subList(0, lines.length - 1)) {
                assertThat(line).matches("::(error|warning|notice) file=[^:,]*(,(line|col|title)=[^:,]*)+::.*");
            }
            assertThat(lines[lines.length - 1]).matches("[0-9no]+ files? checked: .*");
        }
    }

    @Test
    void workflowCommandsAreEscapedAsTheRunnerReadsThem() {
        String text = ReportFormat.GITHUB.render(
                results(file("a,b:c%.yaml", finding(Severity.INFO, "50% of: a, b", "a,b:c%.yaml", 4))));

        assertThat(text)
                .startsWith("::notice file=envs/a%2Cb%3Ac%25.yaml,line=4,col=1,title=WrongValue::50%25 of: a, b (hint");
    }

    @ParameterizedTest
    @ValueSource(strings = {"the value 4", "already declared at a.yaml:9:3", "the import 'x' is locked at line 9"})
    void aFingerprintStaysWhenLinesMoveAndTellsEqualFindingsApart(String message) throws Exception {
        List<String> before = fingerprints(message, 9, 12);
        List<String> after = fingerprints(message.replace("9", "11"), 11, 14);

        assertThat(after).isEqualTo(before).doesNotHaveDuplicates();
        assertThat(fingerprints("another", 9, 12)).doesNotContainAnyElementsOf(before);
    }

    private static List<String> fingerprints(String message, int... lines) throws Exception {
        CheckedFile file = file(
                "a.yaml",
                IntStream.of(lines)
                        .mapToObj(line -> finding(Severity.ERROR, message, "a.yaml", line))
                        .toArray(Diagnostic[]::new));
        List<String> all = new ArrayList<>();
        MAPPER.readTree(ReportFormat.SARIF.render(results(file)))
                .at("/runs/0/results")
                .forEach(result -> all.add(result.at("/partialFingerprints")
                        .path("orkestraFinding/v1")
                        .asText()));
        return all;
    }

    @Test
    void aFindingInASharedBaseIsOneResultWithAllWaysToIt() throws Exception {
        Diagnostic base = finding(Severity.ERROR, "wrong", "../base/a.yaml", 2);
        JsonNode results = MAPPER.readTree(ReportFormat.SARIF.render(results(
                        file("one.yaml", base.importedBy(List.of(new Position("one.yaml", 5, 7)))),
                        file("two.yaml", base.importedBy(List.of(new Position("two.yaml", 6, 7)))))))
                .at("/runs/0/results");

        assertThat(results).hasSize(1);
        assertThat(results.at("/0/locations/0/physicalLocation/artifactLocation/uri")
                        .asText())
                .isEqualTo("base/a.yaml");
        assertThat(results.at("/0/relatedLocations")).hasSize(2);
    }

    @Test
    void filesAreNamedFromTheRootOfTheRepository() {
        assertThat(ROOT.fromRoot("a.yaml")).isEqualTo("envs/a.yaml");
        assertThat(ROOT.fromRoot("../base/./a.yaml")).isEqualTo("base/a.yaml");
        assertThat(ROOT.fromRoot("/repo/x/a.yaml")).isEqualTo("x/a.yaml");
        assertThat(ROOT.fromRoot("../../other/a.yaml")).isEqualTo("/other/a.yaml");
        assertThat(ROOT.fromRoot("/repository/a.yaml")).isEqualTo("/repository/a.yaml");
        assertThat(ROOT.uri("ä b:c#d?.yaml")).isEqualTo("envs/%C3%A4%20b%3Ac%23d%3F.yaml");
        assertThat(ROOT.uri("/other/a b.yaml")).isEqualTo("file:///other/a%20b.yaml");
        assertThat(new SourceRoot("/", "/x").uri("a.yaml")).isEqualTo("x/a.yaml");
    }

    @Test
    void theExitCodeIsTheWorstOfAllFiles() {
        CheckedFile ok = file("a.yaml", finding(Severity.WARNING, "w", "a.yaml", 1));
        CheckedFile wrong = file("b.yaml", finding(Severity.ERROR, "e", "b.yaml", 1));

        assertThat(results(ok).exitCode()).isZero();
        assertThat(results(ok, wrong).exitCode()).isEqualTo(1);
        assertThat(results(wrong, CheckedFile.unreadable("c", "why")).exitCode())
                .isEqualTo(2);
    }
}
