package dev.orkestra.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The small parts that everything persisted is made of. */
final class Json {
    static final int SCHEMA_VERSION = 1;

    private static final String SCHEMA_FIELD = "schemaVersion";

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ObjectNode versioned() {
        return object().put(SCHEMA_FIELD, SCHEMA_VERSION);
    }

    /**
     * Throws what tells an operator that an older agent was started over a newer one's state.
     *
     * @throws NewerStateException when {@code node} was written by a newer agent
     */
    static void checkVersion(JsonNode node) {
        int version = node.path(SCHEMA_FIELD).asInt(SCHEMA_VERSION);
        if (version > SCHEMA_VERSION) {
            throw new NewerStateException(version, SCHEMA_VERSION);
        }
    }

    static <T> List<T> list(JsonNode array, Function<JsonNode, T> read) {
        List<T> items = new ArrayList<>();
        array.forEach(item -> items.add(read.apply(item)));
        return List.copyOf(items);
    }

    static <T> ArrayNode array(List<T> items, Function<T, JsonNode> write) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(items.size());
        items.forEach(item -> array.add(write.apply(item)));
        return array;
    }

    /** Writes {@code value} with {@code write}, unless it is null. */
    static <T> void ifPresent(@Nullable T value, Consumer<T> write) {
        if (value != null) {
            write.accept(value);
        }
    }

    /** Reads an object that may be missing. */
    static <T> @Nullable T optional(JsonNode node, Function<JsonNode, T> read) {
        return node.isMissingNode() || node.isNull() ? null : read.apply(node);
    }

    static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }

    static void putText(ObjectNode node, String field, String text) {
        if (!text.isEmpty()) {
            node.put(field, text);
        }
    }

    static Instant instant(JsonNode text) {
        return Instant.parse(text.asText());
    }

    static ObjectNode key(ObjectKey key) {
        ObjectNode node = object();
        putText(node, "group", key.group());
        node.put("kind", key.kind());
        putText(node, "namespace", key.namespace());
        return node.put("name", key.name());
    }

    static ObjectKey key(JsonNode node) {
        return new ObjectKey(text(node, "group"), text(node, "kind"), text(node, "namespace"), text(node, "name"));
    }

    /** {@code wave} is the number that people wrote; layer and hook phase only where they say more. */
    static ObjectNode wave(ObjectNode node, Wave wave) {
        node.put("wave", wave.number());
        if (wave.layer() != wave.number()) {
            node.put("layer", wave.layer());
        }
        if (wave.phase() != Wave.Phase.SYNC) {
            node.put("hook", wave.phase().name());
        }
        return node;
    }

    static Wave wave(JsonNode node) {
        int number = node.path("wave").asInt();
        Wave.Phase phase = Wave.Phase.valueOf(node.path("hook").asText(Wave.Phase.SYNC.name()));
        return new Wave(node.path("layer").asInt(number), phase, number);
    }

    static ObjectNode diagnostic(Diagnostic diagnostic) {
        ObjectNode node = object().put("code", diagnostic.code().name())
                .put("severity", diagnostic.severity().name().toLowerCase(Locale.ROOT))
                .put("message", diagnostic.message());
        ifPresent(diagnostic.position(), position -> node.put("position", position.toString()));
        putText(node, "hint", diagnostic.hint());
        putText(node, "rule", diagnostic.rule());
        if (!diagnostic.importedBy().isEmpty()) {
            ArrayNode places = node.putArray("importedBy");
            diagnostic.importedBy().forEach(place -> places.add(place.toString()));
        }
        return node;
    }

    static Diagnostic diagnostic(JsonNode node) {
        List<Position> importedBy = new ArrayList<>();
        node.path("importedBy").forEach(place -> importedBy.add(position(place.asText())));
        return new Diagnostic(
                ErrorCode.valueOf(text(node, "code")),
                Severity.valueOf(text(node, "severity").toUpperCase(Locale.ROOT)),
                text(node, "message"),
                optional(node.path("position"), position -> position(position.asText())),
                text(node, "hint"),
                importedBy,
                text(node, "rule"));
    }

    /** {@code file:line:column}; the file's name may hold colons itself. */
    static Position position(String text) {
        int column = text.lastIndexOf(':');
        int line = text.lastIndexOf(':', column - 1);
        return new Position(
                text.substring(0, line),
                Integer.parseInt(text.substring(line + 1, column)),
                Integer.parseInt(text.substring(column + 1)));
    }
}
