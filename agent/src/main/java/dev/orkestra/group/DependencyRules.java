package dev.orkestra.group;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Names and dependencies inside one list: each name once, each dependency in the list, no circle. */
final class DependencyRules {
    private final RuleFindings findings;
    private final String what;
    private final Map<String, Position> names = new LinkedHashMap<>();
    private final Map<String, List<Edge>> edges = new LinkedHashMap<>();

    private record Edge(String to, Position position) {}

    /** @param what the kind of thing in the list, as messages say it */
    DependencyRules(RuleFindings findings, String what) {
        this.findings = findings;
        this.what = what;
    }

    /** Adds a thing of the list. Its dependencies stand in {@code node}. */
    void add(String name, Node.MapNode node) {
        Position first = names.putIfAbsent(name, node.keyPosition("name"));
        if (first != null) {
            findings.error(
                    ErrorCode.DuplicateObject,
                    "there are two entries '" + name + "' (" + what + ")",
                    node.keyPosition("name"),
                    "rename or remove one");
            return;
        }
        List<Edge> needed = new ArrayList<>();
        node.list("dependencies")
                .ifPresent(list -> list.items().forEach(item -> {
                    if (item instanceof Node.ScalarNode scalar && scalar.value() instanceof String text) {
                        needed.add(new Edge(text, scalar.position()));
                    }
                }));
        edges.put(name, needed);
    }

    /** Checks the dependencies, once all names are known. */
    void check() {
        Map<String, List<String>> known = new LinkedHashMap<>();
        edges.forEach((name, needed) -> {
            List<String> targets = new ArrayList<>();
            for (Edge edge : needed) {
                if (edge.to.equals(name)) {
                    findings.error(
                            ErrorCode.SelfDependency,
                            "'" + name + "' (" + what + ") depends on itself",
                            edge.position,
                            "remove this dependency");
                } else if (names.containsKey(edge.to)) {
                    targets.add(edge.to);
                } else {
                    findings.error(
                            ErrorCode.UnknownDependency,
                            "'" + name + "' (" + what + ") depends on '" + edge.to + "', which is not in the list",
                            edge.position,
                            "known are: " + String.join(", ", new TreeSet<>(names.keySet())));
                }
            }
            known.put(name, targets);
        });
        Cycles.first(known)
                .ifPresent(cycle -> findings.error(
                        ErrorCode.DependencyCycle,
                        "dependencies form a circle (" + what + "): " + String.join(" -> ", cycle),
                        position(cycle.getFirst(), cycle.get(1)),
                        "remove one of these dependencies"));
    }

    private Position position(String from, String to) {
        return edges.getOrDefault(from, List.of()).stream()
                .filter(edge -> edge.to.equals(to))
                .map(Edge::position)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a circle is made of edges"));
    }
}
