package dev.orkestra.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.document.YamlPrinter;
import dev.orkestra.outcome.Diagnostic;

/** The document reader's promises, for any bytes. */
public final class DocumentTarget {
    private static final String FILE = "fuzz.yaml";

    /** Aliases are written out when a value is printed, so that the text may be longer than the file. */
    private static final Limits ROOMY = new Limits(256 << 20, 110, 0, 10, 4_000_000);

    private DocumentTarget() {}

    /** Jazzer's entry point: throws when a promise is broken. */
    public static void fuzzerTestOneInput(byte[] data) {
        Places places = Places.of(FILE, data);
        ReadResult result = DocumentReader.read(FILE, data);
        result.findings().forEach(places::check);
        result.documents().forEach(document -> places.check(document.root()));
        if (!Diagnostic.anyError(result.findings())) {
            result.documents().stream().map(Document::root).forEach(DocumentTarget::readsBack);
        }
    }

    /** What is printed is read back as the same value without any doubt, and printed again as the same text. */
    private static void readsBack(Node root) {
        JsonNode json = root.toJson();
        String canonical = CanonicalJson.text(json);
        String yaml = YamlPrinter.print(json);
        assertThat(CanonicalJson.text(only(yaml))).as("read from %s", yaml).isEqualTo(canonical);
        assertThat(YamlPrinter.print(only(yaml))).isEqualTo(yaml);
        assertThat((long) yaml.getBytes(UTF_8).length).isLessThanOrEqualTo(YamlPrinter.mostBytes(root));
        if (canonical.chars().noneMatch(DocumentTarget::isForJsonAlone)) {
            assertThat(CanonicalJson.text(only(canonical))).as("read from JSON").isEqualTo(canonical);
        }
    }

    /** JSON may hold them as they are and YAML may not; the reader says so. */
    private static boolean isForJsonAlone(int c) {
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || c >= 0xFFFE;
    }

    private static JsonNode only(String text) {
        ReadResult result = DocumentReader.read(FILE, text.getBytes(UTF_8), ROOMY);
        assertThat(result.findings()).as("findings in %s", text).isEmpty();
        assertThat(result.documents()).as("documents in %s", text).hasSize(1);
        return result.documents().getFirst().root().toJson();
    }
}
