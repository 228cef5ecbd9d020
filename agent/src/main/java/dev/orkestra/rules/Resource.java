package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;

/**
 * One resource template.
 *
 * @param key the list it stands in, such as {@code deployments}
 */
record Resource(Hook hook, String key, Node.MapNode node) {
    Position position() {
        return node.position();
    }

    /** {@code deployment 'web'}: how messages name it; by its list alone when it has no name of its own. */
    String shown() {
        String kind = ResourceKinds.shown(key);
        return node.text("name")
                .filter(name -> !name.isEmpty())
                .map(name -> kind + " '" + name + "'")
                .orElse(kind);
    }
}
