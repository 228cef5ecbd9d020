package dev.orkestra.group;

import dev.orkestra.document.Node;
import dev.orkestra.document.Suggestions;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Names and dependencies inside one list: each name once, each dependency in the list, no circle. */
final class DependencyRules {
    /** More circles than a person mends at once. */
    private static final int MOST_CYCLES = 20;

    /** Names that a mistaken one is compared with; more would take long for a hint. */
    private static final int MOST_COMPARED = 500;

    private static final String NOT_THERE = "add it to the list, or remove this dependency";

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
                            nearest(name, edge.to));
                }
            }
            known.put(name, targets);
        });
        circles(known);
    }

    /** What was probably meant by {@code written}; never {@code name} itself, which cannot wait for itself. */
    private String nearest(String name, String written) {
        if (findings.isFull() || names.size() > MOST_COMPARED) {
            return NOT_THERE;
        }
        List<String> others =
                names.keySet().stream().filter(other -> !other.equals(name)).toList();
        return Suggestions.closest(written, others)
                .map(close -> "did you mean '" + close + "'?")
                .orElse(NOT_THERE);
    }

    private void circles(Map<String, List<String>> known) {
        List<List<String>> circles = Cycles.disjoint(known, MOST_CYCLES + 1);
        for (List<String> circle : circles.subList(0, Math.min(MOST_CYCLES, circles.size()))) {
            findings.error(
                    ErrorCode.DependencyCycle,
                    "dependencies form a circle (" + what + "): " + String.join(" -> ", circle),
                    position(circle),
                    "remove one of these dependencies");
        }
        if (circles.size() > MOST_CYCLES) {
            findings.add(new Diagnostic(
                    ErrorCode.LimitExceeded,
                    Severity.INFO,
                    "there are more than " + MOST_CYCLES + " circles (" + what + "); the others are not shown",
                    position(circles.getLast()),
                    "mend these first"));
        }
    }

    /** Where the first edge of {@code circle} is written. */
    private Position position(List<String> circle) {
        return position(circle.getFirst(), circle.get(1));
    }

    private Position position(String from, String to) {
        return edges.getOrDefault(from, List.of()).stream()
                .filter(edge -> edge.to.equals(to))
                .map(Edge::position)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a circle is made of edges"));
    }
}
