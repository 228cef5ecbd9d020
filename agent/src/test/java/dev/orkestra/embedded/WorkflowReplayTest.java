package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.embedded.WorkflowNode.Phase;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The embedded engine against what Argo Workflows 4.1.2 wrote. Each recorded state is a watch's; the steps of our run
 * are answered as the recording says their pods were, and everything that an engine makes of it is compared: which nodes
 * there are, their types, names, templates, phases, messages, edges, boundaries and last nodes; the Workflow's phase,
 * message and progress; that it is over.
 *
 * <p>Different on purpose, and not compared:
 * <ul>
 *   <li>times, host names, resourcesDuration, outputs, taskResultSynced, artifact fields: nothing reads them;
 *   <li>inputs of nodes: they repeat the encoded HelmReleases, which would double an object whose size is limited;
 *   <li>the condition PodRunning: most steps have no pod (and Argo leaves it True after a deadline);
 *   <li>progress of inner DAGs: ours is that of the Workflow and of each step;
 *   <li>the order in which children are listed: Argo begins from a DAG's last tasks, ours from its first;
 *   <li>edges to nodes that are not there yet, since they wait for the limit on parallelism;
 *   <li>an empty nodeFlag, which Argo writes for omitted tasks.
 * </ul>
 * Further differences cannot be seen in these recordings: a step that runs in process is stopped by a suspension, since
 * a reverse Workflow may follow at once and Helm must not do both; a pod that was deleted under its step is an Error
 * ({@link PodVerdict}); the message of a late step keeps what it waited for.
 */
