package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.Action;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.Plan;
import dev.orkestra.plan.PlanStep;
import dev.orkestra.plan.Replacement;
import dev.orkestra.plan.Risk;
import dev.orkestra.run.RunEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replacements, ignored fields and sets of deferred objects against a real API server. */
@Timeout(90)
class WaveApplierIT {
    private final ApplyWorld world = new ApplyWorld("wave-it");
    private ConfigRepo repo = ApplyWorld.repo(world.namespace);
    private Inventory inventory = Inventory.EMPTY;

    @AfterEach
    void close() {
        world.close();
    }

    private ObjectNode object(String apiVersion, String kind, String name, String annotations, String rest) {
        return ApplyWorld.json("{'apiVersion': '" + apiVersion + "', 'kind': '" + kind + "', 'metadata': {'name': '"
                + name + "', 'namespace': '" + world.namespace + "', 'labels': {'" + Labels.CONFIG_REPO + "': '"
                + repo.label() + "'}, 'annotations': {" + annotations + "}}" + rest + "}");
    }

    /** A Deployment whose selector cannot be changed. */
    private ObjectNode deployment(String app, String options) {
        String labels = "{'app': '" + app + "'}";
        return object(
                "apps/v1",
                "Deployment",
                "web",
                options,
                ", 'spec': {'replicas': 0, 'selector': {'matchLabels': "
                        + labels + "}, 'template': {'metadata': {'labels': " + labels
                        + "}, 'spec': {'containers': [{'name': 'web', 'image': 'ork.local/httpd:1'}]}}}");
    }

    private static final String REPLACE = "'argocd.argoproj.io/sync-options': 'Prune=false, Replace=true'";

    private static DesiredState state(ObjectNode... bodies) {
        return Assembler.state(
                "c1", List.of(bodies).stream().map(ApplyWorld::desired).toList());
    }

    private Plan plan(DesiredState state) {
        LivePlan plans = new LivePlan(world.cluster, repo);
        return plans.make(state, inventory, plans.live(state, inventory), Map.of());
    }

    private WaveApplier applier() {
        return new WaveApplier(
                world.cluster,
                repo,
                ApplyWorld.gate(world.cluster, repo.label()),
                new Claims(),
                InstantSource.system());
    }

    /** One wave, as a run carries it out in a process that has made the plan. */
    private WaveApplier.Result apply(DesiredState state) throws InterruptedException {
        RunPlanning planning = new RunPlanning(world.cluster, repo);
        assertThat(planning.plan(state, inventory, Instant.EPOCH)).isInstanceOf(RunEvent.Planned.class);
        return apply(state, planning, Duration.ofSeconds(30));
    }

    private WaveApplier.Result apply(DesiredState state, RunPlanning planning, Duration patience)
            throws InterruptedException {
        WaveApplier.Result result = applier()
                .apply(
                        planning.changed(state, state.objects(), inventory),
                        Instant.now().plus(patience),
                        () -> false);
        inventory = inventory.with(result.applied());
        return result;
    }

    private String uid() {
        return world.cluster
                .get(world.type("apps/v1", "Deployment"), world.namespace, "web")
                .orElseThrow()
                .at("/metadata/uid")
                .asText();
    }

    @Test
    void anImmutableFieldIsRefusedWithItsNameAndTheWayToAllowIt() throws Exception {
        apply(state(deployment("one", "")));
        Plan plan = plan(state(deployment("two", "")));
        assertThat(plan.refusals())
                .singleElement()
                .asString()
                .contains("spec.selector")
                .contains("argocd.argoproj.io/sync-options: Replace=true");
    }

    @Test
    void anObjectThatAllowsItIsDeletedAndCreatedAgainAndIsThenUnchanged() throws Exception {
        apply(state(deployment("one", "")));
        String before = uid();
        DesiredState next = state(deployment("two", REPLACE));
        PlanStep step = plan(next).steps().getFirst();
        assertThat(step.action()).isEqualTo(Action.REPLACE);
        assertThat(step.note()).contains("spec.selector");
        assertThat(step.risks()).extracting(Risk::kind).containsExactly(Risk.Kind.REPLACED);
        assertThat(step.changes())
                .extracting(change -> change.path().toString())
                .contains("spec.selector.matchLabels.app");
        WaveApplier.Result result = apply(next);
        assertThat(result.failures()).isEmpty();
        assertThat(uid()).isNotEqualTo(before);
        assertThat(plan(next).changesNothing()).isTrue();
    }

    /** The bad commit brought the leave and the change together: without it its work could not be undone. */
    @Test
    void aRollbackReplacesWhatTheFailedCommitReplacedByItsOwnLeave() throws Exception {
        DesiredState good = state(deployment("one", ""));
        apply(good);
        DesiredState bad = state(deployment("two", REPLACE));
        apply(bad);
        RunPlanning planning = new RunPlanning(world.cluster, repo);
        WaveApplier.Result alone = apply(good, planning, Duration.ofSeconds(30));
        assertThat(alone.failures()).as("a commit of its own may not").hasSize(1);

        WaveApplier.Result back = applier()
                .afterReplacing(Replacement.allowedIn(bad))
                .apply(
                        planning.changed(good, good.objects(), inventory),
                        Instant.now().plusSeconds(30),
                        () -> false);
        inventory = inventory.with(back.applied());

        assertThat(back.failures()).isEmpty();
        assertThat(plan(good).changesNothing()).isTrue();
    }

