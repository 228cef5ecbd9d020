package dev.orkestra.crd;

import dev.orkestra.cel.CelShape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What rules see of values: only what a schema gives a type. */
final class RuleShapes {
    private static final CelShape METADATA =
            new CelShape.ObjectOf(Map.of("name", CelShape.Scalar.STRING, "generateName", CelShape.Scalar.STRING));

    private RuleShapes() {}

    /**
     * The shape of the schema's values; empty when rules cannot see them.
     *
     * @param isResource whether the value has {@code apiVersion}, {@code kind} and {@code metadata} of its own
     */
    static Optional<CelShape> of(Schema schema, boolean isResource) {
        if (schema.flags().intOrString()) {
            return Optional.of(CelShape.Scalar.ANY);
        }
        return switch (schema.type()) {
            case "array" ->
                schema.items()
                        .flatMap(items -> of(items, items.flags().embedded()))
                        .map(item -> new CelShape.ListOf(item, schema.list().isOrdered()));
            case "object" ->
                schema.additional().isPresent()
                        ? schema.additional()
                                .flatMap(value -> of(value, value.flags().embedded()))
                                .map(CelShape.MapOf::new)
                        : Optional.of(object(schema, isResource));
            case "string" -> Optional.of(text(schema.bounds().format()));
            case "boolean" -> Optional.of(CelShape.Scalar.BOOL);
            case "integer" -> Optional.of(CelShape.Scalar.INT);
            case "number" -> Optional.of(CelShape.Scalar.DOUBLE);
            default -> Optional.empty();
        };
    }

    private static CelShape object(Schema schema, boolean isResource) {
        Map<String, CelShape> fields = new LinkedHashMap<>();
        schema.properties()
                .forEach((name, property) ->
                        of(property, property.flags().embedded()).ifPresent(shape -> fields.put(name, shape)));
        if (isResource) {
            fields.put("apiVersion", CelShape.Scalar.STRING);
            fields.put("kind", CelShape.Scalar.STRING);
            fields.put("metadata", METADATA);
        }
        return new CelShape.ObjectOf(fields);
    }

    private static CelShape text(String format) {
        return switch (format) {
            case "byte" -> CelShape.Scalar.BYTES;
            case "date", "date-time" -> CelShape.Scalar.TIMESTAMP;
            case "duration" -> CelShape.Scalar.DURATION;
            default -> CelShape.Scalar.STRING;
        };
    }
}
