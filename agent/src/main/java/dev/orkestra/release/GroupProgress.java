package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.ReleaseGraph;
import dev.orkestra.group.StagedCharts;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the Workflow of a submitted generation into the group's status. */
final class GroupProgress {
    private static final Logger LOG = LoggerFactory.getLogger(GroupProgress.class);
    /** Annotations of one object are limited to 256 KiB in all; what is over cannot be gone back to by the group. */
    private static final int MAX_ANNOTATION = 200_000;
    /** How many steps are told of while they wait: what they say changes often, and each time the status is written. */
    private static final int WAITING = 5;

    /** How long releases may take to be ready after their Workflow has succeeded. */
    private static final Duration SETTLING = Duration.ofMinutes(5);

    private final GroupRemediation remediation;

    GroupProgress(GroupRemediation remediation) {
        this.remediation = remediation;
    }

    /** Returns when to look again at the latest; empty when nothing is awaited. */
    Optional<Duration> look(GroupPass pass, ObjectNode forward) throws IOException, InterruptedException {
        List<ObjectNode> releases = pass.releases();
        StagedCharts staged = pass.staged(Optional.of(forward));
        ReleaseGraph wanted = pass.forward(staged);
        pass.applications(staged, releases);
        WorkflowPhase phase = WorkflowPhase.of(forward);
        pass.status().workflow(WorkflowType.FORWARD, phase);
        String ready = GroupStatus.readyReason(pass.group());
        if (ready.equals("Succeeded")) {
            // Said once. Later trouble of a release is its own condition's business.
            pass.write();
            return Optional.empty();
        }
        if (ready.equals(GroupStatus.WORKFLOW_FAILED)) {
            return remediation.look(pass, forward, staged);
        }
        ReleaseState state = ReleaseState.of(wanted, releases);
        boolean broken = !(state.missing().isEmpty() && state.failed().isEmpty());
        if (phase.failed() || phase.succeeded() && (broken || !state.isGood() && isLate(pass, forward))) {
            failed(pass, forward, phase, state);
            return remediation.look(pass, forward, staged);
        }
        if (phase.succeeded() && state.isGood()) {
            succeeded(pass, staged);
            return Optional.empty();
        }
        if (phase.succeeded()) {
            String open = String.join("; ", state.open());
            pass.status().ready("Unknown", GroupStatus.PROGRESSING, "workflow succeeded; waiting for " + open);
        } else if (ready.equals(GroupStatus.PROGRESSING)) {
            // Such as an image that cannot be pulled: whoever waits for the group should not have to look further.
            String waiting = steps(forward, Set.of("Pending", "Running"), "")
                    .limit(WAITING)
                    .collect(Collectors.joining("; "));
            pass.status()
                    .ready(
                            "Unknown",
                            GroupStatus.PROGRESSING,
                            waiting.isEmpty() ? GroupStatus.RECONCILING : GroupStatus.RECONCILING + " " + waiting);
        }
        pass.write();
        return Optional.of(GroupPass.SAFETY_LOOK);
    }

    /** Whether the releases have had time enough since the Workflow's end: nobody waits for ever. */
    private static boolean isLate(GroupPass pass, JsonNode forward) {
        try {
            Instant end =
                    Instant.parse(forward.path("status").path("finishedAt").asText(""));
            return pass.now().isAfter(end.plus(SETTLING));
        } catch (DateTimeParseException notThere) {
            return false;
        }
    }

    private static void succeeded(GroupPass pass, StagedCharts staged) {
        if (!remember(pass, staged)) {
            // An older success that stays would be gone back to as if it were this one.
            pass.forget(List.of(GroupNames.LAST_SUCCESSFUL, GroupNames.LAST_SUCCESSFUL_CHARTS));
            LOG.atWarn()
                    .addKeyValue("group", pass.name())
                    .log("the spec is too large to be remembered as the last successful one");
        }
        pass.status().ready("True", "Succeeded", "workflow and reconciliation succeeded");
        pass.status().succeeded();
        pass.write(Optional.of(GroupEvent.success(pass.name())));
    }

