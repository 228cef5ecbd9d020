package dev.orkestra.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepArgumentsTest {
    private static final String SPEC = Base64.getEncoder().encodeToString("""
                    apiVersion: helm.toolkit.fluxcd.io/v2
                    kind: HelmRelease
                    metadata: {name: web, namespace: shop, creationTimestamp: null}
                    spec: {interval: 5m}
                    status: {}
                    """.getBytes(StandardCharsets.UTF_8));

    @Test
    void readsWhatAzureOrkestrasWorkflowsPass() {
        var outcome = StepArguments.parse(
                List.of("--spec", SPEC, "--action", "install", "--timeout", "10m0s", "--interval", "1s"));
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Done.class, done -> {
            StepArguments arguments = (StepArguments) done.value();
            assertThat(arguments.action()).isEqualTo(StepArguments.Action.INSTALL);
            assertThat(arguments.timeout()).isEqualTo(Duration.ofMinutes(10));
            assertThat(arguments.release().path("metadata").path("namespace").asText())
                    .isEqualTo("shop");
        });
    }

    @Test
    void saysWhichArgumentIsWrong() {
        assertThat(refusal("--spec", SPEC, "--action", "destroy")).contains("--action");
        assertThat(refusal("--spec", SPEC, "--action", "delete", "--timeout", "soon"))
                .contains("--timeout");
        assertThat(refusal("--spec", "%%%", "--action", "delete")).contains("not base64");
        assertThat(refusal("--action", "delete")).contains("--spec is missing");
        assertThat(refusal(
                        "--spec",
                        Base64.getEncoder().encodeToString("a: b".getBytes(StandardCharsets.UTF_8)),
                        "--action",
                        "delete"))
                .contains("a HelmRelease with name and namespace");
        assertThat(refusal("--action")).contains("pairs");
    }

    private static String refusal(String... arguments) {
        return StepArguments.parse(List.of(arguments)) instanceof Outcome.Terminal<StepArguments>(Diagnostic reason)
                ? reason.message()
                : "accepted";
    }
}
