package dev.orkestra.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.Hook;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Position;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HookInstanceTest {
    private static final RunSpec THIRD = run("staging", 3);

    private static RunSpec run(String configRepo, int number) {
        return new RunSpec(
                "orkestra",
                configRepo,
                number,
                "c3",
                Trigger.SCHEDULE,
                Samples.START,
                new RunSpec.Limits(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ZERO));
    }

    private static Hook hook(String name, Wave.Phase phase) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("apiVersion", "batch/v1");
        body.put("kind", "Job");
        body.putObject("metadata").put("name", name).put("namespace", "shop");
        return new Hook(
                new ObjectKey("batch", "Job", "shop", name),
                body,
                new Wave(2, phase, 2),
                Set.of(),
                false,
                Position.startOf("h.yaml"),
                "sha256:h");
    }

    private static String name(Hook hook, RunSpec run, String commit, Direction direction) {
        return HookInstance.of(hook, run, commit, direction).key().name();
    }

    @Test
    void theNameIsTheSameHoweverOftenItIsAskedFor() {
        Hook hook = hook("migrate", Wave.Phase.PRE_SYNC);
        assertThat(name(hook, THIRD, "c3", Direction.FORWARD))
                .isEqualTo(name(hook, run("staging", 3), "c3", Direction.FORWARD))
                .matches("migrate-[0-9a-f]{12}");
    }

    @Test
    void commitRunPhaseDirectionAndEnvironmentEachMakeAnotherName() {
        Hook hook = hook("migrate", Wave.Phase.PRE_SYNC);
        List<String> names = List.of(
                name(hook, THIRD, "c3", Direction.FORWARD),
                name(hook, THIRD, "c3", Direction.ROLLBACK),
                name(hook, THIRD, "c4", Direction.FORWARD),
                name(hook, run("staging", 4), "c3", Direction.FORWARD),
                name(hook, run("production", 3), "c3", Direction.FORWARD),
                name(hook("migrate", Wave.Phase.POST_SYNC), THIRD, "c3", Direction.FORWARD));
        assertThat(new HashSet<>(names)).hasSameSizeAs(names);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b-c", "name-that-is-cut-where-a-dash-stands-which-cannot-be-th-e-end-of-it"})
    void anyNameFitsIntoALabelAndCanBeANameInDns(String base) {
        String name = name(hook(base, Wave.Phase.SYNC), THIRD, "c3", Direction.FORWARD);
        assertThat(name).hasSizeLessThanOrEqualTo(63).matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?(-[0-9a-f]{12})");
        assertThat(name).doesNotContain("--", ".-");
    }

    @Test
    void anInstanceStaysUntilTheAgentRemovesIt() {
        Hook hook = hook("migrate", Wave.Phase.PRE_SYNC);
        hook.body()
                .putObject("spec")
                .put("backoffLimit", 0)
                .put("ttlSecondsAfterFinished", 0)
                .putObject("ttlStrategy")
                .put("secondsAfterCompletion", 1);
        ObjectNode body =
                HookInstance.of(hook, THIRD, "c3", Direction.FORWARD).object().body();
        assertThat(body.path("spec").toString()).isEqualTo("{\"backoffLimit\":0}");
    }

    @Test
    void anInstanceSaysWhoseItIsAndTheHookItselfStaysAsItWas() {
        Hook hook = hook("migrate", Wave.Phase.SYNC_FAIL);
        ObjectNode before = hook.body().deepCopy();
        ObjectNode body =
                HookInstance.of(hook, THIRD, "c2", Direction.ROLLBACK).object().body();
        assertThat(body.at("/metadata/labels").toString())
                .isEqualTo("{\"orkestra.dev/commit\":\"c2\",\"orkestra.dev/run\":\"3\"}");
        assertThat(body.at("/metadata/annotations").toString())
                .isEqualTo("{\"orkestra.dev/hook\":\"SyncFail (rollback)\"}");
        assertThat(hook.body()).isEqualTo(before);
    }
}
