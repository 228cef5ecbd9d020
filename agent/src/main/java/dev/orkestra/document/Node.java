package dev.orkestra.document;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.outcome.Position;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value that remembers where it was written. Nodes are immutable, so composing documents moves them whole and each
 * keeps the place of the overlay that wrote it (DESIGN.md §2, "provenance survives every merge").
 */
public sealed interface Node {
    /** Where the value begins. */
    Position position();

    /** The same value as JSON, without positions. The result is a fresh tree on each call. */
    JsonNode toJson();

    /**
     * A mapping, in the order in which it was written.
     *
     * @param entries by key; the map is unmodifiable and keeps the written order
     */
    record MapNode(Map<String, Entry> entries, Position position) implements Node {
        public MapNode {
            entries = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(entries));
        }

        public Optional<Node> get(String key) {
            return Optional.ofNullable(entries.get(key)).map(Entry::value);
        }

        /** The text at {@code key}, if there is a string there. */
        public Optional<String> text(String key) {
            return get(key).flatMap(value ->
                    value instanceof ScalarNode(Object scalar, Position _) && scalar instanceof String text
                            ? Optional.of(text)
                            : Optional.empty());
        }

        /** Whether {@code key} is there and true. */
        public boolean isTrue(String key) {
            return get(key).filter(
                            value -> value instanceof ScalarNode(Object flag, Position _) && Boolean.TRUE.equals(flag))
                    .isPresent();
        }

        public Optional<MapNode> map(String key) {
            return get(key).flatMap(value -> value instanceof MapNode map ? Optional.of(map) : Optional.empty());
        }

        public Optional<ListNode> list(String key) {
            return get(key).flatMap(value -> value instanceof ListNode list ? Optional.of(list) : Optional.empty());
        }

        /** This mapping with {@code key} set: in its old place where it was there, else at the end. */
        public MapNode with(String key, Entry entry) {
            Map<String, Entry> copy = new java.util.LinkedHashMap<>(entries);
            copy.put(key, entry);
            return new MapNode(copy, position);
        }

        public MapNode without(String key) {
            Map<String, Entry> copy = new java.util.LinkedHashMap<>(entries);
            copy.remove(key);
            return new MapNode(copy, position);
        }

        /** Where {@code key} itself is written, or this mapping's own place when it is not there. */
        public Position keyPosition(String key) {
            Entry entry = entries.get(key);
            return entry == null ? position : entry.keyPosition();
        }

        @Override
        public JsonNode toJson() {
            return Nodes.toJson(this);
        }
    }

    /**
     * One key of a mapping.
     *
     * @param keyPosition where the key begins
     */
    record Entry(Position keyPosition, Node value) {}

    record ListNode(List<Node> items, Position position) implements Node {
        public ListNode {
            items = List.copyOf(items);
        }

        @Override
        public JsonNode toJson() {
            return Nodes.toJson(this);
        }
    }

    /**
     * A scalar.
     *
     * @param value String, Boolean, Long, java.math.BigInteger, java.math.BigDecimal, or null
     */
    record ScalarNode(@Nullable Object value, Position position) implements Node {
        @Override
        public JsonNode toJson() {
            return Nodes.toJson(this);
        }
    }
}
