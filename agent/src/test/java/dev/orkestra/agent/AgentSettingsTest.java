package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.agent.AgentSettings.PausePoint;
import dev.orkestra.run.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentSettingsTest {
    @ParameterizedTest
    @EnumSource(Step.class)
    void aRunCanBePausedAtEachStepBeforeAndAfterItsWork(Step step) {
        assertThat(PausePoint.parse("2:" + step)).contains(new PausePoint(2, step.name(), false));
        assertThat(PausePoint.parse("2:" + step + "+")).contains(new PausePoint(2, step.name(), true));
    }

    @Test
    void aWaveNarrowsThePlace() {
        assertThat(PausePoint.parse("13:ApplyWave(0/5)+")).contains(new PausePoint(13, "ApplyWave(0/5)", true));
        assertThat(PausePoint.parse("1:AwaitWave(0 PRE_SYNC)"))
                .contains(new PausePoint(1, "AwaitWave(0 PRE_SYNC)", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "2",
                "2:",
                "2:+",
                ":ApplyWave",
                "two:ApplyWave",
                "-1:ApplyWave",
                "0:ApplyWave",
                "99999999999:ApplyWave",
                "٢:ApplyWave",
                "2:applywave",
                "2:Aply",
                "2:ApplyWave++",
                "2:ApplyWave ",
                "2:ApplyWave("
            })
    void whatCouldNeverBeReachedIsRefusedAndNotWaitedFor(String text) {
        assertThat(PausePoint.parse(text)).isEmpty();
    }
}
