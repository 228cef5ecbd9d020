package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One entry of a {@code dependsOn}.
 *
 * @param target normalised name of the CRD that comes first
 * @param position where the entry is written: the item of a list, the key of a mapping
 */
record Dependency(String target, Position position) {
    /** The entries of {@code crd}: a list of names, a mapping to conditions, or a mapping to mappings. */
    static List<Dependency> of(Node.MapNode crd) {
        List<Dependency> result = new ArrayList<>();
        switch (crd.get("dependsOn").orElse(null)) {
            case null -> {
                return result;
            }
            case Node.ListNode list ->
                list.items().forEach(item -> {
                    if (item instanceof Node.ScalarNode(Object value, Position position)
                            && value instanceof String name) {
                        result.add(new Dependency(normalised(name), position));
                    }
                });
            case Node.MapNode map ->
                map.entries()
                        .forEach((name, entry) -> result.add(new Dependency(normalised(name), entry.keyPosition())));
            case Node.ScalarNode _ -> {
                // The schema has already said that this is neither a list nor a mapping.
            }
        }
        return result;
    }

    /** A CRD's name as the runtime knows it: lower case, without blanks (upstream's rule). */
    private static String normalised(String name) {
        return name.toLowerCase(Locale.ROOT).replace(" ", "");
    }
}
