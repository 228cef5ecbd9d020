package dev.orkestra.group;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** How far from the start each node of a graph is: one more than the last of what it needs. */
public final class GraphLevels {
    /** The level of what is in a circle, or comes after one: there is no order for it. */
    public static final int NONE = 0;

    private GraphLevels() {}

    /**
     * The level of each name, from 1 on, or {@link #NONE}. A dependency that is no name of the graph counts for nothing.
     * Passes each edge once, and does not go deeper for a longer chain.
     */
    public static Map<String, Integer> of(Map<String, ? extends Collection<String>> dependencies) {
        Map<String, List<String>> dependants = new HashMap<>();
        Map<String, Integer> open = new HashMap<>();
        Map<String, Integer> levels = new TreeMap<>();
        Deque<String> ready = new ArrayDeque<>();
        dependencies.forEach((name, needed) -> {
            levels.put(name, NONE);
            int known = 0;
            for (String each : new TreeSet<>(needed)) {
                if (dependencies.containsKey(each)) {
                    dependants.computeIfAbsent(each, _ -> new ArrayList<>()).add(name);
                    known++;
                }
            }
            open.put(name, known);
            if (known == 0) {
                ready.add(name);
            }
        });
        Map<String, Integer> highest = new HashMap<>();
        while (!ready.isEmpty()) {
            String name = ready.remove();
            int level = highest.getOrDefault(name, 0) + 1;
            levels.put(name, level);
            for (String after : dependants.getOrDefault(name, List.of())) {
                highest.merge(after, level, Math::max);
                if (open.merge(after, -1, Integer::sum) == 0) {
                    ready.add(after);
                }
            }
        }
        return levels;
    }
}