    @Test
    void aReplacementThatACrashBrokeOffAfterTheDeletionIsFinished() throws Exception {
        DesiredState old = state(deployment("one", ""));
        apply(old);
        DesiredState next = state(deployment("two", REPLACE));
        world.cluster.delete(world.type("apps/v1", "Deployment"), world.namespace, "web", uid());
        WaveApplier.Result result = apply(next, new RunPlanning(world.cluster, repo), Duration.ofSeconds(30));
        assertThat(result.failures()).isEmpty();
        assertThat(plan(next).changesNothing()).isTrue();
    }

    @Test
    void whatIsBeingDeletedIsCreatedAgainOnceItIsGone() throws Exception {
        ObjectNode body = object("v1", "ConfigMap", "held", "'note': 'x'", ", 'data': {'a': '1'}");
        ObjectNode held = body.deepCopy();
        ((ObjectNode) held.get("metadata")).putArray("finalizers").add("orkestra.dev/it");
        world.cluster.apply(world.type("v1", "ConfigMap"), held, ApplyOptions.of("somebody"));
        world.cluster.delete(world.type("v1", "ConfigMap"), world.namespace, "held", "");
        DesiredState state = state(body);
        assertThat(plan(state).steps().getFirst()).asString().contains("it is being deleted");
        WaveApplier.Result stuck = apply(state, new RunPlanning(world.cluster, repo), Duration.ofMillis(300));
        assertThat(stuck.failures().values())
                .singleElement()
                .asString()
                .contains("still there at the deadline")
                .contains("orkestra.dev/it");
        world.release("ConfigMap", "held");
        WaveApplier.Result result = apply(state, new RunPlanning(world.cluster, repo), Duration.ofSeconds(30));
        assertThat(result.failures()).isEmpty();
        assertThat(result.applied()).hasSize(1);
        assertThat(plan(state).changesNothing()).isTrue();
    }

    @Test
    void anIgnoredFieldIsLeftToWhoeverChangesIt() throws Exception {
        ConfigRepo.IgnoredDifference replicas =
                new ConfigRepo.IgnoredDifference("apps", "Deployment", "", "web", List.of("/spec/replicas"), List.of());
        repo = ApplyWorld.repo(
                world.namespace,
                new ConfigRepo.Policies(
                        List.of(),
                        List.of(replicas),
                        ConfigRepo.Allow.ANY,
                        ConfigRepo.Drift.CORRECT,
                        ConfigRepo.Approval.NONE,
                        ConfigRepo.Deletion.ORPHAN));
        DesiredState first = state(deployment("one", ""));
        apply(first);
        scaleTo(2);
        assertThat(plan(first).changesNothing()).as("a scaler's work").isTrue();
        ObjectNode changed = deployment("one", "'note': 'changed'");
        ((ObjectNode) changed.get("spec")).put("replicas", 1);
        DesiredState next = state(changed);
        assertThat(plan(next).steps().getFirst().changes())
                .extracting(change -> change.path().toString())
                .containsExactly("metadata.annotations.note");
        assertThat(apply(next).failures()).isEmpty();
        assertThat(replicas()).isEqualTo(2);
        assertThat(plan(next).changesNothing()).isTrue();
    }

    private void scaleTo(int replicas) {
        world.cluster.mergePatch(
                world.type("apps/v1", "Deployment"),
                world.namespace,
                "web",
                ApplyWorld.json("{'spec': {'replicas': " + replicas + "}}"),
                false,
                "scaler");
    }

    private int replicas() {
        return world.cluster
                .get(world.type("apps/v1", "Deployment"), world.namespace, "web")
                .orElseThrow()
                .at("/spec/replicas")
                .asInt();
    }

    @Test
    void deferredObjectsAreAskedAboutAsASetBeforeAnyIsWritten() throws Exception {
        ObjectNode good = object("v1", "ConfigMap", "good", "", ", 'data': {'a': '1'}");
        ObjectNode bad = object("v1", "ConfigMap", "bad", "", ", 'data': {'a': {'not': 'a text'}}");
        DesiredState state = state(good, bad);
        // Nothing is known of them: a plan of another process deferred them.
        WaveApplier.Result result = apply(state, new RunPlanning(world.cluster, repo), Duration.ofSeconds(30));
        assertThat(result.failures()).containsOnlyKeys(ObjectKey.of(bad));
        assertThat(result.applied()).isEmpty();
        assertThat(world.get("ConfigMap", "good")).as("nothing is written").isEmpty();
    }

    @Test
    void aRefusalBehindANamespaceOfTheSameWaveComesBeforeItsFirstObject() throws Exception {
        String name = world.namespace + "-b";
        ObjectNode namespace = ApplyWorld.json("{'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': '" + name
                + "', 'labels': {'" + Labels.CONFIG_REPO + "': '" + repo.label() + "'}}}");
        ObjectNode good = object("v1", "ConfigMap", "good", "", "");
        ObjectNode bad = object("v1", "Service", "bad", "", ", 'spec': {'ports': [{'port': 70000}]}");
        for (ObjectNode each : List.of(good, bad)) {
            ((ObjectNode) each.get("metadata")).put("namespace", name);
        }
        DesiredState state = state(namespace, good, bad);
        try {
            assertThat(plan(state).count(Action.DEFERRED)).isEqualTo(2);
            WaveApplier.Result result = apply(state);
            assertThat(result.failures()).containsOnlyKeys(ObjectKey.of(bad));
            assertThat(result.applied()).extracting(entry -> entry.key().kind()).containsExactly("Namespace");
            assertThat(world.cluster.get(world.type("v1", "ConfigMap"), name, "good"))
                    .isEmpty();
        } finally {
            world.cluster.delete(world.type("v1", "Namespace"), "", name, "");
        }
    }
}
