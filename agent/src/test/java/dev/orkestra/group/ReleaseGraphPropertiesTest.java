package dev.orkestra.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.group.ReleaseGraph.Application;
import dev.orkestra.group.ReleaseGraph.RemovalOrder;
import dev.orkestra.group.ReleaseGraph.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What must hold of every graph, over generated groups. A failure names its seed. */
class ReleaseGraphPropertiesTest {
    private static final int GROUPS = 2_000;

    @Test
    void theForwardGraphHasEachReleaseOnceAndNoCircle() {
        forEach((seed, random) -> {
            Generated generated = generated(random, 1);
            ReleaseGraph graph = generated.forward();
            List<Task> order = order(graph);
            assertThat(order).as("seed %d", seed).hasSameSizeAs(graph.releaseKeys());
            for (Application application : graph.applications().values()) {
                Task own =
                        Objects.requireNonNull(application.tasks().get(application.name() + "-" + application.name()));
                assertThat(own.dependencies())
                        .as("seed %d: the chart comes last", seed)
                        .hasSize(application.tasks().size() - 1);
            }
        });
    }

    @Test
    void reversingTurnsEveryEdgeAndEveryStepAndTwiceIsTheSame() {
        forEach((seed, random) -> {
            ReleaseGraph graph = generated(random, 1).forward();
            ReleaseGraph reverse = graph.reverse();
            assertThat(reverse.reverse()).as("seed %d", seed).isEqualTo(graph);
            Map<String, Integer> forward = places(graph);
            Map<String, Integer> backward = places(reverse);
            for (Application application : graph.applications().values()) {
                for (String before : application.dependencies()) {
                    for (Task one : application.tasks().values()) {
                        for (Task other : Objects.requireNonNull(
                                        graph.applications().get(before))
                                .tasks()
                                .values()) {
                            assertThat(forward.get(other.release().key()))
                                    .as("seed %d", seed)
                                    .isLessThan(forward.get(one.release().key()));
                            assertThat(backward.get(one.release().key()))
                                    .as("seed %d", seed)
                                    .isLessThan(backward.get(other.release().key()));
                        }
                    }
                }
            }
            assertThat(order(reverse)).as("seed %d", seed).noneMatch(Task::installs);
        });
    }

    @Test
    void goingBackRemovesAllThatIsNewBeforeItInstallsAllOfTheOld() {
        forEach((seed, random) -> {
            ReleaseGraph last = generated(random, 1).forward();
            ReleaseGraph current = generated(random, 2).forward();
            ReleaseGraph back = ReleaseGraph.rollback(current, last);
            Set<String> installed = new HashSet<>();
            Set<String> removed = new HashSet<>();
            for (Task task : order(back)) {
                if (task.installs()) {
                    installed.add(task.release().key());
                    // Charts and subcharts are those of the last success, not of the generation that failed.
                    assertThat(task.release().version()).as("seed %d", seed).isEqualTo("1.0.0");
                } else {
                    removed.add(task.release().key());
                }
            }
            Set<String> isNew = new HashSet<>(current.releaseKeys());
            isNew.removeAll(last.releaseKeys());
            assertThat(installed).as("seed %d", seed).isEqualTo(last.releaseKeys());
            assertThat(removed).as("seed %d", seed).isEqualTo(isNew);
            removedBeforeInstalled(seed, back);
        });
    }

    @Test
    void whatIsNotWantedGoesAfterTheRestOrBeforeIt() {
        forEach((seed, random) -> {
            ReleaseGraph wanted = generated(random, 2).forward();
            ReleaseGraph installed = generated(random, 1).forward();
            ReleaseGraph removal = installed.minus(wanted).reverse();
            for (RemovalOrder removalOrder : RemovalOrder.values()) {
                ReleaseGraph graph = wanted.withRemoved(removal, removalOrder);
                Set<String> keys = new HashSet<>(wanted.releaseKeys());
                keys.addAll(installed.releaseKeys());
                assertThat(order(graph)).as("seed %d %s", seed, removalOrder).hasSameSizeAs(keys);
                assertThat(graph.releaseKeys())
                        .as("seed %d %s", seed, removalOrder)
                        .isEqualTo(keys);
            }
            removedBeforeInstalled(seed, wanted.withRemoved(removal, RemovalOrder.FIRST));
        });
    }

    @Test
    void theDifferenceOfAGraphWithItselfIsNothingAndTheRestIsWhole() {
        forEach((seed, random) -> {
            ReleaseGraph one = generated(random, 1).forward();
            ReleaseGraph other = generated(random, 2).forward();
            assertThat(one.minus(one).isEmpty()).as("seed %d", seed).isTrue();
            Set<String> rest = new HashSet<>(one.releaseKeys());
            rest.removeAll(other.releaseKeys());
            assertThat(one.minus(other).releaseKeys()).as("seed %d", seed).isEqualTo(rest);
            assertThat(one.plus(other.minus(one)).releaseKeys())
                    .as("seed %d", seed)
                    .containsAll(one.releaseKeys())
                    .containsAll(other.releaseKeys());
        });
    }

