package dev.orkestra.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChartVersionsTest {
    private static final List<String> OFFERED =
            List.of("2.0.0-rc.1", "1.10.0", "1.9.3", "1.2.0", "v1", "0.9", "not-a-version");

    @Test
    void anExactVersionIsTakenAsItIs() {
        assertThat(ChartVersions.choose("1.2.0", OFFERED)).contains("1.2.0");
        assertThat(ChartVersions.choose("v1", OFFERED)).contains("v1");
        assertThat(ChartVersions.choose("2.0.0-rc.1", OFFERED)).contains("2.0.0-rc.1");
    }

    @Test
    void theSameVersionMayBeWrittenOtherwise() {
        assertThat(ChartVersions.choose("v1.9.3", OFFERED)).contains("1.9.3");
        assertThat(ChartVersions.choose("0.9.0", OFFERED)).contains("0.9");
    }

    @Test
    void aRangeTakesTheNewestThatFits() {
        assertThat(ChartVersions.choose("*", OFFERED)).contains("1.10.0");
        assertThat(ChartVersions.choose("1.x", OFFERED)).contains("1.10.0");
        assertThat(ChartVersions.choose("1.2", OFFERED)).contains("1.2.0");
        assertThat(ChartVersions.choose("~1.9", OFFERED)).contains("1.9.3");
        assertThat(ChartVersions.choose("^1.2", OFFERED)).contains("1.10.0");
        assertThat(ChartVersions.choose(">=1, <1.10", OFFERED)).contains("1.9.3");
        assertThat(ChartVersions.choose("0.9 || ~1.2.0", OFFERED)).contains("1.2.0");
        assertThat(ChartVersions.choose(">=2.0.0-0", OFFERED)).contains("2.0.0-rc.1");
    }

    @Test
    void whatFitsNothingChoosesNothing() {
        assertThat(ChartVersions.choose("3.0.0", OFFERED)).isEmpty();
        assertThat(ChartVersions.choose("fake-version", OFFERED)).isEmpty();
        assertThat(ChartVersions.choose("not-a-versio", OFFERED)).isEmpty();
        assertThat(ChartVersions.choose(">=", OFFERED)).isEmpty();
        assertThat(ChartVersions.choose("1 2 ( ^^", OFFERED)).isEmpty();
    }

    @Test
    void numbersOverAnyVersionFitNothing() {
        for (String wanted : List.of(
                ">=99999999999.0.0",
                "^1.2.99999999999",
                "9999999999999.x",
                "99999999999.0.0",
                "~1.99999999999",
                "1.0.0 - 2.0.99999999999",
                ">=1.0.0-99999999999999999999")) {
            assertThat(ChartVersions.choose(wanted, List.of("not-a-version", "0.1.0")))
                    .as(wanted)
                    .isEmpty();
        }
        assertThat(ChartVersions.choose(
                        ">=1.0.0-0", List.of("1.0.0-20240101120000", "1.0.0-20250101120000", "1.0.0-3")))
                .as("a date is a usual pre-release")
                .contains("1.0.0-20250101120000");
    }
}