    /** Whether there was room: the annotations of others, such as kubectl's copy of the spec, take some as well. */
    private static boolean remember(GroupPass pass, StagedCharts staged) {
        String spec = CanonicalJson.text(pass.group().path("spec"));
        if (spec.length() > MAX_ANNOTATION) {
            return false;
        }
        ObjectNode annotations = JsonNodeFactory.instance.objectNode();
        annotations.put(GroupNames.LAST_SUCCESSFUL, spec);
        annotations.put(GroupNames.LAST_SUCCESSFUL_CHARTS, CanonicalJson.text(staged.toJson()));
        try {
            pass.annotate(annotations);
            return true;
        } catch (ClusterException e) {
            if (e.reason() != ClusterException.Reason.INVALID) {
                throw e;
            }
            return false;
        }
    }

    /** Says which release failed and why, as far as anybody knows. */
    private static void failed(GroupPass pass, JsonNode forward, WorkflowPhase phase, ReleaseState state) {
        String nodes = steps(forward, Set.of("Failed", "Error"), "failed").collect(Collectors.joining("; "));
        String own = forward.path("status").path("message").asText("");
        // Where a step or the Workflow itself tells why, what was never reached is no news: it would hide the cause.
        Stream<List<String>> unreached = nodes.isEmpty()
                ? Stream.of(state.open(), own.isEmpty() ? state.missing() : List.<String>of())
                : Stream.empty();
        String known = Stream.concat(Stream.of(state.failed()), unreached)
                .filter(list -> !list.isEmpty())
                .findFirst()
                .map(list -> String.join("; ", list))
                .orElse("");
        String why =
                Stream.of(known, nodes, own).filter(text -> !text.isEmpty()).collect(Collectors.joining("; "));
        String what = phase.succeeded() ? "workflow succeeded, but its releases did not" : "workflow in failed state";
        String message = why.isEmpty() ? what : what + ": " + why;
        pass.status().ready("False", GroupStatus.WORKFLOW_FAILED, message);
        pass.write(Optional.of(GroupEvent.error(message)));
    }

    /**
     * What the steps in one of {@code phases} say; of one that was tried again, its last try.
     *
     * @param silence for those that say nothing; when it is empty they are left out
     */
    private static Stream<String> steps(JsonNode forward, Set<String> phases, String silence) {
        JsonNode nodes = forward.path("status").path("nodes");
        Set<String> triedAgain = triedAgain(nodes);
        return nodes.valueStream()
                .filter(node -> node.path("type").asText().equals("Pod"))
                .filter(node -> !triedAgain.contains(node.path("id").asText()))
                .filter(node -> phases.contains(node.path("phase").asText()))
                .filter(node -> !node.path("message").asText("").isEmpty() || !silence.isEmpty())
                .map(node -> place(node) + ": " + node.path("message").asText(silence));
    }

    /** Ids of the tries that another followed, which may have gone well. A Retry node lists its tries in order. */
    private static Set<String> triedAgain(JsonNode nodes) {
        Set<String> before = new HashSet<>();
        nodes.valueStream()
                .filter(node -> node.path("type").asText().equals("Retry"))
                .map(node -> node.path("children"))
                .forEach(tries -> tries.valueStream()
                        .limit(Math.max(0, tries.size() - 1))
                        .forEach(each -> before.add(each.asText())));
        return before;
    }

    /** Many releases have a step of the same name. A node is called {@code workflow.application.task.step}. */
    private static String place(JsonNode node) {
        String step = node.path("displayName").asText();
        String[] way = node.path("name").asText().split("\\.");
        if (way.length != 4) {
            return step;
        }
        String application = way[1];
        // ForwardGraph puts the application before the chart's name in the name of a task.
        String part = way[2].startsWith(application + "-") ? way[2].substring(application.length() + 1) : way[2];
        return "step " + step + " of " + (part.equals(application) ? application : application + "/" + part);
    }
}
