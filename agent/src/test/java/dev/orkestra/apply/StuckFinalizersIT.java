package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.ObjectKey;
import dev.orkestra.run.Phase;
import dev.orkestra.run.PruneResult;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Trigger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A finalizer that nobody takes away: the run ends, says so, keeps it in mind, and never takes it away itself. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StuckFinalizersIT {
    private static final String HELD = "held";

    @TempDir
    Path folder;

    private RunScene scene;

    @BeforeEach
    void open() {
        scene = new RunScene("stuck", folder, Duration.ofSeconds(3));
    }

    @AfterEach
    void close() {
        scene.world.release("ConfigMap", HELD);
        scene.close();
    }

    @Test
    void aPruneThatAFinalizerHoldsUpFailsNoRunAndIsTriedAgain() throws Exception {
        scene.write(map("app", "green"), held());
        assertThat(scene.run("c1", Trigger.SCHEDULE).phase()).isEqualTo(Phase.Good);

        scene.write(map("app", "red"));
        RunState stuck = scene.run("c2", Trigger.SCHEDULE);
        assertThat(stuck.phase()).isEqualTo(Phase.Good);
        isHeld(stuck.report().pruned());
        assertThat(colour()).isEqualTo("red");

        // Also by a run with nothing else to do, whose commit is good all the same.
        RunState again = scene.run("c2", Trigger.SYNC);
        assertThat(again.phase()).isEqualTo(Phase.Good);
        isHeld(again.report().pruned());

        scene.world.release("ConfigMap", HELD);
        RunState free = scene.run("c2", Trigger.SYNC);
        assertThat(Objects.requireNonNull(free.report().pruned()).kind()).isEqualTo(PruneResult.Kind.COMPLETE);
        assertThat(scene.world.get("ConfigMap", HELD)).isEmpty();
        assertThat(scene.kept().inventory().get(key())).isEmpty();
    }

    @Test
    void aRollbackGoesBackToLastGoodAlthoughAFinalizerHoldsWhatItRemoves() throws Exception {
        try (AdmissionServer webhook =
                new AdmissionServer(scene.world, "ValidatingWebhookConfiguration", "configmaps")) {
            webhook.denyWrites(object -> object.at("/data/colour").asText().equals("red"), "no red");
            scene.write(map("app", "green"));
            assertThat(scene.run("c1", Trigger.SCHEDULE).phase()).isEqualTo(Phase.Good);

            scene.write(
                    held(), map("app", "red").replace("NS}", "NS, annotations: {argocd.argoproj.io/sync-wave: '1'}}"));
            RunState back = scene.run("c2", Trigger.SCHEDULE);

            assertThat(back.phase()).isEqualTo(Phase.RolledBack);
            isHeld(back.report().removed());
            assertThat(colour()).isEqualTo("green");
            assertThat(scene.kept().ledger().isQuarantined(back.digest())).isTrue();

            // It is still known, and goes with the next run after somebody has let it go.
            scene.world.release("ConfigMap", HELD);
            scene.write(map("app", "blue"));
            assertThat(scene.run("c3", Trigger.SCHEDULE).phase()).isEqualTo(Phase.Good);
            assertThat(scene.world.get("ConfigMap", HELD)).isEmpty();
            assertThat(scene.kept().inventory().get(key())).isEmpty();
        }
    }

    private void isHeld(@Nullable PruneResult result) {
        PruneResult told = Objects.requireNonNull(result);
        assertThat(told.kind()).isEqualTo(PruneResult.Kind.INCOMPLETE);
        assertThat(told.diagnostics())
                .singleElement()
                .satisfies(finding -> assertThat(finding.toString())
                        .contains(HELD + " is not gone")
                        .contains("held by finalizers [\"test.orkestra.dev/hold\"]")
                        .contains("tried again"));
        assertThat(scene.world.get("ConfigMap", HELD).orElseThrow().at("/metadata/finalizers"))
                .hasSize(1);
        assertThat(scene.kept().inventory().get(key())).isPresent();
    }

    private ObjectKey key() {
        return new ObjectKey("", "ConfigMap", scene.world.namespace, HELD);
    }

    private String colour() {
        return scene.world
                .get("ConfigMap", "app")
                .orElseThrow()
                .at("/data/colour")
                .asText();
    }

    private static String map(String name, String colour) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: NS}\ndata: {colour: "
                + colour + "}\n";
    }

    private static String held() {
        return map(HELD, "green").replace("NS}", "NS, finalizers: [test.orkestra.dev/hold]}");
    }
}
