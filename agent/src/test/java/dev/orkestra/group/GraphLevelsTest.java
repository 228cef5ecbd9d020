package dev.orkestra.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GraphLevelsTest {
    @Test
    void aNodeIsOneBehindTheLastThatItNeeds() {
        assertThat(GraphLevels.of(Map.of(
                        "a", List.<String>of(), "b", List.of("a"), "c", List.of("a", "b"), "d", List.of("nowhere"))))
                .isEqualTo(Map.of("a", 1, "b", 2, "c", 3, "d", 1));
    }

    @Test
    void aCircleAndWhatComesAfterItHasNoLevel() {
        assertThat(GraphLevels.of(Map.of(
                        "a",
                        List.of("b"),
                        "b",
                        List.of("a"),
                        "c",
                        List.of("b", "x"),
                        "self",
                        List.of("self"),
                        "x",
                        List.<String>of())))
                .isEqualTo(Map.of("a", 0, "b", 0, "c", 0, "self", 0, "x", 1));
    }

    @Test
    void aLongChainNeedsNoDeepStack() {
        Map<String, List<String>> chain = new LinkedHashMap<>();
        for (int i = 0; i < 100_000; i++) {
            chain.put("n" + i, i == 0 ? List.of() : List.of("n" + (i - 1)));
        }
        assertThat(GraphLevels.of(chain)).containsEntry("n99999", 100_000);
    }

    @Test
    void levelsRespectEveryEdge() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Map<String, List<String>> graph = new LinkedHashMap<>();
            int size = 1 + random.nextInt(12);
            for (int i = 0; i < size; i++) {
                List<String> needed = new ArrayList<>();
                random.ints(random.nextInt(4), 0, size + 1).forEach(each -> needed.add("n" + each));
                graph.put("n" + i, needed);
            }
            Map<String, Integer> levels = GraphLevels.of(graph);
            graph.forEach((name, needed) -> needed.stream()
                    .filter(graph::containsKey)
                    .forEach(each -> {
                        int level = levels.getOrDefault(name, -1);
                        int before = levels.getOrDefault(each, -1);
                        if (level > 0) {
                            assertThat(before).as("seed %d: %s", seed, graph).isBetween(1, level - 1);
                        }
                    }));
        }
    }
}
