package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.document.Suggestions;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Dependencies lead to CRDs that are there, and never in a circle. */
final class DependencyRules {
    /** More circles than a person mends at once; each costs one pass over what is left. */
    private static final int MOST_CYCLES = 20;

    /** Names that a mistaken one is compared with; more would take long for a hint. */
    private static final int MOST_COMPARED = 1_000;

    private final List<Diagnostic> findings;
    private final String entryFile;

    /**
     * The rules.
     *
     * @param entryFile the file whose edges are to blame first: what an overlay adds to a Katalog that was sound alone
     */
    DependencyRules(List<Diagnostic> findings, String entryFile) {
        this.findings = findings;
        this.entryFile = entryFile;
    }

    /** An edge of the graph: {@code from} depends on {@code dependency}. */
    private record Edge(String from, Dependency dependency) {}

    void check(Map<String, Node.MapNode> enabled, Map<String, Node.Entry> all) {
        SortedMap<String, SortedMap<String, Edge>> graph = new TreeMap<>();
        enabled.forEach((name, crd) -> {
            SortedMap<String, Edge> edges = new TreeMap<>();
            for (Dependency dependency : Dependency.of(crd)) {
                if (dependency.target().equals(name)) {
                    self(name, dependency);
                } else if (enabled.containsKey(dependency.target())) {
                    edges.putIfAbsent(dependency.target(), new Edge(name, dependency));
                } else {
                    unknown(name, dependency, enabled, all);
                }
            }
            graph.put(name, edges);
        });
        for (int cycles = 0; cycles < MOST_CYCLES && trim(graph); cycles++) {
            List<Edge> cycle = firstCycle(graph);
            report(cycle);
            cycle.forEach(edge -> graph.remove(edge.from()));
        }
    }

    private void self(String name, Dependency dependency) {
        findings.add(Diagnostic.error(
                ErrorCode.SelfDependency,
                "the CRD '" + name + "' depends on itself",
                dependency.position(),
                "remove this entry"));
    }

    private void unknown(
            String name, Dependency dependency, Map<String, Node.MapNode> enabled, Map<String, Node.Entry> all) {
        boolean disabled = all.containsKey(dependency.target());
        String hint = disabled
                ? "enable it, or remove this entry"
                : Suggestions.closest(dependency.target(), enabled.size() > MOST_COMPARED ? Set.of() : enabled.keySet())
                        .map(close -> "did you mean '" + close + "'?")
                        .orElse("declare it, or remove this entry");
        findings.add(Diagnostic.error(
                ErrorCode.UnknownDependency,
                "the CRD '" + name + "' depends on '" + dependency.target() + "', which "
                        + (disabled ? "is disabled" : "is not there"),
                dependency.position(),
                hint));
    }

    /** Takes away what cannot be in a circle, because nothing leads to it or from it; whether anything is left. */
    private static boolean trim(SortedMap<String, SortedMap<String, Edge>> graph) {
        Map<String, List<String>> before = new HashMap<>();
        Map<String, Integer> out = new HashMap<>();
        Queue<String> ends = new ArrayDeque<>();
        graph.values().forEach(edges -> edges.keySet().removeIf(target -> !graph.containsKey(target)));
        graph.forEach((name, edges) -> {
            out.put(name, edges.size());
            edges.keySet()
                    .forEach(target -> before.computeIfAbsent(target, _ -> new ArrayList<>())
                            .add(name));
            if (edges.isEmpty()) {
                ends.add(name);
            }
        });
        for (String end = ends.poll(); end != null; end = ends.poll()) {
            graph.remove(end);
            for (String name : before.getOrDefault(end, List.of())) {
                if (out.merge(name, -1, Integer::sum) == 0) {
                    ends.add(name);
                }
            }
        }
        graph.values().forEach(edges -> edges.keySet().removeIf(target -> !graph.containsKey(target)));
        return !graph.isEmpty();
    }

    /** A shortest circle; after {@link #trim} every name leads into one. */
    private static List<Edge> firstCycle(SortedMap<String, SortedMap<String, Edge>> graph) {
        // Walking on from any name must come back to one that was seen: that one is on a circle.
        Map<String, Integer> seen = new HashMap<>();
        String name = graph.firstKey();
        while (seen.putIfAbsent(name, seen.size()) == null) {
            name = edges(graph, name).firstKey();
        }
        return shortestWay(graph, name);
    }

    private static List<Edge> shortestWay(SortedMap<String, SortedMap<String, Edge>> graph, String start) {
        Map<String, Edge> reachedBy = new HashMap<>();
        Queue<String> queue = new ArrayDeque<>(List.of(start));
        while (!reachedBy.containsKey(start)) {
            for (Edge edge : edges(graph, queue.remove()).values()) {
                if (reachedBy.putIfAbsent(edge.dependency().target(), edge) == null) {
                    queue.add(edge.dependency().target());
                }
            }
        }
        List<Edge> way = new ArrayList<>();
        String name = start;
        do {
            Edge edge = Objects.requireNonNull(reachedBy.get(name));
            way.addFirst(edge);
            name = edge.from();
        } while (!name.equals(start));
        return startingAtSmallest(way);
    }

    private static SortedMap<String, Edge> edges(SortedMap<String, SortedMap<String, Edge>> graph, String name) {
        return Objects.requireNonNull(graph.get(name));
    }

    private static List<Edge> startingAtSmallest(List<Edge> cycle) {
        Edge first = cycle.stream().min(Comparator.comparing(Edge::from)).orElseThrow();
        int index = cycle.indexOf(first);
        List<Edge> turned = new ArrayList<>(cycle.subList(index, cycle.size()));
        turned.addAll(cycle.subList(0, index));
        return turned;
    }

    private void report(List<Edge> cycle) {
        StringBuilder names = new StringBuilder();
        StringBuilder places = new StringBuilder();
        for (Edge edge : cycle) {
            names.append(edge.from()).append(" -> ");
            places.append(places.isEmpty() ? "" : ", ")
                    .append(edge.from())
                    .append(" at ")
                    .append(edge.dependency().position());
        }
        names.append(cycle.getFirst().from());
        findings.add(Diagnostic.error(
                ErrorCode.DependencyCycle,
                "the dependencies go in a circle: " + names,
                toBlame(cycle),
                "remove one of these entries: " + places));
    }

    /** The last edge that the entry itself wrote, else the last of all. */
    private Position toBlame(List<Edge> cycle) {
        Comparator<Edge> byPlace =
                Comparator.comparing(edge -> edge.dependency().position());
        return cycle.stream()
                .filter(edge -> edge.dependency().position().file().equals(entryFile))
                .max(byPlace)
                .or(() -> cycle.stream().max(byPlace))
                .orElseThrow()
                .dependency()
                .position();
    }
}
