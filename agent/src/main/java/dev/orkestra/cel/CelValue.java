package dev.orkestra.cel;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A JSON value as expressions see it. It is read as far as an expression looks at it, so making one costs nothing;
 * the JSON must not change afterwards.
 */
public final class CelValue {
    private final Object value;

    private CelValue(Object value) {
        this.value = value;
    }

    /** {@code json}, which must have been checked against {@code shape}: what does not fit fails when it is read. */
    public static CelValue of(JsonNode json, CelShape shape) {
        return new CelValue(Values.of(json, shape));
    }

    /** {@code optional.none()}, for a variable of the shape {@link CelShape.OptionalOf}. */
    public static CelValue none() {
        return new CelValue(java.util.Optional.empty());
    }

    Object value() {
        return value;
    }
}
