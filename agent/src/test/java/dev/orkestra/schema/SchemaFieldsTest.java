package dev.orkestra.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The schemas against lists of fields and values that were made from the reference, by hand and not from the schemas:
 * {@code schema/fields/<kind>.txt}, and {@code values.txt} for enums and defaults.
 */
class SchemaFieldsTest {
    private static final Set<String> PARTS = Set.of("common", "crd", "gateway", "profiles", "resources", "serve");
    private final SchemaWalk walk = new SchemaWalk();

    @ParameterizedTest
    @ValueSource(strings = {"katalog", "komposer", "motif", "simulate", "e2e", "applicationgroup", "configrepo"})
    void everyFieldOfTheReferenceIsInTheSchema(String kind) throws IOException {
        List<String> fields = lines("fields/" + kind + ".txt");

        assertThat(fields).hasSizeGreaterThan(20);
        assertThat(fields.stream()
                        .filter(field -> walk.at(kind + ".schema.json", field).isEmpty())
                        .toList())
                .as("fields that the schema of %s lacks", kind)
                .isEmpty();
    }

    /** An editor resolves a relative reference against $id, and would ask an address that nobody serves. */
    @Test
    void noSchemaHasAnIdSoThatACopyOfTheFolderWorks() throws IOException {
        try (Stream<Path> files = Files.walk(Testbed.root().resolve("schemas"))) {
            List<Path> schemas = files.filter(file -> file.toString().endsWith(".schema.json"))
                    .toList();
            assertThat(schemas).hasSizeGreaterThan(12);
            for (Path schema : schemas) {
                assertThat(Files.readString(schema)).as(schema.toString()).doesNotContain("\"$id\"");
            }
        }
    }

    @Test
    void aFieldThatNoSchemaHasIsFoundMissing() {
        assertThat(walk.at("katalog.schema.json", "spec.crds.*.replicaCount")).isEmpty();
        assertThat(walk.at("katalog.schema.json", "spec.crds.*.enabled[]")).isEmpty();
        assertThat(walk.at("katalog.schema.json", "metadata.*")).isEmpty();
        assertThat(walk.at("katalog.schema.json", "spec.crds.*.operatorBox.reconcile.onDelete.groups[].jobs[].image"))
                .isNotEmpty();
    }

    @Test
    void valuesAndDefaultsAreThoseOfTheReference() throws IOException {
        List<String> problems = new ArrayList<>();
        for (String line : lines("fields/values.txt")) {
            String[] words = line.split(" ", 4);
            List<SchemaWalk.Place> places = walk.at(words[0] + ".schema.json", words[1]);
            boolean holds = switch (words[2]) {
                case "=" -> allowed(places).equals(set(words[3]));
                case ":" -> offered(places).containsAll(set(words[3]));
                case "~" -> defaults(places).contains(words[3]);
                default -> throw new AssertionError("no such relation: " + line);
            };
            if (!holds) {
                problems.add(line + " <> " + allowed(places) + offered(places) + defaults(places));
            }
        }
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "katalog",
                "komposer",
                "motif",
                "simulate",
                "e2e",
                "applicationgroup",
                "configrepo",
                "rulesettings",
                "plan",
                "validate-output",
                "katalog/common",
                "katalog/crd",
                "katalog/gateway",
                "katalog/profiles",
                "katalog/resources",
                "katalog/serve"
            })
    void everyFieldIsDescribedAndEveryOpenObjectSaysWhy(String name) {
        String file = name + ".schema.json";
        JsonNode schema = walk.file(file);
        List<String> problems = new ArrayList<>();
        collect(file, schema, "", problems);

        assertThat(problems).isEmpty();
        assertThat(schema.path("$schema").asText()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(schema.path("title").asText()).isNotEmpty();
    }

    @Test
    void referencesStayAmongThePublishedFiles() {
        Set<String> seen = new HashSet<>();
        for (String kind :
                List.of("katalog", "komposer", "motif", "simulate", "e2e", "applicationgroup", "configrepo")) {
            references(kind + ".schema.json", walk.file(kind + ".schema.json"), seen);
        }
        for (String part : PARTS) {
            assertThat(seen).as("use of " + part).anyMatch(name -> name.equals("katalog/" + part + ".schema.json"));
        }
    }

    private void references(String file, JsonNode schema, Set<String> seen) {
        for (JsonNode reference : schema.findValues("$ref")) {
            assertThat(reference.asText()).as("a reference of %s", file).doesNotContain(":");
            SchemaWalk.Place target = walk.follow(file, reference.asText());
            assertThat(target.schema().isObject())
                    .as("%s refers to %s", file, reference)
                    .isTrue();
            if (seen.add(target.file())) {
                references(target.file(), walk.file(target.file()), seen);
            }
        }
    }

    private void collect(String file, JsonNode schema, String path, List<String> problems) {
        schema.path("properties").properties().forEach(property -> {
            JsonNode field = property.getValue();
            boolean described = field.has("description")
                    || (field.has("$ref")
                            && walk.follow(file, field.path("$ref").asText())
                                    .schema()
                                    .has("description"));
            if (!described && !path.contains("/anyOf/") && !path.contains("/if")) {
                problems.add(path + "/" + property.getKey() + " has no description");
            }
        });
        boolean isObject = schema.path("type").asText().equals("object");
        if (isObject && !schema.has("additionalProperties") && !schema.has("$comment") && !path.contains("anyOf")) {
            problems.add(path + " is open and does not say why");
        }
        if (isObject && schema.has("properties") && schema.has("description") && !schema.has("title")) {
            problems.add(path + " has no title");
        }
        schema.properties().forEach(member -> {
            boolean isSchema = member.getValue().isContainerNode()
                    && !Set.of("default", "examples", "defaultSnippets", "enum", "x-moved")
                            .contains(member.getKey());
            if (isSchema) {
                collect(file, member.getValue(), path + "/" + member.getKey(), problems);
            }
        });
        if (schema.isArray()) {
            for (int i = 0; i < schema.size(); i++) {
                collect(file, schema.get(i), path + "/" + i, problems);
            }
        }
    }

    private static Set<String> allowed(List<SchemaWalk.Place> places) {
        Set<String> values = new TreeSet<>();
        for (SchemaWalk.Place place : places) {
            place.schema().path("enum").forEach(value -> values.add(value.asText()));
            if (place.schema().has("const")) {
                values.add(place.schema().path("const").asText());
            }
        }
        return values;
    }

    private static Set<String> offered(List<SchemaWalk.Place> places) {
        Set<String> values = new TreeSet<>();
        places.forEach(place -> place.schema().path("examples").forEach(value -> values.add(value.asText())));
        return values;
    }

    private static Set<String> defaults(List<SchemaWalk.Place> places) {
        Set<String> values = new LinkedHashSet<>();
        for (SchemaWalk.Place place : places) {
            JsonNode value = place.schema().path("default");
            if (value.isArray()) {
                values.add("["
                        + String.join(
                                ", ",
                                StreamSupport.stream(value.spliterator(), false)
                                        .map(JsonNode::asText)
                                        .toList())
                        + "]");
            } else if (value.isValueNode()) {
                values.add(value.asText());
            }
        }
        return values;
    }

    private static Set<String> set(String values) {
        return new TreeSet<>(List.of(values.split(", ")));
    }

    private static List<String> lines(String resource) throws IOException {
        try (var stream = SchemaFieldsTest.class.getResourceAsStream("/schema/" + resource)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }
}
