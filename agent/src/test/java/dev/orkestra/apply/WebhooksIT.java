package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.plan.Action;
import dev.orkestra.plan.PlanStep;
import dev.orkestra.run.Phase;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Step;
import dev.orkestra.run.Trigger;
import dev.orkestra.run.Verdict;
import dev.orkestra.source.FolderTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Admission webhooks that a real API server calls for what a run applies. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class WebhooksIT {
    private static final String VALIDATING = "ValidatingWebhookConfiguration";
    private static final String MUTATING = "MutatingWebhookConfiguration";

    @TempDir
    Path folder;

    private RunScene scene;

    @BeforeEach
    void open() {
        scene = new RunScene("webhooks", folder);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void aWebhookThatDeniesRefusesThePlanInItsWordsAndNothingIsTouched() throws Exception {
        try (AdmissionServer webhook = new AdmissionServer(scene.world, VALIDATING, "configmaps")) {
            scene.write(map("one", "green"), map("two", "green"));
            assertThat(scene.run("c1", Trigger.SCHEDULE).phase()).isEqualTo(Phase.Good);
            List<String> before = versions("one", "two");

            webhook.deny("no red things here");
            scene.write(map("one", "red"), map("two", "red"));
            RunState refused = scene.run("c2", Trigger.SCHEDULE);

            assertThat(refused.phase()).isEqualTo(Phase.Held);
            RunState.Judgement judgement = Objects.requireNonNull(refused.judgement());
            assertThat(judgement.verdict()).isEqualTo(Verdict.COMMIT);
            assertThat(judgement.evidence())
                    .isNotEmpty()
                    .allSatisfy(evidence ->
                            assertThat(evidence.message()).contains("denied the request: no red things here"));
            assertThat(refused.touched()).isFalse();
            assertThat(versions("one", "two")).isEqualTo(before);
            assertThat(scene.kept().ledger().isQuarantined(refused.digest())).isTrue();
        }
    }

    /** The dry-run was allowed, the write is not: what the wave has changed is taken back. */
    @Test
    void aWebhookThatDeniesOnlyTheWriteLeadsBackToLastGood() throws Exception {
        try (AdmissionServer webhook = new AdmissionServer(scene.world, VALIDATING, "configmaps")) {
            scene.write(map("one", "green"));
            assertThat(scene.run("c1", Trigger.SCHEDULE).phase()).isEqualTo(Phase.Good);
            webhook.denyWrites(object -> object.at("/data/colour").asText().equals("red"), "not at this hour");

            scene.write(map("one", "red"));
            RunState refused = scene.run("c2", Trigger.SCHEDULE);

            assertThat(refused.phase()).isEqualTo(Phase.RolledBack);
            assertThat(Objects.requireNonNull(refused.judgement()).verdict()).isEqualTo(Verdict.COMMIT);
            assertThat(findings(refused)).anySatisfy(text -> assertThat(text).contains("not at this hour"));
            assertThat(live("one").at("/data/colour").asText()).isEqualTo("green");
        }
    }

    @Test
    void aWebhookThatHangsIsWaitedOutAndNothingIsQuarantined() throws Exception {
        try (AdmissionServer webhook = new AdmissionServer(scene.world, VALIDATING, "configmaps")) {
            for (Step hangs : List.of(Step.Plan, Step.ApplyWave)) {
                List<String> waited = new ArrayList<>();
                scene.write(map("one", "at " + hangs));
                RunState run = scene.run("c-" + hangs, Trigger.SCHEDULE, false, state -> {
                    if (state.step() == hangs && waited.isEmpty()) {
                        webhook.hang();
                    } else if (state.step() == Step.RetryWait) {
                        waited.addAll(findings(state));
                        webhook.allow();
                    }
                });

                assertThat(waited).anySatisfy(text -> assertThat(text).contains("failed calling webhook"));
                assertThat(run.phase()).isEqualTo(Phase.Good);
                assertThat(scene.kept().ledger().quarantined()).isEmpty();
                assertThat(live("one").at("/data/colour").asText()).isEqualTo("at " + hangs);
            }
        }
    }

    @Test
    void aWebhookThatAddsThingsCausesNoSecondApply() throws Exception {
        try (AdmissionServer webhook = new AdmissionServer(scene.world, MUTATING, "deployments")) {
            webhook.mutate(object -> object.at("/spec/template/spec/containers").size() > 1
                    ? "[]"
                    : "[{'op': 'add', 'path': '/metadata/labels/injected', 'value': 'yes'},"
                            + "{'op': 'add', 'path': '/spec/template/spec/containers/-',"
                            + " 'value': {'name': 'sidecar', 'image': 'ork.local/pause:1'}}]");
            scene.write(deployment(0));
            assertThat(scene.run("c1", Trigger.SCHEDULE).phase()).isEqualTo(Phase.Good);
            ObjectNode first = deployment();
            assertThat(first.at("/spec/template/spec/containers")).hasSize(2);

            int asked = webhook.asked();
            assertNothingToDo("c2", 1);
            assertThat(webhook.asked()).isEqualTo(asked);
            assertThat(deployment().at("/metadata/generation")).isEqualTo(first.at("/metadata/generation"));

            // A change of ours keeps what the webhook has added, and is the only change.
            scene.write(deployment(0) + "  minReadySeconds: 7\n");
            PlanStep step = plan("c3").getFirst();
            assertThat(step.changes())
                    .singleElement()
                    .satisfies(change -> assertThat(change.path().toString()).isEqualTo("spec.minReadySeconds"));
            assertThat(scene.run("c3", Trigger.SCHEDULE).phase()).isEqualTo(Phase.Good);
            assertThat(deployment().at("/spec/template/spec/containers")).hasSize(2);
            assertNothingToDo("c4", 1);
        }
    }

    @Test
    void aWebhookThatRewritesAFieldOfOursCausesNoSecondApplyAndThePlanTellsOfIt() throws Exception {
        try (AdmissionServer webhook = new AdmissionServer(scene.world, MUTATING, "configmaps")) {
            webhook.mutate(object -> "[{'op': 'replace', 'path': '/data/colour', 'value': 'blue'}]");
            scene.write(map("one", "green"));
            assertThat(plan("c1").getFirst().note())
                    .isEqualTo("a webhook, or the API server, puts another value than Git's: data.colour");
            assertThat(scene.run("c1", Trigger.SCHEDULE).phase()).isEqualTo(Phase.Good);
            String version = versions("one").getFirst();
            assertThat(live("one").at("/data/colour").asText()).isEqualTo("blue");

            int asked = webhook.asked();
            assertNothingToDo("c2", 1);
            assertThat(webhook.asked()).isEqualTo(asked);
            assertThat(versions("one")).containsExactly(version);

            // Git's own change is asked about once and then rests as well, although nothing comes of it.
            scene.write(map("one", "red"));
            assertThat(scene.run("c3", Trigger.SCHEDULE).phase()).isEqualTo(Phase.Good);
            assertNothingToDo("c4", 1);
            assertThat(versions("one")).containsExactly(version);
        }
    }

    /** Another run of the same content, which plans nothing. */
    private void assertNothingToDo(String commit, int objects) throws InterruptedException {
        assertThat(plan(commit))
                .hasSize(objects)
                .allSatisfy(step -> assertThat(step.action()).isEqualTo(Action.UNCHANGED));
        RunState run = scene.run(commit, Trigger.SCHEDULE);
        assertThat(run.phase()).isEqualTo(Phase.Good);
    }

    private List<PlanStep> plan(String commit) {
        DesiredState state = Assembler.assemble(scene.repo, commit, new FolderTree(folder), (_, _) -> Optional.empty())
                .state()
                .orElseThrow();
        LivePlan plans = new LivePlan(scene.world.cluster, scene.repo);
        var inventory = scene.kept().inventory();
        return plans.make(state, inventory, plans.live(state, inventory), Map.of())
                .steps();
    }

    private static List<String> findings(RunState run) {
        return run.report().diagnostics().stream().map(Object::toString).toList();
    }

    private ObjectNode live(String name) {
        return scene.world.get("ConfigMap", name).orElseThrow();
    }

    private List<String> versions(String... names) {
        return List.of(names).stream()
                .map(name -> live(name).at("/metadata/resourceVersion").asText())
                .toList();
    }

    private ObjectNode deployment() {
        ResourceType type = scene.world.type("apps/v1", "Deployment");
        return scene.world.cluster.get(type, scene.world.namespace, "web").orElseThrow();
    }

    private static String map(String name, String colour) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: NS}\ndata: {colour: "
                + colour + "}\n";
    }

    private static String deployment(int replicas) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: NS}
                spec:
                  replicas: %d
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      containers:
                        - {name: main, image: "ork.local/pause:1"}
                """.formatted(replicas);
    }
}
