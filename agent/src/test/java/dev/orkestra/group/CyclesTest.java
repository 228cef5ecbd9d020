package dev.orkestra.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CyclesTest {
    @Test
    void circlesAreToldInTheOrderOfTheNames() {
        Map<String, List<String>> graph = new LinkedHashMap<>();
        graph.put("a", List.of("b", "c"));
        graph.put("b", List.of("a"));
        graph.put("c", List.of("d"));
        graph.put("d", List.of("e", "c"));
        graph.put("e", List.of());
        assertThat(Cycles.disjoint(graph, 5)).containsExactly(List.of("a", "b", "a"), List.of("c", "d", "c"));
        assertThat(Cycles.disjoint(graph, 1)).containsExactly(List.of("a", "b", "a"));
    }

    @Test
    void aLongChainIsWalkedWithoutRecursionAndInLinearTime() {
        Map<String, List<String>> graph = new LinkedHashMap<>();
        for (int i = 0; i < 200_000; i++) {
            graph.put("n" + i, List.of("n" + (i + 1)));
        }
        assertThat(Cycles.disjoint(graph, 5)).isEmpty();
        graph.put("n200000", List.of("n0"));
        assertThat(Cycles.disjoint(graph, 5))
                .singleElement()
                .satisfies(circle -> assertThat(circle).hasSize(200_002));
    }

    @Test
    void circlesAreDisjointAndEveryOtherTouchesOne() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            Map<String, List<String>> graph = new LinkedHashMap<>();
            int size = random.nextInt(1, 12);
            for (int i = 0; i < size; i++) {
                List<String> needed = new ArrayList<>();
                for (int edges = random.nextInt(3); edges > 0; edges--) {
                    needed.add("n" + random.nextInt(size));
                }
                graph.put("n" + i, needed);
            }
            Set<String> told = new HashSet<>();
            for (List<String> circle : Cycles.disjoint(graph, 100)) {
                for (int i = 0; i + 1 < circle.size(); i++) {
                    assertThat(told.add(circle.get(i)))
                            .as("seed %s, %s", seed, graph)
                            .isTrue();
                    assertThat(graph.get(circle.get(i)))
                            .as("seed %s, %s", seed, graph)
                            .contains(circle.get(i + 1));
                }
                assertThat(circle.getFirst()).as("seed %s", seed).isEqualTo(circle.getLast());
            }
            assertThat(isFreeOfCircles(graph, told))
                    .as("seed %s, %s", seed, graph)
                    .isTrue();
        }
    }

    /** By taking away, again and again, what needs nothing. */
    private static boolean isFreeOfCircles(Map<String, List<String>> graph, Set<String> without) {
        Set<String> left = new HashSet<>(graph.keySet());
        left.removeAll(without);
        while (left.removeIf(
                name -> graph.getOrDefault(name, List.of()).stream().noneMatch(left::contains))) {}
        return left.isEmpty();
    }
}
