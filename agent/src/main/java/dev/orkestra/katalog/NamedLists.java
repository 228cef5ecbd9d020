package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Unites two collections of named things: mappings by key, lists by each item's {@code name}. */
final class NamedLists {
    private final List<Diagnostic> findings;
    private final String what;

    NamedLists(List<Diagnostic> findings, String what) {
        this.findings = findings;
        this.what = what;
    }

    /**
     * Both together.
     *
     * @param newerWins whether a name in both is the newer one's; otherwise it is an error
     */
    Node.Entry unite(Node.Entry older, Node.Entry newer, boolean newerWins) {
        if (older.value() instanceof Node.MapNode first && newer.value() instanceof Node.MapNode second) {
            Map<String, Node.Entry> all = new LinkedHashMap<>(first.entries());
            second.entries().forEach((name, entry) -> {
                Node.Entry old = all.put(name, entry);
                conflict(name, old == null ? null : old.keyPosition(), entry.keyPosition(), newerWins);
            });
            return new Node.Entry(newer.keyPosition(), new Node.MapNode(all, second.position()));
        }
        if (older.value() instanceof Node.ListNode first && newer.value() instanceof Node.ListNode second) {
            return new Node.Entry(newer.keyPosition(), unite(first, second, newerWins));
        }
        return newer;
    }

    private Node.ListNode unite(Node.ListNode first, Node.ListNode second, boolean newerWins) {
        Map<String, Node> byName = new LinkedHashMap<>();
        List<Node> all = new ArrayList<>();
        first.items().forEach(item -> byName.put(name(item), item));
        for (Node item : second.items()) {
            Node old = byName.put(name(item), item);
            conflict(name(item), old == null ? null : old.position(), item.position(), newerWins);
        }
        all.addAll(byName.values());
        return new Node.ListNode(all, second.position());
    }

    private void conflict(String name, @Nullable Position older, Position newer, boolean newerWins) {
        // One place that several imports lead to, such as a Motif's, is one declaration.
        if (older != null && !older.equals(newer) && !newerWins) {
            findings.add(Diagnostic.error(
                    ErrorCode.DuplicateName,
                    "the " + what + " '" + name + "' is already declared at " + older,
                    newer,
                    "rename one of the two"));
        }
    }

    static String name(Node item) {
        return item instanceof Node.MapNode map
                ? map.text("name").orElse(item.toJson().toString())
                : item.toJson().toString();
    }
}
