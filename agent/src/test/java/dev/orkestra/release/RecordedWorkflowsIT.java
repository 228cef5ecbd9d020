package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.testing.RecordedLives;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Plays to the group controller every Workflow life that Argo 4.1 was seen to write, state by state, as that of a group's
 * own Workflow; what the group said on the way and in the end is compared, and what it did about it is counted.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordedWorkflowsIT {
    private static final String WORLD = "checks-recorded";
    private static final String GOING = "Unknown Progressing workflow is reconciling... | Unknown Progressing";
    private static final String IMAGE =
            "a: ErrImageNeverPull: Container image \"ork.local/none:1\" is not present with pull policy of Never";

    /** What a group without an earlier success says, Ready before its forward Workflow, from submission on. */
    private enum Life {
        CHAIN("chain-of-two-succeeded", true, GOING, good()),
        DIAMOND("diamond-parallelism-one-succeeded", true, GOING, good()),
        SUSPENDED(
                "suspended-and-resumed",
                true,
                GOING,
                "Unknown Progressing workflow is reconciling... | False Suspended",
                GOING,
                good()),
        DEADLINE("deadline-exceeded", false, GOING, bad("a: Step exceeded its deadline")),
        FAIL_FAST("fail-fast-while-sibling-runs", false, GOING, bad("a: main: Error (exit code 3)")),
        FAILS("fails", false, GOING, bad("bookinfo-bookinfo: main: Error (exit code 3)")),
        TERMINATED(
                "image-missing-then-terminated",
                false,
                GOING,
                GOING.replace("...", "... " + IMAGE),
                bad("a: workflow shutdown with strategy:  Terminate; Stopped with strategy 'Terminate'")),
        RETRIES("retries-exhausted", false, GOING, bad("a(2): main: Error (exit code 1)")),
        INVALID(
                "invalid-dependency",
                false,
                GOING,
                bad("invalid spec: templates.entry sorting failed: invalid dependency zzz")),
        BAD_SPEC("badspec", false, GOING, bad("invalid spec: templates.entry sorting failed: invalid dependency zzz")),
        POD_DELETED(
                "pod-deleted-under-it",
                false,
                GOING,
                "False WorkflowFailed workflow succeeded, but its releases did not: HelmRelease NS/kiali does not exist;"
                        + " HelmRelease NS/podinfo does not exist | True Succeeded");

        private final String recording;
        private final boolean succeeds;
        private final List<String> said;

        Life(String recording, boolean succeeds, String... said) {
            this.recording = recording;
            this.succeeds = succeeds;
            this.said = List.of(said);
        }

        private static String good() {
            return "True Succeeded workflow and reconciliation succeeded | True Succeeded";
        }

        private static String bad(String why) {
            return "False WorkflowFailed workflow in failed state: " + why + " | False Failed";
        }
    }

    private GroupWorld world;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        world = new GroupWorld(folder, WORLD, settings -> settings);
        Bookinfo.publish(world.charts);
    }

    @AfterAll
    void end() {
        world.close();
    }

    @Test
    void everyRecordingIsPlayed() {
        List<String> played = new ArrayList<>(List.of("deleted-while-running"));
        for (Life life : Life.values()) {
            played.add(life.recording);
        }
        assertThat(played).containsExactlyInAnyOrderElementsOf(RecordedLives.ofArgo());
    }

    @ParameterizedTest
    @EnumSource
    void aGroupSaysOfEveryLifeHowItGoesAndIsRemediatedOnceIfItFailed(Life life) throws Exception {
        String name = WORLD + "-" + life.recording;
        List<String> said = Collections.synchronizedList(new ArrayList<>());
        Set<String> remedies = ConcurrentHashMap.newKeySet();
        try (WatchCache words = words(name, said);
                WatchCache others = remedies(name, remedies)) {
            assertThat(words.awaitSynced(Duration.ofSeconds(10))).isTrue();
            assertThat(others.awaitSynced(Duration.ofSeconds(10))).isTrue();
            ObjectNode group = world.group(name, false, podinfo("") + kiali());
            ObjectNode forward = world.awaitWorkflow(WorkflowType.FORWARD, group);
            if (life.succeeds) {
                world.carryOut(forward, true);
            }
            List<String> wanted =
                    life.said.stream().map(each -> each.replace("NS", name)).toList();
            play(forward, life.recording, wanted);
            ObjectNode last = world.stored(name);
            assertThat(said).isEqualTo(wanted);
            assertThat(last.path("status").path("lastSucceededGeneration").asLong())
                    .isEqualTo(life.succeeds ? 1 : 0);
            if (!life.succeeds) {
                remedies.add(WorkflowView.uid(world.awaitWorkflow(WorkflowType.REVERSE, group)));
            }
            // The end is seen again, as after a restart, and nothing more is done about it.
            look(name);
            world.workflow(WorkflowType.REVERSE, name).ifPresent(each -> remedies.add(WorkflowView.uid(each)));
            assertThat(remedies).hasSize(life.succeeds ? 0 : 1);
            assertThat(world.workflow(WorkflowType.ROLLBACK, name)).isEmpty();
        }
    }

    /** A group that has succeeded before goes back, once; whether Argo says that it failed, or a release is not there. */
    @ParameterizedTest
    @ValueSource(strings = {"fails", "invalid-dependency", "pod-deleted-under-it"})
    void aGroupThatSucceededBeforeGoesBackOnce(String recording) throws Exception {
        String name = WORLD + "-back-" + recording;
        Set<String> remedies = ConcurrentHashMap.newKeySet();
        world.succeeded(name, podinfo(""));
        try (WatchCache others = remedies(name, remedies)) {
            assertThat(others.awaitSynced(Duration.ofSeconds(10))).isTrue();
            ObjectNode group = world.group(name, false, podinfo("") + kiali());
            for (ObjectNode state : RecordedLives.ofArgo(recording)) {
                write(world.awaitWorkflow(WorkflowType.FORWARD, group), state);
            }
            world.awaitReady(group, "False", "WorkflowFailed");
            WorkflowView rollback = new WorkflowView(world.awaitWorkflow(WorkflowType.ROLLBACK, group));
            assertThat(rollback.dag("entry")).isEqualTo(Map.of("kiali", Set.of(), "podinfo", Set.of("kiali")));
            assertThat(rollback.executor("kiali", "kiali-kiali")).isEqualTo("helmrelease-reverse-executor");
            world.finish(rollback.workflow());
            ObjectNode back = world.awaitCondition(name, "RollbackWorkflowSucceeded", "True", "Succeeded");
            assertThat(word(back, "Ready")).isEqualTo("False WorkflowFailed");
            look(name);
            remedies.add(
                    WorkflowView.uid(world.workflow(WorkflowType.ROLLBACK, name).orElseThrow()));
            assertThat(remedies).hasSize(1);
            assertThat(world.workflow(WorkflowType.REVERSE, name)).isEmpty();
        }
    }

    @Test
    void aWorkflowThatIsDeletedWhileItRunsIsSubmittedAgainAndNothingIsTakenBack() throws Exception {
        String name = WORLD + "-deleted";
        Set<String> remedies = ConcurrentHashMap.newKeySet();
        try (WatchCache others = remedies(name, remedies)) {
            assertThat(others.awaitSynced(Duration.ofSeconds(10))).isTrue();
            ObjectNode group = world.group(name, false, podinfo("") + kiali());
            ObjectNode first = world.awaitWorkflow(WorkflowType.FORWARD, group);
            for (ObjectNode state : RecordedLives.ofArgo("deleted-while-running")) {
                write(first, state);
                look(name);
            }
            world.cluster.delete(world.workflows(), WORLD, name, WorkflowView.uid(first));
            ObjectNode second = world.await(
                    world.workflows(),
                    WORLD,
                    name,
                    each -> !WorkflowView.uid(each).equals(WorkflowView.uid(first)));
            world.finish(second);
            world.awaitReady(group, "True", "Succeeded");
            assertThat(remedies).isEmpty();
        }
    }

    private String podinfo(String dependency) {
        return world.application("podinfo", dependency, "");
    }

    private String kiali() {
        return world.application("kiali", "podinfo", "");
    }

    /**
     * Writes every state of the recording, one after the other; where one tells something else than the one before, the
     * group comes to its next words.
     */
    private void play(ObjectNode workflow, String recording, List<String> wanted) {
        String group = GroupWorld.name(workflow);
        int words = 0;
        String told = "Running false []";
        awaitWords(group, wanted.getFirst());
        for (ObjectNode state : RecordedLives.ofArgo(recording)) {
            write(workflow, state);
            if (!told(state).equals(told)) {
                told = told(state);
                words++;
                assertThat(words)
                        .as("%s is more than was expected: %s", told, wanted)
                        .isLessThan(wanted.size());
                awaitWords(group, wanted.get(words));
            } else {
                look(group);
            }
        }
    }

    /** What of a state is to be seen in the group: how the Workflow goes, and what its steps wait for. */
    private static String told(ObjectNode state) {
        List<String> waiting = new ArrayList<>();
        for (JsonNode node : state.path("status").path("nodes")) {
            if (Set.of("Pending", "Running").contains(node.path("phase").asText()) && node.has("message")) {
                waiting.add(node.path("message").asText());
            }
        }
        return state.path("status").path("phase").asText() + " "
                + state.path("spec").path("suspend").asBoolean(false) + " " + waiting;
    }

    private void awaitWords(String group, String wanted) {
        world.await(world.groupType(), "", group, each -> words(each).equals(wanted));
    }

    /** What Argo wrote: the status, as if it ended just now if it did, and whether it is suspended. */
    private void write(ObjectNode workflow, ObjectNode state) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode status = (ObjectNode) state.path("status").deepCopy();
        if (status.hasNonNull("finishedAt")) {
            // Long ago, and nothing would be waited for any more.
            status.put(
                    "finishedAt", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        }
        patch.set("status", status);
        patch.putObject("spec")
                .put("suspend", state.path("spec").path("suspend").asBoolean(false));
        world.cluster.mergePatch(world.workflows(), WORLD, GroupWorld.name(workflow), patch, false, "release-it");
    }

    /** Makes the controller look at the group; comes back when it has. */
    private void look(String group) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").putObject("annotations").put("looked", "" + System.nanoTime());
        world.cluster.mergePatch(world.groupType(), "", group, patch, false, "release-it");
        world.passed();
    }

    /** Notes what the group says, whenever it says something else. */
    private WatchCache words(String group, List<String> said) {
        return world.cluster.watch(world.groupType(), "", "", (_, each) -> {
            String now = words(each);
            boolean submitted = GroupStatus.observedGeneration(each) > 0 && !now.endsWith("| ");
            if (GroupWorld.name(each).equals(group)
                    && submitted
                    && (said.isEmpty() || !said.getLast().equals(now))) {
                said.add(now);
            }
        });
    }

    private static String words(ObjectNode group) {
        return word(group, "Ready") + " " + GroupWorld.message(group, "Ready") + " | "
                + word(group, "ForwardWorkflowSucceeded");
    }

    /** Notes the uids of the group's Workflows that take something back. */
    private WatchCache remedies(String group, Set<String> uids) {
        return world.cluster.watch(world.workflows(), WORLD, GroupNames.OWNER + "=" + group, (_, workflow) -> {
            if (!new WorkflowView(workflow).label(GroupNames.WORKFLOW_TYPE).equals("forward")) {
                uids.add(WorkflowView.uid(workflow));
            }
        });
    }

    private static String word(JsonNode group, String type) {
        return Conditions.find(group, type)
                .map(each ->
                        each.path("status").asText() + " " + each.path("reason").asText())
                .orElse("");
    }
}
