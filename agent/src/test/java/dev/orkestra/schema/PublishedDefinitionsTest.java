package dev.orkestra.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The API server reads the custom resource definition, editors and {@code ork validate} read the JSON Schema. This
 * keeps the two from saying different things.
 */
class PublishedDefinitionsTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final List<String> SAME_WORDS = List.of(
            "description", "enum", "default", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems");

    @ParameterizedTest
    @CsvSource({
        "orkestra.azure.microsoft.com_applicationgroups, applicationgroup",
        "orkestra.dev_configrepos, configrepo",
    })
    void schemaAndDefinitionSayTheSameOfEveryField(String definition, String schema) {
        JsonNode version = read("crds/" + definition + ".yaml").at("/spec/versions/0/schema/openAPIV3Schema");
        JsonNode published = read(schema + ".schema.json");

        compare(version.at("/properties/spec"), published.at("/properties/spec"), "spec", true);
    }

    @ParameterizedTest
    @CsvSource({
        "orkestra.azure.microsoft.com_applicationgroups, applicationgroup",
        "orkestra.dev_configrepos, configrepo",
    })
    void schemaNamesTheVersionAndKindOfTheDefinition(String definition, String schema) {
        JsonNode spec = read("crds/" + definition + ".yaml").path("spec");
        JsonNode published = read(schema + ".schema.json").path("properties");

        assertThat(published.at("/apiVersion/const").asText())
                .isEqualTo(spec.path("group").asText() + "/"
                        + spec.at("/versions/0/name").asText());
        assertThat(published.at("/kind/const").asText())
                .isEqualTo(spec.at("/names/kind").asText());
    }

    private static void compare(JsonNode definition, JsonNode schema, String path, boolean top) {
        for (String word : SAME_WORDS) {
            // The definition describes the whole resource where the schema describes its spec. Editors want a text for
            // each field; the definition leaves out what says itself.
            boolean isExtra = word.equals("description") && (top || !definition.has(word));
            if (!isExtra) {
                assertThat(schema.path(word)).as("%s of %s", word, path).isEqualTo(definition.path(word));
            }
        }
        assertThat(types(schema)).as("types of %s", path).isEqualTo(types(definition));
        assertThat(words(schema.path("required")))
                .as("required of %s", path)
                .isEqualTo(words(definition.path("required")));
        if (definition.has("pattern")) {
            assertThat(schema.path("pattern")).as("pattern of %s", path).isEqualTo(definition.path("pattern"));
        }
        boolean open = definition.path("x-kubernetes-preserve-unknown-fields").asBoolean();
        if (definition.path("type").asText().equals("object")) {
            assertThat(schema.path("additionalProperties").asText())
                    .as("whether %s takes unknown fields", path)
                    .isEqualTo(open ? "" : "false");
        }
        assertThat(names(schema.path("properties")))
                .as("fields of %s", path)
                .isEqualTo(names(definition.path("properties")));
        for (String name : names(definition.path("properties"))) {
            JsonNode field = definition.path("properties").path(name);
            compare(field, schema.path("properties").path(name), path + "." + name, false);
        }
        if (definition.has("items")) {
            compare(definition.path("items"), schema.path("items"), path + "[]", false);
        }
    }

    /** The definition says null with a word of its own. */
    private static Set<String> types(JsonNode node) {
        Set<String> types = words(node.path("type"));
        if (node.path("nullable").asBoolean()) {
            types.add("null");
        }
        return types;
    }

    private static Set<String> words(JsonNode node) {
        Stream<JsonNode> values =
                node.isArray() ? node.valueStream() : Stream.of(node).filter(JsonNode::isTextual);
        return values.map(JsonNode::asText).collect(TreeSet::new, Set::add, Set::addAll);
    }

    private static Set<String> names(JsonNode properties) {
        return properties.propertyStream().map(Map.Entry::getKey).collect(TreeSet::new, Set::add, Set::addAll);
    }

    private static JsonNode read(String file) {
        try (InputStream in = PublishedDefinitionsTest.class.getResourceAsStream("/schemas/" + file)) {
            return YAML.readTree(in);
        } catch (IOException e) {
            throw new AssertionError("cannot read " + file, e);
        }
    }
}
