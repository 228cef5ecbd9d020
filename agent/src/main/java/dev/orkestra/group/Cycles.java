package dev.orkestra.group;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds circles of dependencies. Walks with lists of its own, not by recursion, and passes each edge once: a chain may
 * be as long as its author likes.
 */
final class Cycles {
    private final Map<String, List<String>> dependencies;
    private final int most;
    private final List<List<String>> found = new ArrayList<>();
    private final Set<String> finished = new HashSet<>();

    /** The way from the start to where the walk stands, the place of each name on it, and the edges taken from each. */
    private final List<String> path = new ArrayList<>();

    private final Map<String, Integer> onPath = new HashMap<>();
    private final List<Integer> next = new ArrayList<>();

    private Cycles(Map<String, List<String>> dependencies, int most) {
        this.dependencies = dependencies;
        this.most = most;
    }

    /**
     * Circles that have no name in common, in the order of {@code dependencies}: {@code [a, b, a]} when a needs b and b
     * needs a. Once one edge of each is gone, what is left shares a name with one of them.
     *
     * @param most to look for
     */
    static List<List<String>> disjoint(Map<String, List<String>> dependencies, int most) {
        Cycles cycles = new Cycles(dependencies, most);
        for (String start : dependencies.keySet()) {
            cycles.from(start);
        }
        return cycles.found;
    }

    private void from(String start) {
        if (!finished.contains(start)) {
            push(start);
        }
        while (!path.isEmpty() && found.size() < most) {
            int top = path.size() - 1;
            List<String> needed = dependencies.getOrDefault(path.get(top), List.of());
            int index = next.get(top);
            if (index == needed.size()) {
                popDownTo(top);
                continue;
            }
            next.set(top, index + 1);
            String dependency = needed.get(index);
            Integer seen = onPath.get(dependency);
            if (seen != null) {
                List<String> cycle = new ArrayList<>(path.subList(seen, path.size()));
                cycle.add(dependency);
                found.add(cycle);
                popDownTo(seen);
            } else if (!finished.contains(dependency)) {
                push(dependency);
            }
        }
    }

    private void push(String name) {
        onPath.put(name, path.size());
        path.add(name);
        next.add(0);
    }

    private void popDownTo(int size) {
        while (path.size() > size) {
            String name = path.removeLast();
            onPath.remove(name);
            next.removeLast();
            finished.add(name);
        }
    }
}
