package dev.orkestra.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Position;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Random schemas and random values: nothing is thrown, twice the same is found, and each place is in the file. */
class CrdPropertyTest {
    private static final String[] NAMES = {"a", "b", "name", "spec", "metadata", "kind", "x-y", "in"};

    @RepeatedTest(10)
    void whateverSchemaAndValueAreTheFindingsAreSoundAndStable() {
        check(new Random().nextLong());
    }

    @Test
    void knownSeeds() {
        for (long seed = 0; seed < 60; seed++) {
            check(seed);
        }
    }

    private static void check(long seed) {
        RandomGenerator random = new Random(seed);
        String schema = schema(random, 4);
        String spec = value(random, 4);
        String yaml = "apiVersion: crd-it.orkestra.test/v1\nkind: Test\nmetadata: {name: one}\nspec: " + spec + "\n";
        try {
            CustomResourceDefinition definition = CrdFixtures.specOf(schema);
            List<Diagnostic> first = definition.validate(CrdFixtures.document(yaml));
            List<Diagnostic> second = CrdFixtures.specOf(schema).validate(CrdFixtures.document(yaml));
            assertThat(second).isEqualTo(first);
            inside(first, "resource.yaml", yaml);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + "\n" + schema + "\n" + yaml, e);
        }
    }

    private static void inside(List<Diagnostic> findings, String file, String text) {
        List<String> lines = text.lines().toList();
        assertThat(findings).allSatisfy(finding -> {
            Position place = finding.at().orElseThrow();
            assertThat(place.file()).isEqualTo(file);
            assertThat(place.line()).isLessThanOrEqualTo(lines.size());
            assertThat(place.column())
                    .isLessThanOrEqualTo(lines.get(place.line() - 1).length() + 1);
            assertThat(finding.message()).hasSizeLessThan(3_000);
        });
    }

    private static String schema(RandomGenerator random, int depth) {
        StringBuilder schema = new StringBuilder("{");
        String[] types = {"string", "integer", "number", "boolean", "object", "array", "map", ""};
        String type = types[random.nextInt(depth == 0 ? 4 : types.length)];
        if (!type.isEmpty()) {
            schema.append("type: ").append(type);
        } else {
            schema.append("x-kubernetes-int-or-string: ").append(random.nextBoolean());
        }
        if (depth > 0 && random.nextInt(3) > 0) {
            schema.append(", properties: {");
            for (int i = random.nextInt(4); i > 0; i--) {
                schema.append('"')
                        .append(NAMES[random.nextInt(NAMES.length)] + (i == 1 ? "" : i))
                        .append("\": ");
                schema.append(schema(random, depth - 1)).append(", ");
            }
            schema.append('}');
        }
        if (depth > 0 && type.equals("array") && random.nextInt(4) > 0) {
            schema.append(", items: ").append(schema(random, depth - 1));
        }
        if (depth > 0 && random.nextInt(6) == 0) {
            schema.append(", additionalProperties: ").append(random.nextBoolean() ? "true" : schema(random, depth - 1));
        }
        String[] keywords = {
            "minimum: 2",
            "maximum: 3",
            "exclusiveMinimum: true",
            "minLength: 2",
            "maxLength: 3",
            "pattern: '^a'",
            "enum: [1, a, null]",
            "nullable: true",
            "minItems: 1",
            "maxItems: 1",
            "required: [a, b]",
            "default: " + value(random, 1),
            "format: date-time",
            "format: byte",
            "multipleOf: 2",
            "multipleOf: 0",
            "x-kubernetes-preserve-unknown-fields: true",
            "x-kubernetes-embedded-resource: true",
            "x-kubernetes-list-type: set",
            "x-kubernetes-list-type: map",
            "x-kubernetes-list-map-keys: [a, name]",
            "oneOf: [{required: [a]}, {required: [b]}]",
            "not: {required: [name]}",
            "anyOf: [{minimum: 5}, {enum: [a]}]",
            "allOf: [{properties: {a: {minLength: 1}}}]",
            "uniqueItems: true",
            "minimum: x",
            "items: 5",
            "x-kubernetes-validations: [{rule: 'self == self'}]",
            "x-kubernetes-validations: [{rule: 'self.a > 1'}]",
            "x-kubernetes-validations: [{rule: 'has(self.a)', messageExpression: 'string(self.a)'}]",
            "x-kubernetes-validations: [{rule: 'self.all(x, x != null)', fieldPath: .a}]"
        };
        java.util.Set<String> seen =
                new java.util.HashSet<>(java.util.Set.of("items", "type", "x-kubernetes-int-or-string"));
        for (int i = random.nextInt(4); i > 0; i--) {
            String keyword = keywords[random.nextInt(keywords.length)];
            if (seen.add(keyword.substring(0, keyword.indexOf(':')))) {
                schema.append(", ").append(keyword);
            }
        }
        return schema.append('}').toString();
    }

    private static String value(RandomGenerator random, int depth) {
        int kind = random.nextInt(depth == 0 ? 7 : 11);
        return switch (kind) {
            case 0 -> "null";
            case 1 -> "true";
            case 2 -> Integer.toString(random.nextInt(6));
            case 3 -> "2.5";
            case 4 -> "\"a\"";
            case 5 -> "\"2026-01-01T00:00:00Z\"";
            case 6 -> "123456789012345678901234567890";
            case 7, 8 -> {
                StringBuilder list = new StringBuilder("[");
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.append(value(random, depth - 1)).append(", ");
                }
                yield list.append(']').toString();
            }
            default -> {
                StringBuilder map = new StringBuilder("{");
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.append('"')
                            .append(NAMES[random.nextInt(NAMES.length)] + (i == 1 ? "" : i))
                            .append("\": ");
                    map.append(value(random, depth - 1)).append(", ");
                }
                yield map.append('}').toString();
            }
        };
    }
}
