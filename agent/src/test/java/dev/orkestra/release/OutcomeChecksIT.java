package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.Groups;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a group says when its Workflow has ended, and what follows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutcomeChecksIT {
    private static final String WORLD = "checks-outcome";
    private static final String FAILED = "workflow in failed state";

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
    void check03_successIsSaidInConditionsGenerationAnnotationAndEvent() {
        ObjectNode group = world.apply(Bookinfo.group(world, WORLD + "-good"));
        world.finish(world.awaitWorkflow(WorkflowType.FORWARD, group));
        ObjectNode ready = world.awaitReady(group, "True", "Succeeded");
        assertThat(GroupWorld.message(ready, "Ready")).isEqualTo("workflow and reconciliation succeeded");
        assertCondition(ready, "ForwardWorkflowSucceeded", "True", "Succeeded");
        assertThat(ready.at("/status/lastSucceededGeneration").asLong()).isEqualTo(GroupStatus.generation(group));
        String last = ready.path("metadata")
                .path("annotations")
                .path("orkestra.azure.microsoft.com/last-successful-appgroup")
                .asText();
        assertThat(CanonicalJson.same(Groups.json(last), ready.path("spec"))).isTrue();
        String said = "Normal ReconcileSuccess Successfully reconciled ApplicationGroup " + WORLD + "-good";
        world.awaitEvent(ready, said);
        assertThat(world.events(ready)).containsExactly(said);
    }

    @Test
    void check04_aGroupThatNeverSucceededIsReversed() {
        String name = WORLD + "-never";
        ObjectNode group = world.apply(Bookinfo.group(world, name));
        ObjectNode forward = world.awaitWorkflow(WorkflowType.FORWARD, group);
        world.fail(forward);
        ObjectNode failed = world.awaitReady(group, "False", "WorkflowFailed");
        assertThat(GroupWorld.message(failed, "Ready")).startsWith(FAILED);
        WorkflowView reverse = new WorkflowView(world.awaitWorkflow(WorkflowType.REVERSE, group));
        assertThat(GroupWorld.name(reverse.workflow())).isEqualTo(name + "-reverse");
        assertThat(reverse.label(GroupNames.WORKFLOW_TYPE)).isEqualTo("reverse");
        assertThat(reverse.workflow().at("/metadata/ownerReferences/0/uid").asText())
                .isEqualTo(WorkflowView.uid(forward));
        assertThat(reverse.dag("entry")).isEqualTo(Map.of("bookinfo", Set.of(), "ambassador", Set.of("bookinfo")));
        assertThat(reverse.dag("bookinfo")).isEqualTo(Bookinfo.REVERSE);
        // The same payload, but for the seal: what is taken away needs none.
        ObjectNode wanted = (ObjectNode) new WorkflowView(forward).release("bookinfo", "bookinfo-reviews");
        wanted.withObject("/metadata/annotations").remove(GroupNames.SEAL);
        assertThat(reverse.release("bookinfo", "bookinfo-reviews")).isEqualTo(wanted);
        world.finish(reverse.workflow());
        ObjectNode after = world.awaitCondition(name, "ReverseWorkflowSucceeded", "True", "Succeeded");
        assertCondition(after, "Ready", "False", "WorkflowFailed");
        assertThat(world.releasesOf(name)).isEmpty();
    }

    @Test
    void check05_aGroupThatSucceededGoesBackAndStaysFailed() {
        String name = WORLD + "-back";
        succeeded(name, ambassador("6.6.0"));
        ObjectNode second = world.group(name, false, ambassador("6.7.9"));
        ObjectNode bad = world.awaitWorkflow(WorkflowType.FORWARD, second);
        assertThat(version(new WorkflowView(bad), "ambassador")).isEqualTo("6.7.9");
        world.fail(bad);
        WorkflowView rollback = new WorkflowView(world.awaitWorkflow(WorkflowType.ROLLBACK, second));
        assertThat(GroupWorld.name(rollback.workflow())).isEqualTo(name + "-rollback");
        assertThat(version(rollback, "ambassador")).isEqualTo("6.6.0");
        world.finish(rollback.workflow());
        ObjectNode after = world.awaitCondition(name, "RollbackWorkflowSucceeded", "True", "Succeeded");
        assertCondition(after, "Ready", "False", "WorkflowFailed");
        assertThat(after.path("spec")).isEqualTo(second.path("spec"));
        assertThat(world.workflow(WorkflowType.REVERSE, name)).isEmpty();
    }

    @Test
    void check06_goingBackRemovesTheNewApplicationsInReverseAndKeepsTheOld() {
        String name = WORLD + "-added";
        succeeded(name, world.application("podinfo", "", ""));
        ObjectNode second = world.group(
                name,
                false,
                world.application("podinfo", "", "")
                        + world.application("ambassador", "podinfo", "")
                        + world.application("bookinfo", "ambassador", ", subcharts: [{name: details}]"));
        world.fail(world.awaitWorkflow(WorkflowType.FORWARD, second));
        WorkflowView rollback = new WorkflowView(world.awaitWorkflow(WorkflowType.ROLLBACK, second));
        assertThat(rollback.dag("entry"))
                .isEqualTo(Map.of(
                        "bookinfo", Set.of(),
                        "ambassador", Set.of("bookinfo"),
                        "podinfo", Set.of("ambassador", "bookinfo")));
        assertThat(rollback.executor("podinfo", "podinfo-podinfo")).isEqualTo("helmrelease-forward-executor");
        assertThat(rollback.executor("ambassador", "ambassador-ambassador")).isEqualTo("helmrelease-reverse-executor");
        assertThat(rollback.dag("bookinfo").get("bookinfo-details")).containsExactly("bookinfo-bookinfo");
        world.finish(rollback.workflow());
        world.awaitCondition(name, "RollbackWorkflowSucceeded", "True", "Succeeded");
        assertThat(world.releasesOf(name)).containsExactly("podinfo");
    }

    @Test
    void check29_anUpgradeReachesTheHelmReleaseAndTheGroupIsReadyAgain() {
        String name = WORLD + "-upgrade";
        succeeded(name, ambassador("6.6.0"));
        ObjectNode upgraded = world.group(name, false, ambassador("6.7.9"));
        world.finish(world.awaitWorkflow(WorkflowType.FORWARD, upgraded));
        world.awaitReady(upgraded, "True", "Succeeded");
        ObjectNode release = world.cluster
                .get(world.type(GroupNames.HELM_RELEASE_API, "HelmRelease"), name, "ambassador")
                .orElseThrow();
        assertThat(release.at("/spec/chart/spec/version").asText()).isEqualTo("6.7.9");
    }

    @Test
    void check30_anAppendedApplicationReachesSuccessAtTheNewGeneration() {
        String name = WORLD + "-append";
        ObjectNode first = succeeded(name, world.application("podinfo", "", ""));
        ObjectNode second = world.group(
                name, false, world.application("podinfo", "", "") + world.application("kiali", "podinfo", ""));
        assertThat(GroupStatus.generation(second)).isEqualTo(GroupStatus.generation(first) + 1);
        world.finish(world.awaitWorkflow(WorkflowType.FORWARD, second));
        ObjectNode ready = world.awaitReady(second, "True", "Succeeded");
        assertThat(GroupStatus.observedGeneration(ready)).isEqualTo(GroupStatus.generation(second));
        assertThat(world.releasesOf(name)).containsExactly("kiali", "podinfo");
    }

    @Test
    void check36_q15_aFailureThatIsSeenAgainAndAgainIsAnsweredOnce() throws Exception {
        String name = WORLD + "-once";
        succeeded(name, ambassador("6.6.0"));
        ObjectNode second = world.group(name, false, ambassador("6.7.9"));
        ObjectNode bad = world.awaitWorkflow(WorkflowType.FORWARD, second);
        world.fail(bad);
        ObjectNode rollback = world.awaitWorkflow(WorkflowType.ROLLBACK, second);
        world.awaitEvent(second, "Warning ReconcileError " + FAILED);
        for (int i = 0; i < 3; i++) {
            world.touch(bad);
            world.restart();
            world.passed();
        }
        assertThat(WorkflowView.uid(world.workflow(WorkflowType.ROLLBACK, name).orElseThrow()))
                .isEqualTo(WorkflowView.uid(rollback));
        world.finish(rollback);
        world.awaitCondition(name, "RollbackWorkflowSucceeded", "True", "Succeeded");
        world.cluster.delete(world.workflows(), WORLD, GroupWorld.name(rollback), "");
        world.awaitGone(world.workflows(), WORLD, GroupWorld.name(rollback));
        world.touch(bad);
        world.restart();
        world.passed();
        assertThat(world.workflow(WorkflowType.ROLLBACK, name)).isEmpty();
        assertThat(world.workflow(WorkflowType.REVERSE, name)).isEmpty();
        assertThat(world.events(second))
                .filteredOn(each -> each.startsWith("Warning"))
                .hasSize(1);
    }

    @Test
    void check37_q16_anUpdateNeverShowsAFailureBecauseTheOldWorkflowIsOnItsWayOut() throws Exception {
        String name = WORLD + "-update";
        succeeded(name, ambassador("6.6.0"));
        ObjectNode old = world.hold(world.workflow(WorkflowType.FORWARD, name).orElseThrow());
        Set<String> reasons = new ConcurrentSkipListSet<>();
        WatchCache watch = world.cluster.watch(world.groupType(), "", "", (_, group) -> {
            if (GroupWorld.name(group).equals(name)) {
                Conditions.find(group, "Ready")
                        .ifPresent(ready -> reasons.add(ready.path("reason").asText()));
            }
        });
        try (watch) {
            assertThat(watch.awaitSynced(Duration.ofSeconds(10))).isTrue();
            ObjectNode second = world.group(name, false, ambassador("6.7.9"));
            world.await(
                    world.workflows(),
                    WORLD,
                    name,
                    each -> each.path("metadata").has("deletionTimestamp"));
            world.passed();
            world.release(old);
            world.finish(world.awaitWorkflow(WorkflowType.FORWARD, second));
            ObjectNode ready = world.awaitReady(second, "True", "Succeeded");
            assertThat(reasons).isSubsetOf("Progressing", "Succeeded").contains("Progressing");
            assertThat(world.events(ready)).noneMatch(each -> each.startsWith("Warning"));
        }
    }

    @Test
    void check38_q13_anErrorIsAFailureToo() {
        String name = WORLD + "-error";
        ObjectNode group = world.group(name, false, world.application("podinfo", "", ""));
        ObjectNode forward = world.awaitWorkflow(WorkflowType.FORWARD, group);
        world.end(forward, "Error");
        ObjectNode failed = world.awaitReady(group, "False", "WorkflowFailed");
        assertCondition(failed, "ForwardWorkflowSucceeded", "False", "Failed");
        assertThat(new WorkflowView(world.awaitWorkflow(WorkflowType.REVERSE, group)).dag("entry"))
                .containsOnlyKeys("podinfo");
    }

    @Test
    void check39_q01_withoutRemediationNothingGoesBackAndDeletionStillReverses(@TempDir Path folder) throws Exception {
        String name = "checks-unremedied-a";
        try (GroupWorld other =
                new GroupWorld(folder, "checks-unremedied", settings -> settings.withRemediation(false))) {
            Bookinfo.publish(other.charts);
            ObjectNode first = other.succeeded(name, other.application("podinfo", "", ""));
            ObjectNode second =
                    other.group(name, false, other.application("podinfo", "", "") + other.application("kiali", "", ""));
            other.fail(other.awaitWorkflow(WorkflowType.FORWARD, second));
            other.awaitReady(second, "False", "WorkflowFailed");
            ObjectNode never = other.group(name + "b", false, other.application("podinfo", "", ""));
            other.fail(other.awaitWorkflow(WorkflowType.FORWARD, never));
            other.awaitReady(never, "False", "WorkflowFailed");
            other.passed();
            for (ObjectNode each : List.of(first, never)) {
                assertThat(other.workflow(WorkflowType.ROLLBACK, GroupWorld.name(each)))
                        .isEmpty();
                assertThat(other.workflow(WorkflowType.REVERSE, GroupWorld.name(each)))
                        .isEmpty();
            }
            other.finish(other.awaitWorkflow(WorkflowType.REVERSE, other.delete(name)));
            other.awaitGroupGone(name);
            assertThat(other.releasesOf(name)).isEmpty();
        }
    }

    private ObjectNode succeeded(String name, String applications) {
        return world.succeeded(name, applications);
    }

    private String ambassador(String version) {
        return world.application("ambassador", "", "").replace("1.0.0", version);
    }

    private static String version(WorkflowView workflow, String application) {
        return workflow.release(application, application + "-" + application)
                .at("/spec/chart/spec/version")
                .asText();
    }

    private static void assertCondition(ObjectNode group, String type, String status, String reason) {
        assertThat(Conditions.find(group, type)).hasValueSatisfying(condition -> {
            assertThat(condition.path("status").asText()).isEqualTo(status);
            assertThat(condition.path("reason").asText()).isEqualTo(reason);
        });
    }
}
