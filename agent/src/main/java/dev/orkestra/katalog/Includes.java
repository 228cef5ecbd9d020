package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;

/**
 * Puts the content of {@code include} files in their place. The runtime gets the composed Katalog alone, so nothing may
 * be left to be read. Included lists come before inline ones; where both have a name, the inline one stays. A path is
 * relative to the folder of the document that has the include.
 */
final class Includes {
    private static final List<String> WEBHOOKS = List.of("github", "gitlab", "slack", "generic");

    private final Fragments fragments;

    Includes(ComposeRequest request, Inputs inputs, List<Diagnostic> findings) {
        this.fragments = new Fragments(request, inputs, findings);
    }

    /** The document with all that it includes; an include that cannot be had is left out, and has its finding. */
    Node.MapNode expand(Source source) {
        Node.MapNode root = source.root();
        if (!mentionsInclude(root)) {
            return root;
        }
        root = topLevel(source.location(), root);
        Map<String, Node.Entry> crds = new LinkedHashMap<>();
        source.crds()
                .forEach((name, entry) -> crds.put(
                        name,
                        entry.value() instanceof Node.MapNode crd
                                ? new Node.Entry(entry.keyPosition(), crd(source.location(), crd))
                                : entry));
        return crds.isEmpty() ? root : CrdEntries.withCrds(root, crds);
    }

    /** The fragments of a Motif: only its notes and profiles may include. */
    Node.MapNode topLevel(Location base, Node.MapNode document) {
        Node.MapNode root = block(base, document, List.of("notes"), Set.of("functions"), Includes::prependLists);
        root = block(
                base,
                root,
                List.of("profiles"),
                Set.of("profiles"),
                (own, file) -> file.map("profiles")
                        .map(classes -> prependLists(own, classes))
                        .orElse(own));
        root = block(base, root, List.of("gateway", "api", "auth"), Set.of("tokens"), Includes::listsByName);
        root = block(
                base,
                root,
                List.of("gateway", "clusters"),
                Set.of("clusters"),
                (own, file) -> file.map("clusters")
                        .map(clusters -> under(own, clusters))
                        .orElse(own));
        for (String kind : WEBHOOKS) {
            root = items(base, root, List.of("gateway", "webhooks", kind), kind);
        }
        return block(
                base,
                root,
                List.of("gateway", "webhooks"),
                Set.of("webhooks"),
                (own, file) -> file.map("webhooks")
                        .map(webhooks -> listsByName(own, webhooks))
                        .orElse(own));
    }

    private Node.MapNode crd(Location base, Node.MapNode entry) {
        if (!mentionsInclude(entry)) {
            return entry;
        }
        Node.MapNode crd = items(base, entry, List.of("operatorBox", "observe", "watch"), "watch");
        crd = block(base, crd, List.of("operatorBox", "observe"), Set.of("watch", "events"), Includes::prependLists);
        crd = block(
                base,
                crd,
                List.of("operatorBox", "reconcile"),
                Set.of("reconciler", "reconcile"),
                (own, file) -> file.map("reconcile")
                        .or(() -> file.map("reconciler"))
                        .map(block -> under(own, block))
                        .orElse(own));
        crd = block(base, crd, List.of("operatorBox", "emit", "status"), Set.of("fields"), Includes::prependLists);
        crd = block(base, crd, List.of("admission", "validation"), Set.of("rules"), Includes::prependLists);
        crd = block(base, crd, List.of("admission", "mutation"), Set.of("rules"), Includes::prependLists);
        crd = block(base, crd, List.of("admission", "conversion"), Set.of("paths"), Includes::prependLists);
        crd = block(base, crd, List.of("serve"), Set.of("fields", "labels", "annotations"), Includes::prependLists);
        return targets(base, new ExternalCalls(this, base).expand(crd));
    }

    private Node.MapNode targets(Location base, Node.MapNode crd) {
        Node.MapNode result = crd;
        Optional<Node> targets = Paths.get(crd, List.of("serve", "target"));
        if (targets.isPresent() && targets.get() instanceof Node.MapNode all) {
            for (String alias : all.entries().keySet()) {
                result = block(
                        base, result, List.of("serve", "target", alias), Set.of("tokens", "config"), Includes::under);
                List<String> box = List.of("serve", "target", alias, "operatorBox");
                if (Paths.get(result, box).orElse(null) instanceof Node.MapNode own) {
                    result = withValue(result, box, operatorBox(base, own));
                }
            }
        }
        return result;
    }

    /** The operator of a target, which may have all that the entry's own may have. */
    private Node operatorBox(Location base, Node.MapNode box) {
        Node.Entry entry = new Node.Entry(box.position(), box);
        Node.MapNode holder = new Node.MapNode(Map.of("operatorBox", entry), box.position());
        return crd(base, holder).get("operatorBox").orElse(box);
    }

