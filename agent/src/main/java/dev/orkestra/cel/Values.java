package dev.orkestra.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.orkestra.document.GoDuration;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;

/** Reads JSON as the values that the library calculates with. */
final class Values {
    private Values() {}

    /** A text has a form that the API server may know, but not this. */
    static final class Unreadable extends RuntimeException {
        Unreadable(String message) {
            super(message);
        }
    }

    /**
     * The value of {@code json}.
     *
     * @throws Unreadable where a text does not have the form of its shape
     */
    static Object of(JsonNode json, CelShape shape) {
        if (json.isNull() || json.isMissingNode()) {
            return NullValue.NULL_VALUE;
        }
        return switch (shape) {
            case CelShape.OptionalOf(CelShape value) -> java.util.Optional.of(of(json, value));
            case CelShape.ListOf(CelShape item, boolean _) when json.isArray() -> new ListView(json, item);
            case CelShape.MapOf(CelShape value) when json.isObject() -> new MapView(json, null, value);
            case CelShape.ObjectOf(Map<String, CelShape> fields)
            when json.isObject() -> new MapView(json, fields, CelShape.Scalar.ANY);
            case CelShape.Scalar scalar when json.isValueNode() -> scalar(json, scalar);
            default -> any(json);
        };
    }

    private static Object scalar(JsonNode json, CelShape.Scalar shape) {
        return switch (shape) {
            case DOUBLE -> json.isNumber() ? (Object) json.doubleValue() : any(json);
            case INT -> json.isNumber() && json.canConvertToLong() ? (Object) json.longValue() : any(json);
            case BYTES -> json.isTextual() ? CelByteString.of(bytes(json.textValue())) : any(json);
            case TIMESTAMP -> json.isTextual() ? timestamp(json.textValue()) : any(json);
            case DURATION ->
                json.isTextual()
                        ? GoDuration.parse(json.textValue()).orElseThrow(() -> new Unreadable("a text is no duration"))
                        : any(json);
            case ANY, BOOL, STRING -> any(json);
        };
    }

    private static byte[] bytes(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new Unreadable("a text is not in base 64");
        }
    }

    private static Instant timestamp(String text) {
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new Unreadable("a text is no moment");
        }
    }

    private static Object any(JsonNode json) {
        return switch (json.getNodeType()) {
            case OBJECT, POJO -> new MapView(json, null, CelShape.Scalar.ANY);
            case ARRAY -> new ListView(json, CelShape.Scalar.ANY);
            case STRING, BINARY -> json.asText();
            case BOOLEAN -> json.booleanValue();
            case NUMBER -> number(json);
            case NULL, MISSING -> NullValue.NULL_VALUE;
        };
    }

    private static Object number(JsonNode json) {
        if (!json.isIntegralNumber()) {
            return json.doubleValue();
        }
        if (json.canConvertToLong()) {
            return json.longValue();
        }
        return json.bigIntegerValue().signum() > 0 && json.bigIntegerValue().bitLength() <= 64
                ? UnsignedLong.valueOf(json.bigIntegerValue())
                : (Object) json.doubleValue();
    }
}
