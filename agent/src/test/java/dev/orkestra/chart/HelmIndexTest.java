package dev.orkestra.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HelmIndexTest {
    @Test
    void anIndexOfTooManyValuesIsRefusedWithItsBounds() throws Exception {
        String some = "entries: {web: [" + "{version: 1.0.0},".repeat(100_000) + "]}\n";
        assertThat(HelmIndex.read(bytes(some)).find("web", "1.0.0")).isPresent();
        String many = "entries: {web: [" + "1,".repeat(500_000) + "]}\n";
        assertThatThrownBy(() -> HelmIndex.read(bytes(many))).isInstanceOfSatisfying(ChartTrouble.class, trouble -> {
            assertThat(trouble.kind()).isEqualTo(ChartTrouble.Kind.TOO_LARGE);
            assertThat(trouble.getMessage())
                    .isEqualTo("index.yaml of the repository is too large: more than 500000 keys and values,"
                            + " aliases written out, a fixed bound");
            assertThat(trouble.hint()).isEqualTo("publish a smaller index: at most 8 MiB with 500000 keys and values");
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
