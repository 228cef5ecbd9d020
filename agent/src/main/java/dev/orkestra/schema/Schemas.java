package dev.orkestra.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.DialectId;
import com.networknt.schema.format.DateTimeFormat;
import com.networknt.schema.keyword.KeywordType;
import com.networknt.schema.keyword.NonValidationKeyword;
import com.networknt.schema.serialization.NodeReader;
import dev.orkestra.document.Document;
import dev.orkestra.outcome.Diagnostic;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The published schemas, by {@code apiVersion} and {@code kind}. Compiling one takes a third of a second on a cold
 * machine, so each is compiled when it is first asked for, once in a process. Safe for use from many threads.
 */
public final class Schemas {
    private static final String PUBLISHED_AT = "https://orkestra.dev/schemas/";
    private static final int LONGEST_KIND = 60;
    /** What the library's own dialect of Draft 2020-12 has. */
    private static final Map<String, Boolean> VOCABULARIES = Stream.of(
                    "core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation", "content")
            .collect(Collectors.toMap(name -> "https://json-schema.org/draft/2020-12/vocab/" + name, _ -> true));

    private static final JsonFactory JSON = new JsonFactory();
    private static final Schemas BUNDLED = new Schemas(Schemas::readFile, true);

    /** The text of a schema file by its path under {@code schemas/}; null when there is none. */
    private final Function<String, @Nullable String> files;

    /** Whether a test has looked already at what they refer to. */
    private final boolean trusted;

    private final Map<String, Optional<JsonNode>> texts = new ConcurrentHashMap<>();
    private final Map<String, Schema> compiled = new ConcurrentHashMap<>();

    /** All $refs lead to {@link #files}: nothing is ever fetched. */
    private @Nullable SchemaRegistry registry;

    /** Schemas from {@code files}; everything but tests wants those that are {@linkplain #bundled bundled}. */
    Schemas(Function<String, @Nullable String> files) {
        this(files, false);
    }

    private Schemas(Function<String, @Nullable String> files, boolean trusted) {
        this.files = files;
        this.trusted = trusted;
    }

    /** The schemas that this program was built with. */
    public static Schemas bundled() {
        return BUNDLED;
    }

    /** Whether there is a schema for documents of this kind. */
    public boolean covers(String apiVersion, String kind) {
        return text(kind)
                .map(schema -> schema.path("properties"))
                .filter(properties -> isConstant(properties.path("apiVersion"), apiVersion)
                        && isConstant(properties.path("kind"), kind))
                .isPresent();
    }

    /** Compiles the schema of a kind before somebody waits for it. */
    public void prepare(String kind) {
        if (text(kind).isPresent()) {
            compiled.computeIfAbsent(kind, this::compile);
        }
    }

    /** What is wrong with {@code document}; nothing for a kind without a schema. */
    public List<Diagnostic> validate(Document document) {
        String apiVersion = document.apiVersion().orElse("");
        String kind = document.kind().orElse("");
        return covers(apiVersion, kind) ? validateAs(document, apiVersion, kind) : List.of();
    }

    /** What is wrong with {@code document} if it is meant to be of this kind, which must be {@linkplain #covers covered}. */
    public List<Diagnostic> validateAs(Document document, String apiVersion, String kind) {
        if (!covers(apiVersion, kind)) {
            return List.of();
        }
        Schema schema = compiled.computeIfAbsent(kind, this::compile);
        return new SchemaFindings(document, this::schemaAt)
                .of(schema.validate(prepared(document.root().toJson())));
    }

    /**
     * A member without a value is one that is not set, as for the decoders of Kubernetes and of Orkestra's runtime; a
     * required one is then missing.
     */
    private static JsonNode prepared(JsonNode value) {
        return switch (value) {
            case ObjectNode object -> {
                ObjectNode copy = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(member -> {
                    if (!member.getValue().isNull()) {
                        copy.set(member.getKey(), prepared(member.getValue()));
                    }
                });
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
                array.forEach(item -> copy.add(prepared(item)));
                yield copy;
            }
            default -> value;
        };
    }

    private static boolean isConstant(JsonNode property, String value) {
        if (property.path("const").asText("").equals(value)) {
            return true;
        }
        for (JsonNode allowed : property.path("enum")) {
            if (allowed.asText().equals(value)) {
                return true;
            }
        }
        return false;
    }

    private Schema compile(String kind) {
        if (!trusted) {
            refuseForeignReferences(fileOf(kind), new HashSet<>());
        }
        return registry().getSchema(SchemaLocation.of(PUBLISHED_AT + fileOf(kind)));
    }

