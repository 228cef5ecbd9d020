package dev.orkestra.rules;

import dev.orkestra.document.Suggestions;
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
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Dependencies lead to CRDs that are there, and never in a circle. */
final class DependencyRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                    "SelfDependency",
                    "a CRD depends on itself",
                    """
                    It would wait for itself to start, for ever. Remove the entry. In an ApplicationGroup this is an error
                    whatever the settings say.""",
                    "Orkestra refuses it as well (validation step 5)",
                    DependencyRules::self),
            Rule.error(
                    "UnknownDependency",
                    "a CRD depends on one that is not there",
                    """
                    It would never start. A disabled CRD counts as not there, for it does not start either. Names are
                    compared as the runtime knows them: in lower case, without blanks. In an ApplicationGroup this is an error
                    whatever the settings say.""",
                    "Orkestra refuses it as well (validation step 5)",
                    DependencyRules::unknown),
            Rule.error(
                    "DependencyCycle",
                    "dependencies lead back to where they began",
                    """
                    None of the CRDs on the circle could start first. The finding prints the whole circle, and stands at
                    the edge that the overlay itself adds where there is one: the Katalog was sound without it. In an
                    ApplicationGroup this is an error whatever the settings say.""",
                    "Orkestra refuses it as well (validation step 5), and names one CRD of the circle only",
                    DependencyRules::cycles));

    /** More circles than a person mends at once; each costs one pass over what is left. */
    private static final int MOST_CYCLES = 20;

    /** Names that a mistaken one is compared with; more would take long for a hint. */
    private static final int MOST_COMPARED = 1_000;

    private DependencyRules() {}

    /** An edge of the graph: {@code from} depends on {@code dependency}. */
    private record Edge(String from, Dependency dependency) {}

    private static void self(View view, Report report) {
        for (Crd crd : view.crds()) {
            for (Dependency dependency : Dependency.of(crd.node())) {
                if (dependency.target().equals(crd.name())) {
                    report.at(
                            dependency.position(),
                            "the CRD '" + crd.name() + "' depends on itself",
                            "remove this entry");
                }
            }
        }
    }

    private static void unknown(View view, Report report) {
        Set<String> enabled = view.crds().stream().map(Crd::name).collect(Collectors.toCollection(TreeSet::new));
        for (Crd crd : view.crds()) {
            for (Dependency dependency : Dependency.of(crd.node())) {
                if (!enabled.contains(dependency.target())) {
                    unknown(crd.name(), dependency, enabled, view, report);
                }
            }
        }
    }

    private static void unknown(String name, Dependency dependency, Set<String> enabled, View view, Report report) {
        boolean disabled = view.all().containsKey(dependency.target());
        String hint = disabled
                ? "enable it, or remove this entry"
                : Suggestions.closest(dependency.target(), enabled.size() > MOST_COMPARED ? Set.of() : enabled)
                        .map(close -> "did you mean '" + close + "'?")
                        .orElse("declare it, or remove this entry");
        report.at(
                dependency.position(),
                "the CRD '" + name + "' depends on '" + dependency.target() + "', which "
                        + (disabled ? "is disabled" : "is not there"),
                hint);
    }

    private static void cycles(View view, Report report) {
        SortedMap<String, SortedMap<String, Edge>> graph = new TreeMap<>();
        for (Crd crd : view.crds()) {
            SortedMap<String, Edge> edges = new TreeMap<>();
            for (Dependency dependency : Dependency.of(crd.node())) {
                if (!dependency.target().equals(crd.name())) {
                    edges.putIfAbsent(dependency.target(), new Edge(crd.name(), dependency));
                }
            }
            graph.put(crd.name(), edges);
        }
        int cycles = 0;
        while (trim(graph)) {
            if (cycles++ == MOST_CYCLES) {
                report.cutShort();
                return;
            }
            List<Edge> cycle = firstCycle(graph);
            report(cycle, view.entryFile(), report);
            cycle.forEach(edge -> graph.remove(edge.from()));
        }
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

    private static void report(List<Edge> cycle, String entryFile, Report report) {
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
        report.at(
                toBlame(cycle, entryFile),
                "the dependencies go in a circle: " + names,
                "remove one of these entries: " + places);
    }

    /** The last edge that the entry itself wrote, else the last of all. */
    private static Position toBlame(List<Edge> cycle, String entryFile) {
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
