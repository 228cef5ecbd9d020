package dev.orkestra.crd;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import dev.orkestra.schema.Words;
import org.jspecify.annotations.Nullable;

/**
 * A value's place in a document.
 *
 * @param name how people are told of it
 * @param position the key, or the item of a list
 * @param isDefault whether the value comes from the definition, whose positions would be those of another file
 */
record Place(String name, Position position, boolean isDefault) {
    static Place root(Node root) {
        return new Place("the document", root.position(), false);
    }

    /** The value at {@code key} of {@code map}, which is here. */
    Place at(Node.MapNode map, String key, @Nullable Schema schema) {
        Node.Entry entry = map.entries().get(key);
        boolean fromDefinition = isDefault || entry != null && isDefaultOf(schema, entry.value());
        Position there = fromDefinition || entry == null ? position : entry.keyPosition();
        return new Place("'" + Words.shortened(key) + "'", there, fromDefinition);
    }

    /** The item {@code index} of {@code list}, which is here. */
    Place item(Node.ListNode list, int index, @Nullable Schema schema) {
        Node item = list.items().get(index);
        boolean fromDefinition = isDefault || isDefaultOf(schema, item);
        String bare = name.startsWith("'") ? name.substring(1, name.length() - 1) : name;
        return new Place("'" + bare + "[" + index + "]'", fromDefinition ? position : item.position(), fromDefinition);
    }

    @SuppressWarnings("ReferenceEquality") // the very node that the definition has, not one that looks like it
    private static boolean isDefaultOf(@Nullable Schema schema, Node value) {
        return schema != null
                && schema.defaultValue().filter(node -> node == value).isPresent();
    }
}
