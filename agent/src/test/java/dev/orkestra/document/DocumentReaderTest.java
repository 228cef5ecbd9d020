package dev.orkestra.document;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentReaderTest {
    private static ReadResult read(String text) {
        return DocumentReader.read("a.yaml", text.getBytes(UTF_8));
    }

    private static String json(String text) {
        ReadResult result = read(text);
        assertThat(result.findings()).as("findings of %s", text).isEmpty();
        assertThat(result.documents()).hasSize(1);
        return result.documents().getFirst().root().toJson().toString();
    }

    private static List<String> findings(String text) {
        return read(text).findings().stream().map(Diagnostic::toString).toList();
    }

    @Test
    void readsDocumentsOneByOneAndSkipsEmptyOnes() {
        ReadResult result = read("a: 1\n---\n# nothing\n---\nb: 2\n...\n---\nc: 3\n");

        assertThat(result.findings()).isEmpty();
        assertThat(result.documents()).extracting(Document::index).containsExactly(0, 2, 3);
        assertThat(result.documents())
                .extracting(d -> d.root().toJson().toString())
                .containsExactly("{\"a\":1}", "{\"b\":2}", "{\"c\":3}");
    }

    @Test
    void anEmptyFileHasNeitherDocumentsNorFindings() {
        for (String empty : List.of("", "\n", "# a comment\n", "---\n", "\uFEFF", "--- ~\n")) {
            assertThat(read(empty)).as("<%s>", empty).isEqualTo(new ReadResult(List.of(), List.of()));
        }
    }

    @Test
    void keepsThePlacesOfKeysAndValuesInCodePoints() {
        Node root = read("a:\n  \"😀ä\": {b: [1, x]}\n").documents().getFirst().root();

        assertThat(Pointers.keyPosition(root, "/a")).hasToString("a.yaml:1:1");
        assertThat(Pointers.keyPosition(root, "/a/😀ä")).hasToString("a.yaml:2:3");
        assertThat(Pointers.keyPosition(root, "/a/😀ä/b")).hasToString("a.yaml:2:10");
        assertThat(Pointers.find(root, "/a/😀ä/b/1").orElseThrow().position()).hasToString("a.yaml:2:17");
        assertThat(Pointers.keyPosition(root, "/a/😀ä/c/d")).hasToString("a.yaml:2:3");
    }

    @Test
    void aByteOrderMarkDoesNotMoveTheFirstLine() {
        Node root = read("\uFEFFa: 1\n").documents().getFirst().root();

        assertThat(Pointers.keyPosition(root, "/a")).isEqualTo(new Position("a.yaml", 1, 1));
    }

    @Test
    void readsScalarsAsKubectlDoes() {
        assertThat(json("[0x1F, 0b11, -0b11, 1e3, 1E3, 1e+3, 1., .5, -.5, +1, +1.5, 1.10, 1.0, -0, 0.0, 08.5]"))
                .isEqualTo("[31,3,-3,1000,1000,1000,1,0.5,-0.5,1,1.5,1.1,1,0,0,8.5]");
        assertThat(json("[2026-01-01, _1, =, 12e, 0x, '1', \"true\", !!str 12, !!float 3, ~, null, True]"))
                .isEqualTo("[\"2026-01-01\",\"_1\",\"=\",\"12e\",\"0x\",\"1\",\"true\",\"12\",3,null,null,true]");
        assertThat(json("[99999999999999999999, 9223372036854775807, -9223372036854775808]"))
                .isEqualTo("[99999999999999999999,9223372036854775807,-9223372036854775808]");
    }

    @Test
    void warnsOfEachAmbiguousScalarAndTakesWhatKubectlTakes() {
        ReadResult result =
                read("[y, Yes, on, n, NO, off, 010, 0o10, 0644, 1_000, 685_230.15, 12:30, 1:30:20, +010, 08]");

        assertThat(result.hasErrors()).isFalse();
        assertThat(result.documents().getFirst().root().toJson())
                .hasToString("[true,true,true,false,false,false,8,8,420,1000,685230.15,\"12:30\",\"1:30:20\",8,8]");
        assertThat(result.findings())
                .hasSize(15)
                .allSatisfy(finding -> assertThat(finding.code().name()).isEqualTo("AmbiguousScalar"));
        assertThat(result.findings().get(6))
                .hasToString(
                        "a.yaml:1:26: warning: '010' is ambiguous: kubectl reads the number 8, other readers another"
                                + " number or the text (taken as kubectl does; put it in quotes if the text is meant, else write"
                                + " the value plainly) [AmbiguousScalar]");
    }

    /** What a run prints is read by more people than the repository. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind: Secret\nstringData: {pin: 0123, pw: off, t: 12:30:45}\n",
                "stringData: {pin: 0123, pw: off, t: 12:30:45}\nkind: Secret\n",
                "kind: &k Secret\nstringData: {pin: 0123, pw: off, t: 12:30:45}\n",
                "stringData: {k: &k Secret, pin: 0123, pw: off, t: 12:30:45}\nkind: *k\n",
                "kind: List\nitems: [{stringData: {pin: 0123, pw: off, t: 12:30:45}, kind: Secret}]\n",
                "stringData: {pin: 0123, pw: off, t: 12:30:45}\nkind: 'Secret\n",
            })
    void aWarningSaysNoValueOfASecret(String text) {
        List<Diagnostic> warnings = read("a: 0644\n---\n" + text + "\n---\nb: 0755\n").findings().stream()
                .filter(finding -> finding.code() == ErrorCode.AmbiguousScalar)
                .toList();

        assertThat(warnings).hasSizeGreaterThanOrEqualTo(4);
        assertThat(warnings.getFirst().message()).contains("'0644'");
        assertThat(warnings.subList(1, 4))
                .extracting(Diagnostic::message)
                .allMatch(message -> message.equals(
                        "the value is ambiguous: kubectl and other readers take it for different things"));
        assertThat(warnings.subList(4, warnings.size()))
                .allMatch(finding -> finding.message().contains("'0755'"));
    }

    @Test
    void takesAnAmbiguousKeyAsTextWithAWarning() {
        ReadResult result = read("on: 1\ny: 2\n'no': 3\n");

        assertThat(result.documents().getFirst().root().toJson()).hasToString("{\"on\":1,\"y\":2,\"no\":3}");
        assertThat(result.findings())
                .extracting(f -> f.position() + " " + f.code())
                .containsExactly("a.yaml:1:1 AmbiguousScalar", "a.yaml:2:1 AmbiguousScalar");
    }

    @Test
    void theFieldCalledOnNeedsNoQuotesInAKatalog() {
        assertThat(findings("apiVersion: orkestra.orkspace.io/v1\nkind: Katalog\nwatch: {on: [create]}\n"))
                .isEmpty();
        assertThat(findings("apiVersion: orkestra.orkspace.io/v1\nenabled: yes\n"))
                .hasSize(1);
    }

    @Test
    void refusesKeysThatAreNotText() {
        assertThat(read("1: a\ntrue: b\n~: c\n1.5: d\n? [x]\n: e\n? {a: b}\n: f\n? \n: g\n")
                        .findings())
                .extracting(f -> f.position() + " " + f.code() + " " + f.message())
                .containsExactly(
                        "a.yaml:1:1 NonStringKey the key '1' is not text",
                        "a.yaml:2:1 NonStringKey the key 'true' is not text",
                        "a.yaml:3:1 NonStringKey the key '~' is not text",
                        "a.yaml:4:1 NonStringKey the key '1.5' is not text",
                        "a.yaml:5:3 NonStringKey a key that is not text",
                        "a.yaml:7:3 NonStringKey a key that is not text",
                        "a.yaml:9:2 NonStringKey an empty key");
    }

    @Test
    void guessesThatATemplateWithoutQuotesWasMeant() {
        assertThat(findings("image: {{ .spec.image }}\n"))
                .containsExactly("a.yaml:1:9: error: a key that is not text (put a template such as {{ .x }} in quotes)"
                        + " [NonStringKey]");
    }

    @Test
    void aSecondEqualKeyIsAnErrorAtItsOwnPlace() {
        ReadResult result = read("a:\n  x: 1\n  z: 2\n  x: 3\n");

        assertThat(result.findings())
                .singleElement()
                .hasToString("a.yaml:4:3: error: the key 'x' is already written at line 2, column 3"
                        + " (keep one of the two) [DuplicateKey]");
        assertThat(result.documents().getFirst().root().toJson()).hasToString("{\"a\":{\"x\":1,\"z\":2}}");
    }

    @Test
    void resolvesAliasesAndMerges() {
        assertThat(json("a: &x 1\nb: *x\n")).isEqualTo("{\"a\":1,\"b\":1}");
        assertThat(json("base: &b {p: 1, q: 2}\nc:\n  q: 3\n  <<: *b\n  r: 4\n"))
                .isEqualTo("{\"base\":{\"p\":1,\"q\":2},\"c\":{\"q\":3,\"r\":4,\"p\":1}}");
        assertThat(json("x: &x {p: 1}\nw: &w {p: 2, q: 2}\nz: {<<: [*x, *w]}\n"))
                .isEqualTo("{\"x\":{\"p\":1},\"w\":{\"p\":2,\"q\":2},\"z\":{\"p\":1,\"q\":2}}");
        assertThat(json("&k key: 1\nb: *k\n")).isEqualTo("{\"key\":1,\"b\":\"key\"}");
        assertThat(json("'<<': 1\n")).isEqualTo("{\"<<\":1}");
    }

    @Test
    void aMergedKeyKeepsThePlaceWhereItIsWritten() {
        Node root =
                read("base: &b\n  p: 1\nc:\n  <<: *b\n").documents().getFirst().root();

        assertThat(Pointers.keyPosition(root, "/c/p")).hasToString("a.yaml:2:3");
    }

    @Test
    void refusesBadMergesAndAliases() {
        assertThat(findings("a: {<<: 1}\n"))
                .singleElement()
                .asString()
                .contains("1:5")
                .contains("[WrongType]");
        assertThat(findings("a: {<<: {b: 1}, <<: {c: 1}}\n"))
                .singleElement()
                .asString()
                .contains("[DuplicateKey]");
        assertThat(findings("a: *nowhere\n"))
                .containsExactly(
                        "a.yaml:1:4: error: no anchor &nowhere before this alias (put &nowhere at the value that"
                                + " is meant, in the same document) [NotYaml]");
        assertThat(findings("a: &a\n  b: *a\n"))
                .singleElement()
                .asString()
                .contains("a.yaml:2:6")
                .contains("stands inside of what it names");
        assertThat(findings("a: &a 1\n---\nb: *a\n")).singleElement().asString().contains("a.yaml:3:4");
    }

    @Test
    void refusesTagsThatJsonHasNoWordFor() {
        assertThat(read("[!!binary aGk=, !mine x, !!set {a: ~}, !!timestamp 2026-01-01, !!python/object:os.system x]")
                        .findings())
                .extracting(f -> f.code() + " " + f.message())
                .containsExactly(
                        "UnsupportedTag the tag !!binary is not supported here",
                        "UnsupportedTag the tag !mine is not supported here",
                        "UnsupportedTag the tag !!set is not supported here",
                        "UnsupportedTag the tag !!timestamp is not supported here",
                        "UnsupportedTag the tag !!python/object:os.system is not supported here");
        assertThat(findings("a: !!int x\n")).singleElement().asString().contains("[WrongValue]");
        assertThat(json("[!!int '3', !!null '', !!bool 'true', !!map {}, !!seq [], ! 12]"))
                .isEqualTo("[3,null,true,{},[],\"12\"]");
    }

    @Test
    void refusesNumbersThatJsonCannotSay() {
        assertThat(read("[.inf, -.Inf, .nan, 1e999, 1e99999999999, " + "9".repeat(500) + "]")
                        .findings())
                .hasSize(6)
                .allSatisfy(finding -> assertThat(finding.code().name()).isEqualTo("WrongValue"));
        assertThat(json("[1e-999999999999, 0e99999999999]")).isEqualTo("[0,0]");
    }

    @Test
    void readsJsonWithTabsAndEscapes() {
        assertThat(json("{\n\t\"a\":\t[1, 2.5e3, \"t\\tab \\/ \\u00e4 \\ud83d\\ude00\"],\n\t\"b\": null\n}\n"))
                .isEqualTo("{\"a\":[1,2500,\"t\\tab / ä 😀\"],\"b\":null}");
        Node root = read("{\t\"a\\/\\/b\": \"x\\/\",\t\"c\": 1}")
                .documents()
                .getFirst()
                .root();
        assertThat(Pointers.keyPosition(root, "/c")).hasToString("a.yaml:1:20");
        assertThat(findings("{\"a\": \"\\ud83d\"}")).singleElement().asString().contains("half a character");
    }

    @Test
    void refusesBytesThatAreNotUtf8Text() {
        assertThat(DocumentReader.read("a.yaml", "a: ü\n".getBytes(UTF_16LE)).findings())
                .singleElement()
                .hasToString("a.yaml:1:2: error: the file looks like UTF-16 or UTF-32 (save the file as UTF-8 text)"
                        + " [NotUtf8]");
        assertThat(DocumentReader.read("a.yaml", new byte[] {(byte) 0xFF, (byte) 0xFE, 'a', 0})
                        .findings())
                .singleElement()
                .asString()
                .contains("the file is UTF-16");
        assertThat(DocumentReader.read("a.yaml", new byte[] {'a', ':', '\n', 'b', (byte) 0xFC, '\n'})
                        .findings())
                .singleElement()
                .asString()
                .contains("a.yaml:2:2: error: byte 0xfc is not UTF-8");
        assertThat(findings("a: 1\nb: x\0y\n"))
                .singleElement()
                .asString()
                .contains("a.yaml:2:5")
                .contains("NUL");
        assertThat(findings("a: 1\nb: x\u0007y\n"))
                .singleElement()
                .asString()
                .contains("a.yaml:2:5")
                .contains("U+0007");
    }

    @Test
    void saysWhereAndHowToMendASyntaxError() {
        assertThat(findings("a:\n\tb: 1\n"))
                .containsExactly(
                        "a.yaml:2:1: error: not valid YAML: a tab where YAML wants blanks (indent with blanks) [NotYaml]");
        assertThat(findings("a: b: c\n"))
                .singleElement()
                .asString()
                .contains("a.yaml:1:5")
                .contains("in quotes");
        assertThat(findings("a:\n  - x\n y: 1\n")).singleElement().asString().contains("a.yaml:3:2");
        assertThat(findings("a: 'never closed\n")).singleElement().asString().contains("[NotYaml]");
        assertThat(findings("a: [1, 2\n")).singleElement().asString().contains("[NotYaml]");
        assertThat(findings("a: \"\\k\"\n")).singleElement().asString().contains("[NotYaml]");
        assertThat(findings("%YAML 3.0\n---\na: 1\n"))
                .singleElement()
                .asString()
                .contains("[NotYaml]");
    }

    @Test
    void documentsBeforeASyntaxErrorAreStillThere() {
        ReadResult result = read("a: 1\n---\nb: [\n");

        assertThat(result.hasErrors()).isTrue();
        assertThat(result.documents()).hasSize(1);
    }

    @Test
    void aLineSeparatorInJsonIsRefusedBecauseYamlWouldFoldItAway() {
        ReadResult result = DocumentReader.read("a.json", "{\"a\":\n \"x\u2028 y\"}".getBytes(UTF_8));

        assertThat(result.findings())
                .singleElement()
                .hasToString("a.json:2:4: error: the character U+2028 in JSON would end a line of YAML (write it as an"
                        + " escape, \\u2028) [NotYaml]");
        assertThat(DocumentReader.read("a.json", "{\"a\": \"x\\u2028 y\"}".getBytes(UTF_8))
                        .findings())
                .isEmpty();
    }

    @Test
    void linesAreCountedAlikeBeforeAndAfterDecoding() {
        byte[] latin1 = "a: 1\r# x\r\nb: \u00e4".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

        assertThat(DocumentReader.read("a.yaml", latin1).findings())
                .singleElement()
                .extracting(finding -> String.valueOf(finding.position()))
                .isEqualTo("a.yaml:3:4");
        assertThat(DocumentReader.read("a.yaml", "a: 1\r# x\r\nb: {c\r".getBytes(UTF_8))
                        .findings())
                .singleElement()
                .extracting(finding -> String.valueOf(finding.position()))
                .isEqualTo("a.yaml:4:1");
    }
}