    /** Whether there is anything to do: most documents include nothing. */
    private static boolean mentionsInclude(Node node) {
        return switch (node) {
            case Node.MapNode map ->
                map.entries().containsKey("include")
                        || map.entries().values().stream().anyMatch(entry -> mentionsInclude(entry.value()));
            case Node.ListNode list -> list.items().stream().anyMatch(Includes::mentionsInclude);
            case Node.ScalarNode _ -> false;
        };
    }

    /** The mapping at {@code path} merged with the file that its {@code include} names. */
    private Node.MapNode block(
            Location base,
            Node.MapNode root,
            List<String> path,
            Set<String> allowed,
            BinaryOperator<Node.MapNode> merge) {
        if (!(Paths.get(root, path).orElse(null) instanceof Node.MapNode holder)) {
            return root;
        }
        Optional<Node> include = holder.get("include");
        if (include.isEmpty()) {
            return root;
        }
        Node.MapNode own = Paths.withoutNothing(holder.without("include"));
        Node.MapNode merged = fragments
                .read(base, include.get(), allowed)
                .map(file -> merge.apply(own, file))
                .orElse(own);
        return withValue(root, path, merged);
    }

    /** {@code root} with another value where {@code path} leads; the key keeps its place. */
    static Node.MapNode withValue(Node.MapNode root, List<String> path, Node value) {
        return Paths.set(root, path, new Node.Entry(keyPosition(root, path), value));
    }

    /** The list at {@code path}, each item with {@code include} replaced by the list {@code key} of its file. */
    Node.MapNode items(Location base, Node.MapNode root, List<String> path, String key) {
        if (!(Paths.get(root, path).orElse(null) instanceof Node.ListNode list) || !mentionsInclude(list)) {
            return root;
        }
        List<Node> items = new ArrayList<>();
        for (Node item : list.items()) {
            Optional<Node> include = item instanceof Node.MapNode map ? map.get("include") : Optional.empty();
            if (include.isEmpty()) {
                items.add(item);
            } else {
                fragments
                        .read(base, include.get(), Set.of(key))
                        .flatMap(file -> file.list(key))
                        .ifPresent(included -> items.addAll(included.items()));
            }
        }
        return withValue(root, path, new Node.ListNode(items, list.position()));
    }

    private static Position keyPosition(Node.MapNode root, List<String> path) {
        Node holder = path.size() == 1
                ? root
                : Paths.get(root, path.subList(0, path.size() - 1)).orElse(root);
        return holder instanceof Node.MapNode map ? map.keyPosition(path.getLast()) : root.position();
    }

    /** Lists of the file before those of the document; of mappings, the document's entries stay. */
    private static Node.MapNode prependLists(Node.MapNode own, Node.MapNode file) {
        Map<String, Node.Entry> all = new LinkedHashMap<>(own.entries());
        file.entries()
                .forEach((key, entry) -> all.merge(key, entry, (inline, included) -> {
                    if (inline.value() instanceof Node.ListNode last
                            && included.value() instanceof Node.ListNode first) {
                        List<Node> items = new ArrayList<>(first.items());
                        items.addAll(last.items());
                        return new Node.Entry(inline.keyPosition(), new Node.ListNode(items, last.position()));
                    }
                    return inline.value() instanceof Node.MapNode inner
                                    && included.value() instanceof Node.MapNode below
                            ? new Node.Entry(inline.keyPosition(), under(inner, below))
                            : inline;
                }));
        return new Node.MapNode(all, own.position());
    }

    /** Entries of the file where the document has none. */
    private static Node.MapNode under(Node.MapNode own, Node.MapNode file) {
        Map<String, Node.Entry> all = new LinkedHashMap<>(own.entries());
        file.entries().forEach(all::putIfAbsent);
        return new Node.MapNode(all, own.position());
    }

    /** Lists of both; of two items with one name the document's stays, in the file's place. */
    private static Node.MapNode listsByName(Node.MapNode own, Node.MapNode file) {
        Map<String, Node.Entry> all = new LinkedHashMap<>(own.entries());
        file.entries()
                .forEach((key, entry) -> all.merge(key, entry, (inline, included) -> {
                    if (inline.value() instanceof Node.ListNode last
                            && included.value() instanceof Node.ListNode first) {
                        Map<String, Node> byName = new LinkedHashMap<>();
                        first.items().forEach(item -> byName.put(NamedLists.name(item), item));
                        last.items().forEach(item -> byName.put(NamedLists.name(item), item));
                        return new Node.Entry(
                                inline.keyPosition(), new Node.ListNode(List.copyOf(byName.values()), last.position()));
                    }
                    return inline;
                }));
        return new Node.MapNode(all, own.position());
    }
}
