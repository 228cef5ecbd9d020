package dev.orkestra.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.outcome.Diagnostic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a schema or a document must not be able to do: reach the network, or take more than its share of time. */
class SchemaSafetyTest {
    private static final String HEAD = """
            {"$schema": "https://json-schema.org/draft/2020-12/schema",
             "$id": "https://orkestra.dev/schemas/thing.schema.json",
             "type": "object",
             "properties": {"apiVersion": {"const": "a/v1"}, "kind": {"const": "Thing"}, "it": %s}}
            """;

    private static List<String> validate(String schemaOfIt, Map<String, String> others, String it) {
        Schemas schemas =
                new Schemas(file -> file.equals("thing.schema.json") ? HEAD.formatted(schemaOfIt) : others.get(file));
        Document document = DocumentReader.read("t.yaml", ("apiVersion: a/v1\nkind: Thing\nit: " + it).getBytes(UTF_8))
                .documents()
                .getFirst();
        return schemas.validate(document).stream().map(Diagnostic::toString).toList();
    }

    @Test
    void aSchemaThatRefersToTheNetworkIsRefusedAndNoRequestLeaves() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("{}".getBytes(UTF_8));
            exchange.close();
        });
        server.start();
        try {
            String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/other.json";

            assertThatThrownBy(() -> validate("{\"$ref\": \"" + address + "\"}", Map.of(), "1"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the schema thing.schema.json refers to 127.0.0.1; schemas are never fetched");
            assertThatThrownBy(() -> validate(
                            "{\"$ref\": \"part.schema.json\"}",
                            Map.of("part.schema.json", "{\"items\": {\"$ref\": \"" + address + "#/a\"}}"),
                            "1"))
                    .hasMessage("the schema part.schema.json refers to 127.0.0.1; schemas are never fetched");
            assertThat(requests).hasValue(0);
        } finally {
            server.stop(0);
        }
    }

    /** They are trusted at run time, for looking costs a cold start its tenth part; so they are looked at here. */
    @Test
    void thePublishedSchemasReferToOneAnotherOnlyAndUseTheFormatsThatTheValidatorHas() throws IOException {
        Path folder = Path.of("../schemas");
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".json")).toList()) {
                JsonNode schema = new ObjectMapper().readTree(Files.readString(file));
                for (String reference : schema.findValuesAsText("$ref")) {
                    String target = reference.replaceFirst("#.*", "");
                    assertThat(reference).as("%s", file).doesNotContain("://");
                    assertThat(target.isEmpty() ? file : file.resolveSibling(target))
                            .as("%s", file)
                            .exists();
                }
                assertThat(schema.findParents("format").stream()
                                .filter(parent -> parent.path("format").isTextual())
                                .map(parent -> parent.path("format").asText()))
                        .as("%s: a further format belongs into Schemas.dialect", file)
                        .allMatch("date-time"::equals);
            }
        }
    }

    @Test
    void aReferenceToAFileThatIsNotPublishedIsADefect() {
        assertThatThrownBy(() -> validate("{\"$ref\": \"nowhere.schema.json\"}", Map.of(), "1"))
                .hasMessageContaining("there is no schema https://orkestra.dev/schemas/nowhere.schema.json");
    }

    @Test
    void aReferenceToAnotherPublishedFileIsFollowed() {
        Map<String, String> others = Map.of("parts/p.schema.json", "{\"$defs\": {\"d\": {\"type\": \"integer\"}}}");

        assertThat(validate("{\"$ref\": \"parts/p.schema.json#/$defs/d\"}", others, "1"))
                .isEmpty();
        assertThat(validate("{\"$ref\": \"parts/p.schema.json#/$defs/d\"}", others, "a"))
                .containsExactly("t.yaml:3:1: error: 'it' is text; allowed is a whole number [WrongType]");
    }

    /** With a matcher that backtracks, this pattern takes 2^n steps for n letters. */
    @Test
    void aPatternThatInvitesBacktrackingEndsAtOnce() {
        String evil = "a".repeat(100_000) + "b";

        List<String> findings = assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> validate("{\"pattern\": \"^(a+)+$\", \"x-expected\": \"only a\"}", Map.of(), "'" + evil + "'"));

        assertThat(findings).containsExactly("t.yaml:3:1: error: 'it' must be only a [WrongValue]");
    }

    /** Java's own matcher overflows the stack here. */
    @Test
    void aRepeatedGroupOverALongTextNeedsNoStack() {
        String longText = "ab".repeat(200_000);

        assertThat(validate("{\"pattern\": \"^(a|b)*$\"}", Map.of(), "'" + longText + "'"))
                .isEmpty();
    }

    @Test
    void aPatternThatLooksAheadIsADefectOfTheSchema() {
        assertThatThrownBy(() -> validate("{\"pattern\": \"^(?!a)\"}", Map.of(), "b"))
                .isInstanceOf(RuntimeException.class);
    }
}
