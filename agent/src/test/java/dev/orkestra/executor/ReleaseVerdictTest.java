package dev.orkestra.executor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The states are those that Flux's helm-controller 1.6 went through on a real cluster. */
class ReleaseVerdictTest {
    @Test
    void believesReadyOnlyAtTheObservedGeneration() throws IOException {
        assertThat(verdict(2, "{'observedGeneration': 1, 'conditions': [" + condition("Ready", "True", 1) + "]}"))
                .isInstanceOf(ReleaseVerdict.Waiting.class);
        assertThat(verdict(2, "{'observedGeneration': 2, 'conditions': [" + condition("Ready", "True", 2) + "]}"))
                .isInstanceOf(ReleaseVerdict.Ready.class);
        assertThat(verdict(1, "{'observedGeneration': -1, 'conditions': [" + condition("Ready", "True", 1) + "]}"))
                .isInstanceOf(ReleaseVerdict.Waiting.class);
    }

    @Test
    void failsAtOnceWhenItIsStalledAtThisGeneration() throws IOException {
        String conditions = condition("Stalled", "True", 2) + ","
                + condition("Ready", "False", 2).replace("Why", "UpgradeFailed");
        assertThat(verdict(2, "{'observedGeneration': 1, 'conditions': [" + conditions + "]}"))
                .isInstanceOfSatisfying(
                        ReleaseVerdict.Failed.class,
                        failed -> assertThat(failed.reason().message()).contains("words of Ready"));
        assertThat(verdict(3, "{'observedGeneration': 2, 'conditions': [" + conditions + "]}"))
                .isInstanceOf(ReleaseVerdict.Waiting.class);
    }

    @Test
    void waitsWhileASourceIsNotThereOrRetriesAreLeft() throws IOException {
        String source = condition("Ready", "False", 1).replace("Why", "SourceNotReady");
        assertThat(verdict(1, "{'observedGeneration': 1, 'conditions': [" + source + "]}"))
                .isInstanceOf(ReleaseVerdict.Waiting.class);
        String failed = condition("Ready", "False", 1).replace("Why", "InstallFailed");
        ObjectNode retrying =
                release(1, "{'observedGeneration': 1, 'installFailures': 1, 'conditions': [" + failed + "]}");
        retrying.withObject("/spec/install/remediation").put("retries", 2);
        assertThat(ReleaseVerdict.of(Optional.of(retrying), "u", 1)).isInstanceOf(ReleaseVerdict.Waiting.class);
        retrying.withObject("/status").put("installFailures", 3);
        assertThat(ReleaseVerdict.of(Optional.of(retrying), "u", 1)).isInstanceOf(ReleaseVerdict.Failed.class);
        assertThat(verdict(1, "{'observedGeneration': 1, 'conditions': [" + failed + "]}"))
                .isInstanceOf(ReleaseVerdict.Failed.class);
    }

    @Test
    void failsWhenTheObjectIsNoLongerTheOneThatWasApplied() throws IOException {
        ObjectNode ready =
                release(1, "{'observedGeneration': 1, 'conditions': [" + condition("Ready", "True", 1) + "]}");
        assertThat(ReleaseVerdict.of(Optional.of(ready), "other", 1)).isInstanceOf(ReleaseVerdict.Failed.class);
        assertThat(ReleaseVerdict.of(Optional.empty(), "u", 1)).isInstanceOf(ReleaseVerdict.Failed.class);
    }

    private static ReleaseVerdict verdict(long generation, String status) throws IOException {
        return ReleaseVerdict.of(Optional.of(release(generation, status)), "u", 1);
    }

    private static String condition(String type, String status, long observed) {
        return "{'type': '" + type + "', 'status': '" + status + "', 'reason': 'Why', 'message': 'words of " + type
                + "', 'observedGeneration': " + observed + "}";
    }

    private static ObjectNode release(long generation, String status) throws IOException {
        ObjectNode release = new ObjectMapper().createObjectNode();
        release.put("apiVersion", "helm.toolkit.fluxcd.io/v2").put("kind", "HelmRelease");
        release.putObject("metadata").put("name", "web").put("uid", "u").put("generation", generation);
        release.putObject("spec");
        release.set("status", new ObjectMapper().readTree(status.replace('\'', '"')));
        return release;
    }
}
