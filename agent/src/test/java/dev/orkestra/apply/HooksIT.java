package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.plan.HookEntry;
import dev.orkestra.run.Phase;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Step;
import dev.orkestra.run.Trigger;
import dev.orkestra.run.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hooks whose pods really run, on the testbed's node. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class HooksIT {
    private static final String HOOK = "argocd.argoproj.io/hook: ";
    private static final String DELETE = ", argocd.argoproj.io/hook-delete-policy: ";

    @TempDir
    Path folder;

    private RunScene scene;

    @BeforeEach
    void open() {
        scene = new RunScene("hooks", folder);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private static String job(String name, String annotations, String script) {
        return """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: %s, namespace: NS, annotations: {%s}}
                spec:
                  backoffLimit: 0
                  template:
                    spec:
                      restartPolicy: Never
                      terminationGracePeriodSeconds: 0
                      containers:
                        - name: main
                          image: ork.local/httpd:1
                          imagePullPolicy: IfNotPresent
                          command: [sh, -c, "%s"]
                          env: [{name: COLOUR, valueFrom: {configMapKeyRef: {name: app, key: colour, optional: true}}}]
                """.formatted(name, annotations, script);
    }

    private static String app(String colour) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app, namespace: NS}\ndata: {colour: " + colour
                + "}\n";
    }

    private String colour() {
        return scene.world
                .get("ConfigMap", "app")
                .map(map -> map.path("data").path("colour").asText())
                .orElse("");
    }

    private static List<String> findings(RunState run) {
        return run.report().diagnostics().stream().map(Diagnostic::toString).toList();
    }

    @Test
    void eachRunsOnceInItsPlaceHoweverOftenTheAgentIsKilled() throws Exception {
        scene.write(
                app("green"),
                // Before the objects of its layer: the ConfigMap is not there yet.
                job("before", HOOK + "PreSync", "test -z \\\"$COLOUR\\\""),
                job("within", HOOK + "Sync", "test \\\"$COLOUR\\\" = green"),
                job("after", HOOK + "PostSync" + DELETE + "HookSucceeded", "test \\\"$COLOUR\\\" = green"),
                job("never", HOOK + "SyncFail", "true"));

        RunState run = scene.run("c1", Trigger.SCHEDULE, true, _ -> {});

        assertThat(run.phase()).as(findings(run).toString()).isEqualTo(Phase.Good);
        assertThat(run.waves())
                .extracting(each -> each.wave().toString())
                .containsExactly("0 PreSync", "0", "0 PostSync");
        assertThat(scene.everMade()).containsExactlyInAnyOrder("before", "within", "after");
        assertThat(scene.jobsNow()).isEqualTo(Map.of("before", "PreSync of run 1", "within", "Sync of run 1"));
        assertThat(scene.kept().inventory().hooks().values())
                .as("what is there is known, and what is gone is forgotten")
                .hasSize(2)
                .allMatch(HookEntry::succeeded);
        assertThat(scene.kept().inventory().entries()).hasSize(1);
    }

    @Test
    void aRunWithNothingToDoRunsNoneAndASyncRunsThemAnew() throws Exception {
        scene.write(app("green"), job("migrate", HOOK + "PreSync", "true"));
        scene.run("c1", Trigger.SCHEDULE);
        assertThat(scene.jobsNow()).isEqualTo(Map.of("migrate", "PreSync of run 1"));

        scene.run("c2", Trigger.WEBHOOK);
        assertThat(scene.jobsNow()).isEqualTo(Map.of("migrate", "PreSync of run 1"));

        RunState again = scene.run("c2", Trigger.SYNC);

        assertThat(again.phase()).isEqualTo(Phase.Good);
        assertThat(scene.jobsNow())
                .as("the old one is gone, and was not taken for this run's although it is complete")
                .isEqualTo(Map.of("migrate", "PreSync of run 3"));
        assertThat(scene.everMade()).containsExactly("migrate", "migrate");
        assertThat(scene.kept().inventory().hooks()).hasSize(1);
    }

    @Test
    void aHookThatFailsStopsTheRunAndTheWayBackRunsWhatAsksForIt() throws Exception {
        scene.write(
                app("green"),
                job("migrate", HOOK + "PreSync, orkestra.dev/on-rollback: run", "true"),
                job("plain", HOOK + "PreSync", "true"));
        scene.run("c1", Trigger.SCHEDULE);
        scene.write(
                app("red"),
                job(
                        "migrate",
                        HOOK + "PreSync" + DELETE + "HookFailed",
                        "echo no such table > /dev/termination-log; exit 7"),
                job("smoke", HOOK + "PostSync", "true"),
                job("tell", HOOK + "SyncFail", "true"),
                job("fails-too", HOOK + "SyncFail", "exit 3"));
        List<String> seen = new ArrayList<>();

        RunState run = scene.run("c2", Trigger.SCHEDULE, true, state -> {
            if (state.step() == Step.RecordQuarantine || state.step() == Step.PrepareRollback) {
                seen.add(state.step() + " " + colour() + " " + scene.jobsNow());
            }
        });

        assertThat(run.phase()).as(findings(run).toString()).isEqualTo(Phase.RolledBack);
        RunState.Judgement judgement = Objects.requireNonNull(run.judgement());
        assertThat(judgement.verdict()).isEqualTo(Verdict.COMMIT);
        assertThat(judgement.evidence())
                .singleElement()
                .satisfies(evidence -> assertThat(evidence.toString())
                        .contains(
                                "Job.batch/" + scene.world.namespace + "/migrate-",
                                "Job failed",
                                "exit code 7",
                                "no such table"));
        assertThat(seen)
                .as("the next wave is not begun; the failed hook goes only after the verdict is recorded")
                .containsExactly(
                        "RecordQuarantine green {migrate=PreSync of run 1 + PreSync of run 2, plain=PreSync of run 1}",
                        "PrepareRollback green {fails-too=SyncFail of run 2, migrate=PreSync of run 1, plain=PreSync of run 1, tell=SyncFail of run 2}");
        assertThat(findings(run)).anyMatch(each -> each.contains("fails-too") && each.contains("exit code 3"));
        assertThat(Objects.requireNonNull(run.rollback()).waves())
                .extracting(each -> each.wave().toString())
                .containsExactly("0 PreSync", "0");
        assertThat(scene.jobsNow()).containsEntry("migrate", "PreSync (rollback) of run 2");
        assertThat(scene.everMade())
                .containsExactlyInAnyOrder("migrate", "plain", "migrate", "tell", "fails-too", "migrate");

        // The next good commit has none of them any more.
        scene.write(app("blue"));
        assertThat(scene.run("c3", Trigger.SCHEDULE).phase()).isEqualTo(Phase.Good);
        assertThat(scene.jobsNow()).isEmpty();
        assertThat(scene.kept().inventory().hooks()).isEmpty();
    }

    @Test
    void aHookForFailureRunsEvenWhenThereIsNothingToGoBackTo() throws Exception {
        scene.write(
                app("green"),
                job("smoke", HOOK + "PostSync", "exit 1"),
                job("tell", HOOK + "SyncFail", "test \\\"$COLOUR\\\" = green"));

        RunState run = scene.run("c1", Trigger.SCHEDULE);

        assertThat(run.phase()).isEqualTo(Phase.Held);
        assertThat(findings(run)).noneMatch(each -> each.contains("tell-"));
        assertThat(scene.jobsNow()).isEqualTo(Map.of("smoke", "PostSync of run 1", "tell", "SyncFail of run 1"));
        assertThat(colour()).as("nothing is deleted").isEqualTo("green");
    }

    @Test
    void aPodIsDoneWhenItHasEndedAndNotWhenItIsReady() throws Exception {
        scene.write(app("green"), """
                apiVersion: v1
                kind: Pod
                metadata: {name: once, namespace: NS, annotations: {argocd.argoproj.io/hook: PreSync}}
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 0
                  containers:
                    - {name: main, image: "ork.local/httpd:1", imagePullPolicy: IfNotPresent, command: [sh, -c, sleep 3; exit 4]}
                """);

        RunState run = scene.run("c1", Trigger.SCHEDULE);

        assertThat(run.phase()).isEqualTo(Phase.Held);
        assertThat(Objects.requireNonNull(run.judgement()).evidence().getFirst().message())
                .contains("exit code 4");
        assertThat(colour()).as("the wave behind it is not begun").isEmpty();
    }

    @Test
    void anotherAttemptRepeatsWhatFailedAndNotWhatSucceeded() throws Exception {
        scene.world.put(scene.world.object("ConfigMap", "outside", ", 'data': {'state': 'up'}"));
        String smoke = job("smoke", HOOK + "PostSync", "test $STATE = up")
                .replace("env: [", "env: [{name: STATE, valueFrom: {configMapKeyRef: {name: outside, key: state}}}, ");
        scene.write(app("green"), job("migrate", HOOK + "PreSync" + DELETE + "HookSucceeded", "true"), smoke);
        assertThat(scene.run("c1", Trigger.SCHEDULE).phase()).isEqualTo(Phase.Good);
        scene.world.put(scene.world.object("ConfigMap", "outside", ", 'data': {'state': 'down'}"));
        List<Step> waits = new ArrayList<>();

        // Content that was good cannot be at fault, so it is tried again.
        RunState run = scene.run("c1", Trigger.SYNC, true, state -> {
            if (state.step() == Step.RetryWait) {
                waits.add(state.step());
                scene.world.put(scene.world.object("ConfigMap", "outside", ", 'data': {'state': 'up'}"));
            }
        });

        assertThat(run.phase()).as(findings(run).toString()).isEqualTo(Phase.Good);
        assertThat(waits).hasSize(1);
        assertThat(scene.everMade())
                .as("in the second run migrate once, although it is gone, and smoke twice")
                .containsExactlyInAnyOrder("migrate", "smoke", "migrate", "smoke", "smoke");
        assertThat(scene.jobsNow()).isEqualTo(Map.of("smoke", "PostSync of run 2"));
    }

    @Test
    void aJobThatWouldTakeItselfAwayStaysUntilTheAgentRemovesIt() throws Exception {
        scene.write(
                app("green"),
                job("brief", HOOK + "PreSync", "true").replace("backoffLimit: 0", "ttlSecondsAfterFinished: 0"));

        RunState run = scene.run("c1", Trigger.SCHEDULE);

        assertThat(run.phase()).as(findings(run).toString()).isEqualTo(Phase.Good);
        assertThat(scene.everMade()).containsExactly("brief");
        assertThat(scene.jobsNow()).isEqualTo(Map.of("brief", "PreSync of run 1"));
    }

    @Test
    void aHookThatIsStillAtWorkIsStoppedWithItsPodsBeforeTheWayBack() throws Exception {
        scene.write(app("green"));
        assertThat(scene.run("c1", Trigger.SCHEDULE).phase()).isEqualTo(Phase.Good);
        String slow = DELETE + "HookSucceeded";
        scene.write(
                app("red"),
                job("slow", HOOK + "PostSync" + slow, "sleep 300")
                        .replace("terminationGracePeriodSeconds: 0", "terminationGracePeriodSeconds: 3"),
                job("fails", HOOK + "PostSync", "sleep 5; exit 1"));
        List<String> seen = new ArrayList<>();

        RunState run = scene.run("c2", Trigger.SCHEDULE, false, state -> {
            if (state.step() == Step.RunFailHooks || state.step() == Step.PrepareRollback) {
                seen.add(state.step() + " " + scene.jobsNow().keySet() + " " + podsOf("slow"));
            }
        });

        assertThat(run.phase()).as(findings(run).toString()).isEqualTo(Phase.RolledBack);
        assertThat(seen).containsExactly("RunFailHooks [fails, slow] 1", "PrepareRollback [fails] 0");
        assertThat(findings(run)).anyMatch(each -> each.contains("/slow-") && each.contains("and was stopped"));
    }

    private long podsOf(String hook) {
        return scene.world.cluster.list(scene.world.type("v1", "Pod"), scene.world.namespace, "").stream()
                .filter(pod -> pod.path("metadata").path("name").asText().startsWith(hook + "-"))
                .count();
    }

    @Test
    void aHookThatCannotBeMadeStopsTheRunBeforeAnythingIsChanged() throws Exception {
        scene.write(
                app("green"),
                job("broken", HOOK + "PostSync", "true").replace("restartPolicy: Never", "restartPolicy: Always"),
                job("tell", HOOK + "SyncFail", "true"));

        RunState run = scene.run("c1", Trigger.SCHEDULE);

        assertThat(run.phase()).isEqualTo(Phase.Held);
        assertThat(run.touched()).isFalse();
        assertThat(Objects.requireNonNull(run.judgement()).evidence())
                .singleElement()
                .satisfies(evidence -> assertThat(evidence.toString()).contains("/broken-", "restartPolicy"));
        assertThat(colour()).isEmpty();
        assertThat(scene.everMade()).as("no layer was reached").isEmpty();
    }

    @Test
    void aHookInANamespaceThatComesLaterIsFoundBeforeAnythingIsChanged() throws Exception {
        scene.write(
                "apiVersion: v1\nkind: Namespace\nmetadata: {name: NS-later}\n",
                job("early", HOOK + "PreSync", "true").replace("namespace: NS", "namespace: NS-later"));

        RunState run = scene.run("c1", Trigger.SCHEDULE);

        assertThat(run.touched()).isFalse();
        assertThat(findings(run))
                .anyMatch(each -> each.contains("the namespace " + scene.world.namespace
                        + "-later is not there, and the commit does not bring it before" + " wave 0 PreSync"));
    }
}