    /** Inside an application and between them: an install of what stays waits for each removal of its neighbourhood. */
    private static void removedBeforeInstalled(long seed, ReleaseGraph graph) {
        Set<String> gone = new HashSet<>();
        graph.applications().values().stream()
                .filter(application -> application.tasks().values().stream().noneMatch(Task::installs))
                .forEach(application -> gone.add(application.name()));
        for (Application application : graph.applications().values()) {
            List<String> removals = application.tasks().values().stream()
                    .filter(task -> !task.installs())
                    .map(Task::name)
                    .toList();
            for (Task task : application.tasks().values()) {
                if (task.installs()) {
                    assertThat(task.dependencies()).as("seed %d", seed).containsAll(removals);
                    assertThat(application.dependencies()).as("seed %d", seed).containsAll(gone);
                }
            }
        }
    }

    private interface Property {
        void holds(long seed, Random random);
    }

    private static void forEach(Property property) {
        for (long seed = 0; seed < GROUPS; seed++) {
            property.holds(seed, new Random(seed));
        }
    }

    private record Generated(ApplicationGroup group, StagedCharts staged) {
        ReleaseGraph forward() {
            return ReleaseGraph.forward(group, staged);
        }
    }

    /** Up to eight applications with up to four embedded charts, some of them declared; edges lead backwards only. */
    private static Generated generated(Random random, int version) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        ArrayNode applications = spec.putArray("applications");
        Map<String, StagedCharts.Application> staged = new TreeMap<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            if (random.nextInt(4) == 0) {
                continue;
            }
            String name = "app" + i;
            ObjectNode application = applications.addObject().put("name", name);
            ArrayNode dependencies = application.putArray("dependencies");
            names.stream().filter(_ -> random.nextInt(3) == 0).forEach(dependencies::add);
            names.add(name);
            ObjectNode parts = application.putObject("spec");
            parts.putObject("chart").put("url", "http://x").put("name", name).put("version", version + ".0.0");
            parts.putObject("release").put("targetNamespace", random.nextInt(5) == 0 ? "other" : "ns");
            staged.put(name, subcharts(random, parts, version));
        }
        return new Generated(ApplicationGroup.of("g", spec), new StagedCharts(staged));
    }

    private static StagedCharts.Application subcharts(Random random, ObjectNode parts, int version) {
        Map<String, StagedCharts.Chart> charts = new TreeMap<>();
        ArrayNode declared = JsonNodeFactory.instance.arrayNode();
        List<String> before = new ArrayList<>();
        for (int i = 0; i < random.nextInt(5); i++) {
            String name = "sub" + i;
            charts.put(name, new StagedCharts.Chart(version + ".0.0", "sha256:" + version));
            if (random.nextBoolean()) {
                ArrayNode dependencies = declared.addObject().put("name", name).putArray("dependencies");
                before.stream().filter(_ -> random.nextBoolean()).forEach(dependencies::add);
                before.add(name);
            }
        }
        if (declared.isEmpty()) {
            charts.clear();
        } else {
            parts.set("subcharts", declared);
        }
        return new StagedCharts.Application(new StagedCharts.Chart(version + ".0.0", "sha256:" + version), charts);
    }

    /** All tasks in an order that holds every edge; a circle fails. */
    private static List<Task> order(ReleaseGraph graph) {
        List<Task> order = new ArrayList<>();
        Set<String> doneApplications = new HashSet<>();
        while (doneApplications.size() < graph.applications().size()) {
            int before = doneApplications.size();
            for (Application application : graph.applications().values()) {
                if (!doneApplications.contains(application.name())
                        && doneApplications.containsAll(application.dependencies())) {
                    inside(application, order);
                    doneApplications.add(application.name());
                }
            }
            assertThat(doneApplications.size()).as("a circle: %s", graph).isGreaterThan(before);
        }
        return order;
    }

    private static void inside(Application application, List<Task> order) {
        Set<String> done = new HashSet<>();
        while (done.size() < application.tasks().size()) {
            int before = done.size();
            for (Task task : application.tasks().values()) {
                if (!done.contains(task.name()) && done.containsAll(task.dependencies())) {
                    order.add(task);
                    done.add(task.name());
                }
            }
            assertThat(done.size()).as("a circle: %s", application).isGreaterThan(before);
        }
    }

    private static Map<String, Integer> places(ReleaseGraph graph) {
        Map<String, Integer> places = new HashMap<>();
        order(graph).forEach(task -> places.put(task.release().key(), places.size()));
        return places;
    }
}