    /**
     * Looks at all that {@code file} refers to before the validator does.
     *
     * @throws IllegalStateException for a reference that leads out of the published files; a defect of the schema
     */
    private void refuseForeignReferences(String file, Set<String> seen) {
        if (!seen.add(file)) {
            return;
        }
        JsonNode schema =
                textOf(file).orElseThrow(() -> new IllegalStateException("there is no schema " + PUBLISHED_AT + file));
        for (String word : List.of("$ref", "$dynamicRef")) {
            for (JsonNode reference : schema.findValues(word)) {
                if (reference.isTextual()) {
                    URI target = URI.create(PUBLISHED_AT + file).resolve(reference.asText());
                    String address = target.toString();
                    String path = address.contains("#") ? address.substring(0, address.indexOf('#')) : address;
                    if (!path.startsWith(PUBLISHED_AT)) {
                        throw new IllegalStateException("the schema " + file + " refers to " + target.getHost()
                                + "; schemas are never fetched");
                    }
                    refuseForeignReferences(path.substring(PUBLISHED_AT.length()), seen);
                }
            }
        }
    }

    private synchronized SchemaRegistry registry() {
        if (registry == null) {
            Dialect dialect = dialect();
            SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                    .regularExpressionFactory(new LinearExpressions())
                    .formatAssertionsEnabled(true)
                    .build();
            registry = SchemaRegistry.withDialect(
                    dialect,
                    builder -> builder.schemaRegistryConfig(config)
                            .schemas(this::published)
                            .nodeReader(new PublishedFiles())
                            .schemaLoader(loader -> loader.fetchRemoteResources(false)));
        }
        return registry;
    }

    /**
     * Draft 2020-12 with the one format that our schemas use: the library's own dialect prepares some twenty, which
     * takes longer than most commands do.
     */
    private static Dialect dialect() {
        // Our own x-… keywords say things to people and to SchemaFindings; the validator need not know them.
        return Dialect.builder(DialectId.DRAFT_2020_12)
                .specificationVersion(SpecificationVersion.DRAFT_2020_12)
                .idKeyword("$id")
                .vocabularies(VOCABULARIES)
                .format(new DateTimeFormat())
                .keywords(KeywordType.getKeywords(SpecificationVersion.DRAFT_2020_12))
                .unknownKeywordFactory((keyword, context) -> new NonValidationKeyword(keyword))
                .build();
    }

    /** What the validator reads instead of the text of a published file: its name, for {@link PublishedFiles}. */
    private @Nullable String published(String iri) {
        return iri.startsWith(PUBLISHED_AT) ? iri.substring(PUBLISHED_AT.length()) : null;
    }

    /** Gives the validator what is parsed already. */
    private final class PublishedFiles implements NodeReader {
        @Override
        public JsonNode readTree(String name, InputFormat format) throws IOException {
            return textOf(name).orElseThrow(() -> new IOException("there is no schema " + PUBLISHED_AT + name));
        }

        @Override
        public JsonNode readTree(InputStream name, InputFormat format) throws IOException {
            return readTree(new String(name.readAllBytes(), StandardCharsets.UTF_8), format);
        }
    }

    /** The schema object at an absolute location such as {@code https://…/katalog.schema.json#/$defs/crd}. */
    private JsonNode schemaAt(String iri, String pointer) {
        if (!iri.startsWith(PUBLISHED_AT)) {
            return JsonNodeFactory.instance.missingNode();
        }
        return textOf(iri.substring(PUBLISHED_AT.length()))
                .map(schema -> schema.at(pointer))
                .orElse(JsonNodeFactory.instance.missingNode());
    }

    private Optional<JsonNode> text(String kind) {
        boolean isName = !kind.isEmpty()
                && kind.length() <= LONGEST_KIND
                && kind.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c));
        return isName ? textOf(fileOf(kind)) : Optional.empty();
    }

    private Optional<JsonNode> textOf(String file) {
        return texts.computeIfAbsent(
                file, name -> Optional.ofNullable(files.apply(name)).map(Schemas::parse));
    }

    private static String fileOf(String kind) {
        return kind.toLowerCase(Locale.ROOT) + ".schema.json";
    }

    private static JsonNode parse(String text) {
        // Without a mapper, which would take longer to make than all schemas to read.
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            return value(parser);
        } catch (IOException e) {
            throw new IllegalStateException("a bundled schema is no JSON", e);
        }
    }

    private static JsonNode value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.set(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                yield array;
            }
            case VALUE_STRING -> JsonNodeFactory.instance.textNode(parser.getText());
            case VALUE_TRUE -> JsonNodeFactory.instance.booleanNode(true);
            case VALUE_FALSE -> JsonNodeFactory.instance.booleanNode(false);
            case VALUE_NULL -> JsonNodeFactory.instance.nullNode();
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.INT
                        ? JsonNodeFactory.instance.numberNode(parser.getIntValue())
                        : JsonNodeFactory.instance.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> JsonNodeFactory.instance.numberNode(parser.getDecimalValue());
            default -> throw new IllegalStateException("a bundled schema ends in the middle");
        };
    }

    private static @Nullable String readFile(String name) {
        try (InputStream stream = Schemas.class.getResourceAsStream("/schemas/" + name)) {
            return stream == null ? null : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
