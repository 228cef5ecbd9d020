package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One enabled entry of {@code spec.crds}.
 *
 * @param name normalised
 * @param position where its key is written
 */
record Crd(String name, Position position, Node.MapNode node) {
    /** Whether an entry says {@code enabled: false}. */
    static boolean isDisabled(Node.MapNode crd) {
        return crd.get("enabled")
                .filter(node -> node instanceof Node.ScalarNode(Object flag, var _) && Boolean.FALSE.equals(flag))
                .isPresent();
    }

    /** The value at a path below the entry, such as {@code operatorBox.reconcile.queue}. */
    Optional<Node> get(String path) {
        return Fields.get(node, path);
    }

    Optional<Node.MapNode> map(String path) {
        return Fields.map(node, path);
    }

    /** Whether its objects live in namespaces: what it says, else yes. */
    boolean isNamespaced() {
        return Fields.flag(node, "namespaced").orElse(true);
    }

    /** Its operatorBox under the empty name, then those of its serve targets under theirs. */
    Map<String, Node.MapNode> boxes() {
        Map<String, Node.MapNode> boxes = new LinkedHashMap<>();
        node.map("operatorBox").ifPresent(box -> boxes.put("", box));
        map("serve.target")
                .ifPresent(targets -> targets.entries().forEach((name, entry) -> {
                    if (entry.value() instanceof Node.MapNode target) {
                        target.map("operatorBox").ifPresent(box -> boxes.put(name, box));
                    }
                }));
        return boxes;
    }
}
