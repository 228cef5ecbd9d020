package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Composes the blocks beside {@code spec.crds}. Each block has its own rule upstream; they are listed in
 * {@link #merge}.
 */
final class BlockMerge {
    private static final List<String> LAST_ONE_WINS = List.of("gateway", "publish", "lifecycle", "policy");

    private final List<Diagnostic> findings;

    BlockMerge(List<Diagnostic> findings) {
        this.findings = findings;
    }

    /** The head of the composed Katalog; its {@code spec} is the Komposer's without imports. */
    Node.MapNode merge(Source komposer, List<Source> imports) {
        Node.MapNode own = komposer.root();
        Position kind = own.get("kind").map(Node::position).orElse(own.position());
        Node.MapNode result = own.without("imports")
                .with("kind", new Node.Entry(own.keyPosition("kind"), new Node.ScalarNode("Katalog", kind)));
        for (String block : LAST_ONE_WINS) {
            if (!own.entries().containsKey(block)) {
                result = withEntry(result, block, last(imports, block));
            }
        }
        result = withEntry(result, "security", security(komposer, imports));
        result = withEntry(result, "notification", notification(komposer, imports));
        result = withEntry(result, "providers", providers(komposer, imports));
        result = withEntry(result, "profiles", profiles(komposer, imports));
        result = withEntry(result, "notes", notes(komposer, imports));
        return withoutAccept(result);
    }

    private static Node.MapNode withEntry(Node.MapNode map, String key, Optional<Node.Entry> entry) {
        return entry.isPresent() ? map.with(key, entry.get()) : map;
    }

    /** {@code lifecycle.accept} is for Komposers only: the runtime refuses a Katalog that has it. */
    private static Node.MapNode withoutAccept(Node.MapNode root) {
        Node.Entry lifecycle = root.entries().get("lifecycle");
        return lifecycle != null && lifecycle.value() instanceof Node.MapNode map
                ? root.with("lifecycle", new Node.Entry(lifecycle.keyPosition(), map.without("accept")))
                : root;
    }

    private static Optional<Node.Entry> last(List<Source> imports, String block) {
        return imports.reversed().stream()
                .flatMap(source -> Optional.ofNullable(source.root().entries().get(block)).stream())
                .findFirst();
    }

    /** Sub-block by sub-block: the Komposer's where declared, else the last import's. */
    private static Optional<Node.Entry> security(Source komposer, List<Source> imports) {
        return layered("security", komposer, imports, (result, block, isOwn) -> {
            Map<String, Node.Entry> all = new LinkedHashMap<>(result);
            all.putAll(block);
            return all;
        });
    }

    private interface Layering {
        Map<String, Node.Entry> lay(Map<String, Node.Entry> below, Map<String, Node.Entry> above, boolean isOwn);
    }

    /** The imports' blocks in their order, the Komposer's on top. */
    private static Optional<Node.Entry> layered(
            String block, Source komposer, List<Source> imports, Layering layering) {
        Map<String, Node.Entry> result = Map.of();
        Node.Entry shown = null;
        for (Source source : withKomposerLast(komposer, imports)) {
            Node.Entry entry = source.root().entries().get(block);
            if (entry != null && entry.value() instanceof Node.MapNode map) {
                result = layering.lay(result, map.entries(), source.equals(komposer));
                shown = entry;
            }
        }
        return shown == null
                ? Optional.empty()
                : Optional.of(new Node.Entry(
                        shown.keyPosition(),
                        new Node.MapNode(result, shown.value().position())));
    }

    private static List<Source> withKomposerLast(Source komposer, List<Source> imports) {
        List<Source> sources = new ArrayList<>(imports);
        sources.add(komposer);
        return sources;
    }

    /** Teams united by name, the last one wins; upstream lets an import's two switches win over the Komposer's. */
    private Optional<Node.Entry> notification(Source komposer, List<Source> imports) {
        return layered("notification", komposer, imports, (below, above, isOwn) -> {
            Map<String, Node.Entry> all = new LinkedHashMap<>(below);
            above.forEach((key, entry) -> {
                Node.Entry old = all.get(key);
                boolean isSwitch = key.equals("enabled") || key.equals("standalone");
                if (key.equals("teams")
                        && old != null
                        && old.value() instanceof Node.MapNode oldTeams
                        && entry.value() instanceof Node.MapNode newTeams) {
                    Map<String, Node.Entry> teams = new LinkedHashMap<>(oldTeams.entries());
                    teams.putAll(newTeams.entries());
                    all.put(key, new Node.Entry(entry.keyPosition(), new Node.MapNode(teams, newTeams.position())));
                } else if (isSwitch && old != null && isOwn) {
                    ignoredSwitch(key, old, entry);
                } else {
                    all.put(key, entry);
                }
            });
            return all;
        });
    }

    private void ignoredSwitch(String key, Node.Entry old, Node.Entry entry) {
        if (!old.value().toJson().equals(entry.value().toJson())) {
            findings.add(Diagnostic.warning(
                    ErrorCode.IgnoredOverride,
                    "notification." + key + " of the import at " + old.keyPosition() + " stays",
                    entry.keyPosition(),
                    "change it in the imported Katalog"));
        }
    }

    /** The Komposer's list where it is not empty; else all lists of the imports, each name once. */
    private static Optional<Node.Entry> providers(Source komposer, List<Source> imports) {
        Node.Entry own = komposer.root().entries().get("providers");
        if (own != null
                && own.value() instanceof Node.ListNode list
                && !list.items().isEmpty()) {
            return Optional.of(own);
        }
        Map<String, Node> byName = new LinkedHashMap<>();
        Node.Entry first = null;
        for (Source source : imports) {
            Node.Entry entry = source.root().entries().get("providers");
            if (entry != null && entry.value() instanceof Node.ListNode list) {
                first = first == null ? entry : first;
                list.items().forEach(item -> byName.putIfAbsent(nameOf(item), item));
            }
        }
        return first == null
                ? Optional.empty()
                : Optional.of(new Node.Entry(
                        first.keyPosition(),
                        new Node.ListNode(
                                List.copyOf(byName.values()), first.value().position())));
    }

    private static String nameOf(Node item) {
        return item instanceof Node.MapNode map
                ? map.text("name").orElse(item.toJson().toString())
                : item.toJson().toString();
    }

    /** All classes united; one name twice in a class is an error, wherever it stands. */
    private Optional<Node.Entry> profiles(Source komposer, List<Source> imports) {
        return layered("profiles", komposer, imports, (below, above, isOwn) -> {
            Map<String, Node.Entry> all = new LinkedHashMap<>(below);
            above.forEach((key, entry) ->
                    all.merge(key, entry, (old, more) -> new NamedLists(findings, "profile").unite(old, more, false)));
            return all;
        });
    }

    /** All functions united by name; two imports with one name are an error, the Komposer's own wins. */
    private Optional<Node.Entry> notes(Source komposer, List<Source> imports) {
        return layered("notes", komposer, imports, (below, above, isOwn) -> {
            Map<String, Node.Entry> all = new LinkedHashMap<>(below);
            above.forEach((key, entry) ->
                    all.merge(key, entry, (old, more) -> new NamedLists(findings, "note").unite(old, more, isOwn)));
            return all;
        });
    }
}