class WorkflowReplayTest {
    private static final Path LIVES = Path.of("src/test/resources/lives/argo");
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Path> lives() throws IOException {
        try (Stream<Path> files = Files.list(LIVES)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("lives")
    void makesOfTheSameEventsWhatArgoDid(Path file) throws IOException {
        List<ObjectNode> states = states(file);
        WorkflowRun run = run(states.getFirst());
        JsonNode before = JSON.createObjectNode().path("none");
        int compared = 0;
        for (ObjectNode state : states) {
            JsonNode recorded = state.path("status");
            // A change of the spec that the controller had not acted on yet.
            boolean notSeenYet = recorded.equals(before);
            before = recorded;
            if (notSeenYet) {
                continue;
            }
            run = follow(run, state);
            assertThat(told(run.toStatus(now(recorded))))
                    .as("%s, state %d", file, compared)
                    .isEqualTo(told(recorded));
            // A restart at any moment makes no difference.
            run = run.invalid().isEmpty() ? WorkflowRun.resume(run.spec(), run.toStatus(now(recorded))) : run;
            compared++;
        }
        assertThat(compared).isPositive();
    }

    /** Each node goes through the same phases in the same order. */
    @ParameterizedTest
    @MethodSource("lives")
    void takesEachNodeThroughTheSamePhases(Path file) throws IOException {
        Map<String, List<String>> recorded = new TreeMap<>();
        Map<String, List<String>> ours = new TreeMap<>();
        List<ObjectNode> states = states(file);
        WorkflowRun run = run(states.getFirst());
        for (ObjectNode state : states) {
            run = follow(run, state);
            collect(recorded, state.path("status"));
            collect(ours, run.toStatus(now(state.path("status"))));
        }
        assertThat(ours).isEqualTo(recorded);
    }

    @Test
    void hasAllTwelveRecordings() throws IOException {
        try (Stream<Path> lives = lives()) {
            assertThat(lives).hasSize(12);
        }
    }

    private static WorkflowRun run(ObjectNode first) {
        ObjectNode fresh = first.deepCopy();
        fresh.remove("status");
        String name = fresh.path("metadata").path("name").asText();
        return switch (WorkflowReader.read(fresh)) {
            case Outcome.Done<WorkflowSpec>(WorkflowSpec spec) -> WorkflowRun.resume(spec, fresh.path("status"));
            case Outcome.Terminal<WorkflowSpec>(Diagnostic reason) ->
                WorkflowRun.refused(name, reason.message(), Instant.EPOCH);
            case Outcome.Retry<WorkflowSpec>(Duration _, Diagnostic reason) -> throw new AssertionError(reason);
        };
    }

    /** Answers the steps as the recording says, until nothing more follows from it. */
    private static WorkflowRun follow(WorkflowRun last, ObjectNode state) {
        Instant now = now(state.path("status"));
        WorkflowOrder order = WorkflowOrder.of(state);
        JsonNode nodes = state.path("status").path("nodes");
        WorkflowRun run = last.advance(last.started().isEmpty() ? WorkflowOrder.GO : order, started(state, now));
        boolean changed = true;
        while (changed) {
            WorkflowRun before = run;
            for (WorkflowWalk.Work work : run.underWay()) {
                JsonNode node = nodes.path(work.id());
                // What the engine itself decides is not handed to it.
                if (node.has("phase") && !decidedByTheEngine(node)) {
                    run = run.stepIs(
                            work.id(),
                            Phase.valueOf(node.path("phase").asText()),
                            node.path("message").asText(""),
                            now);
                }
            }
            run = run.advance(order, now);
            changed = !run.equals(before);
        }
        return run;
    }

    private static boolean decidedByTheEngine(JsonNode node) {
        String message = node.path("message").asText("");
        return message.startsWith("workflow shutdown") || message.equals("Step exceeded its deadline");
    }

    /** A first look is at the time when the Workflow was begun. */
    private static Instant started(ObjectNode state, Instant now) {
        String written = state.path("status").path("startedAt").asText("");
        return written.isEmpty() ? now : Instant.parse(written);
    }

    /** The latest time in a status is when it was written, as near as one can tell. */
    private static Instant now(JsonNode status) {
        return Stream.concat(Stream.of(status), status.path("nodes").valueStream())
                .flatMap(each -> Stream.of(each.path("startedAt"), each.path("finishedAt")))
                .filter(JsonNode::isTextual)
                .map(at -> Instant.parse(at.asText()))
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    private static void collect(Map<String, List<String>> phases, JsonNode status) {
        Stream.concat(Stream.of(Map.entry("", status)), status.path("nodes").propertyStream())
                .forEach(node -> {
                    List<String> known = phases.computeIfAbsent(node.getKey(), _ -> new ArrayList<>());
                    String phase = node.getValue().path("phase").asText();
                    if (known.isEmpty() || !known.getLast().equals(phase)) {
                        known.add(phase);
                    }
                });
    }

    /** What is compared, in a form that shows a difference on one line. */
    private static Map<String, String> told(JsonNode status) {
        Map<String, String> told = new TreeMap<>();
        told.put(
                "",
                line(status, "phase", "message", "progress") + " over=" + status.has("finishedAt") + completed(status));
        for (Map.Entry<String, JsonNode> entry : status.path("nodes").properties()) {
            JsonNode node = entry.getValue();
            boolean hasProgress = node.path("type").asText().equals("Pod") || !node.has("boundaryID");
            told.put(
                    entry.getKey(),
                    line(
                                    node,
                                    "id",
                                    "name",
                                    "displayName",
                                    "type",
                                    "templateName",
                                    "templateScope",
                                    "boundaryID",
                                    "phase",
                                    "message",
                                    hasProgress ? "progress" : "phase")
                            + " children=" + set(node.path("children"), status)
                            + " last=" + set(node.path("outboundNodes"), status)
                            + " retried="
                            + node.path("nodeFlag").path("retried").asBoolean()
                            + " ended=" + node.hasNonNull("finishedAt"));
        }
        return told;
    }

    private static String line(JsonNode object, String... fields) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String field : fields) {
            values.put(field, object.hasNonNull(field) ? object.path(field).asText() : "");
        }
        return values.toString();
    }

    private static String completed(JsonNode status) {
        return status.path("conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asText().equals("Completed"))
                .map(condition -> " completed=" + condition.path("status").asText())
                .findFirst()
                .orElse("");
    }

    private static Set<String> set(JsonNode array, JsonNode status) {
        Set<String> set = new TreeSet<>();
        array.forEach(each -> {
            if (status.path("nodes").has(each.asText())) {
                set.add(each.asText());
            }
        });
        return set;
    }

    private static List<ObjectNode> states(Path file) throws IOException {
        List<ObjectNode> states = new ArrayList<>();
        if (file.toString().endsWith(".json")) {
            states.add((ObjectNode) JSON.readTree(Files.readString(file)));
        } else {
            for (String line : Files.readAllLines(file)) {
                states.add((ObjectNode) JSON.readTree(line));
            }
        }
        return states;
    }
}
