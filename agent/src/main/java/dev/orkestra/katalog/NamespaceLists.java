package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import java.util.List;

/**
 * The namespaces that {@code security.namespaceProtection} allows or restricts. They hold for every CRD of the Katalog
 * or Komposer that says so, beside the CRD's own (orkspace-katalog.md §1.4, §2.6). Only one such block reaches the
 * composed Katalog, so each is put where it belongs before.
 */
final class NamespaceLists {
    private static final List<String> LISTS = List.of("restrictedNamespaces", "allowedNamespaces");

    private NamespaceLists() {}

    /** {@code crd} with the lists of the document {@code head} behind its own, each namespace once. */
    static Node.MapNode add(Node.MapNode crd, Node.MapNode head) {
        Node.MapNode result = crd;
        for (String list : LISTS) {
            Node all = Paths.get(head, List.of("security", "namespaceProtection", list))
                    .orElse(null);
            if (all instanceof Node.ListNode namespaces && !namespaces.items().isEmpty()) {
                List<String> path = List.of("operatorBox", "runtime", list);
                result = Paths.set(
                        result,
                        path,
                        new Node.Entry(namespaces.position(), Paths.union(Paths.get(result, path), namespaces)));
            }
        }
        return result;
    }

    /** How many namespaces {@link #add} puts into each CRD. */
    static long count(Node.MapNode head) {
        return LISTS.stream()
                .map(list -> Paths.get(head, List.of("security", "namespaceProtection", list))
                        .orElse(null))
                .mapToLong(node ->
                        node instanceof Node.ListNode list ? list.items().size() : 0)
                .sum();
    }
}
