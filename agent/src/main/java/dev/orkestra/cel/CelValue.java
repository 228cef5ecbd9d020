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

    /**
     * {@code json}, which must have been checked against {@code shape}. A text that does not have the form of its shape
     * makes the expressions that look at it {@link CelResult.NotKnown}.
     */
    public static CelValue of(JsonNode json, CelShape shape) {
        try {
            return new CelValue(Values.of(json, shape));
        } catch (Values.Unreadable e) {
            return new CelValue(e);
        }
    }

    /** {@code optional.none()}, for a variable of the shape {@link CelShape.OptionalOf}. */
    public static CelValue none() {
        return new CelValue(java.util.Optional.empty());
    }

    Object value() {
        return value;
    }
}
