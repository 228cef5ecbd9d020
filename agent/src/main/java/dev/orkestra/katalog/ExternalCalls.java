package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The places of a CRD entry where external calls can be included, each item with {@code include} replaced by the
 * {@code calls} of its file: gates, hooks and the groups in them, admission.
 */
final class ExternalCalls {
    private static final List<List<String>> PLACES = List.of(
            List.of("operatorBox", "preReconcile", "external"),
            List.of("operatorBox", "preReconcile", "enqueueGate", "external"),
            List.of("operatorBox", "preReconcile", "reconcileGate", "external"),
            List.of("operatorBox", "reconcile", "hooks", "external"),
            List.of("admission", "validation", "external"),
            List.of("admission", "mutation", "external"));
    private static final List<String> GATE = List.of("enqueueGate", "external");

    private final Includes includes;
    private final Location base;

    ExternalCalls(Includes includes, Location base) {
        this.includes = includes;
        this.base = base;
    }

    Node.MapNode expand(Node.MapNode crd) {
        Node.MapNode result = crd;
        for (List<String> place : PLACES) {
            result = calls(result, place);
        }
        for (String phase : List.of("onCreate", "onReconcile", "onDelete")) {
            List<String> path = List.of("operatorBox", "reconcile", phase);
            if (Paths.get(result, path).orElse(null) instanceof Node.MapNode hook) {
                result = Includes.withValue(result, path, hook(hook));
            }
        }
        List<String> watch = List.of("operatorBox", "observe", "watch");
        if (Paths.get(result, watch).orElse(null) instanceof Node.ListNode list) {
            result = Includes.withValue(result, watch, gates(list));
        }
        List<String> events = List.of("operatorBox", "observe", "events");
        if (Paths.get(result, events).orElse(null) instanceof Node.MapNode map) {
            Map<String, Node.Entry> entries = new LinkedHashMap<>();
            map.entries()
                    .forEach((name, entry) ->
                            entries.put(name, new Node.Entry(entry.keyPosition(), gate(entry.value()))));
            result = Includes.withValue(result, events, new Node.MapNode(entries, map.position()));
        }
        return result;
    }

    private Node.MapNode calls(Node.MapNode holder, List<String> path) {
        return includes.items(base, holder, path, "calls");
    }

    /** Groups are hooks themselves. */
    private Node.MapNode hook(Node.MapNode hook) {
        Node.MapNode result = calls(hook, List.of("external"));
        if (result.list("groups").isEmpty()) {
            return result;
        }
        Node.ListNode groups = result.list("groups").orElseThrow();
        List<Node> items = new ArrayList<>();
        groups.items().forEach(item -> items.add(item instanceof Node.MapNode group ? hook(group) : item));
        return Includes.withValue(result, List.of("groups"), new Node.ListNode(items, groups.position()));
    }

    private Node.ListNode gates(Node.ListNode list) {
        return new Node.ListNode(list.items().stream().map(this::gate).toList(), list.position());
    }

    private Node gate(Node holder) {
        return holder instanceof Node.MapNode map ? calls(map, GATE) : holder;
    }
}
