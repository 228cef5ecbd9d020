package dev.orkestra.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** In which order the operators of a Katalog start. */
final class StartOrder {
    private StartOrder() {}

    /**
     * The CRDs in steps: each waits for some of the steps before its own. Those on a circle, which settings may let
     * pass, and those behind them start never and are left out.
     */
    static List<List<String>> of(List<Crd> crds) {
        Map<String, Set<String>> waitsFor = new HashMap<>();
        Map<String, List<String>> releases = new HashMap<>();
        Set<String> names = new HashSet<>();
        crds.forEach(crd -> names.add(crd.name()));
        for (Crd crd : crds) {
            Set<String> targets = new HashSet<>();
            Dependency.of(crd.node()).stream()
                    .map(Dependency::target)
                    .filter(names::contains)
                    .forEach(targets::add);
            waitsFor.put(crd.name(), targets);
            targets.forEach(target ->
                    releases.computeIfAbsent(target, _ -> new ArrayList<>()).add(crd.name()));
        }
        List<List<String>> steps = new ArrayList<>();
        Set<String> step = new TreeSet<>();
        waitsFor.forEach((name, targets) -> {
            if (targets.isEmpty()) {
                step.add(name);
            }
        });
        while (!step.isEmpty()) {
            List<String> now = List.copyOf(step);
            steps.add(now);
            step.clear();
            for (String started : now) {
                for (String waiting : releases.getOrDefault(started, List.of())) {
                    Set<String> rest = waitsFor.getOrDefault(waiting, Set.of());
                    if (rest.remove(started) && rest.isEmpty()) {
                        step.add(waiting);
                    }
                }
            }
        }
        return steps;
    }
}
