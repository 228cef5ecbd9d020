package dev.orkestra.group;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds a circle of dependencies. */
final class Cycles {
    private Cycles() {}

    /**
     * The first circle, in the order of {@code dependencies}: {@code [a, b, a]} when a needs b and b needs a. Walks
     * with a list of its own, not by recursion: a chain may be as long as its author likes.
     */
    static Optional<List<String>> first(Map<String, List<String>> dependencies) {
        Set<String> finished = new HashSet<>();
        for (String start : dependencies.keySet()) {
            Optional<List<String>> cycle = from(start, dependencies, finished);
            if (cycle.isPresent()) {
                return cycle;
            }
        }
        return Optional.empty();
    }

    private static Optional<List<String>> from(
            String start, Map<String, List<String>> dependencies, Set<String> finished) {
        List<String> path = new ArrayList<>();
        List<Integer> next = new ArrayList<>();
        path.add(start);
        next.add(0);
        while (!path.isEmpty()) {
            int top = path.size() - 1;
            List<String> needed = dependencies.getOrDefault(path.get(top), List.of());
            int index = next.get(top);
            if (finished.contains(path.get(top)) || index == needed.size()) {
                finished.add(path.removeLast());
                next.removeLast();
                continue;
            }
            next.set(top, index + 1);
            String dependency = needed.get(index);
            int seen = path.indexOf(dependency);
            if (seen >= 0) {
                List<String> cycle = new ArrayList<>(path.subList(seen, path.size()));
                cycle.add(dependency);
                return Optional.of(cycle);
            }
            path.add(dependency);
            next.add(0);
        }
        return Optional.empty();
    }
}
