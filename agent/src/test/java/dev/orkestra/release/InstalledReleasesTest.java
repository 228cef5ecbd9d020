package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Identity;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Groups;
import dev.orkestra.group.ReleaseGraph;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InstalledReleasesTest {
    private static final GroupSettings SETTINGS = GroupSettings.embedded(URI.create("http://agent.test/charts"));

    @Test
    void theGraphCanBeReadBackFromItsReleases() {
        ReleaseGraph graph = ReleaseGraph.forward(
                ApplicationGroup.of(Groups.resource("bookinfo.yaml")),
                Groups.staged("ambassador=6.6.0", "bookinfo=v1", "bookinfo/details=v1", "bookinfo/reviews=v1"));
        List<ObjectNode> releases = new ArrayList<>();
        graph.applications()
                .values()
                .forEach(application -> application
                        .tasks()
                        .values()
                        .forEach(task -> releases.add(HelmReleaseDocument.of(
                                "bookinfo", new Identity("shops", "deployer"), application, task, true, SETTINGS))));
        assertThat(Groups.drawn(InstalledReleases.graph(releases))).isEqualTo(Groups.drawn(graph));
    }

    @Test
    void aReleaseOfAzureOrkestraIsKnownByItsLabels() {
        ObjectNode release = Groups.json("""
                metadata:
                  name: a82a4dac39-details
                  namespace: ns
                  labels: {orkestra.azure.microsoft.com/chart: a82a4dac39-details}
                  annotations: {orkestra.azure.microsoft.com/parent-chart: bookinfo}
                """);
        assertThat(InstalledReleases.graph(List.of(release)).releaseKeys()).containsExactly("ns/a82a4dac39-details");
        assertThat(InstalledReleases.graph(List.of(release)).applications()).containsOnlyKeys("bookinfo");
    }

    @Test
    void aReleaseIsReadyOnlyAtItsOwnGeneration() {
        String text = "{metadata: {name: a, namespace: ns, generation: 2}, status: {observedGeneration: %d, conditions:"
                + " [{type: Ready, status: '%s', reason: Any, message: words}]}}";
        assertThat(ReleaseState.isReady(Groups.json(text.formatted(2, "True")))).isTrue();
        assertThat(ReleaseState.isReady(Groups.json(text.formatted(1, "True")))).isFalse();
        assertThat(ReleaseState.isReady(Groups.json(text.formatted(2, "False"))))
                .isFalse();
        assertThat(ReleaseState.isReady(Groups.json(text.formatted(2, "Unknown"))))
                .isFalse();
    }

    @Test
    void onlyAnActionThatFailedEndsARelease() {
        String text = "{metadata: {name: a, namespace: ns, generation: 2}, status: {observedGeneration: 2, conditions:"
                + " [{type: Ready, status: 'False', reason: %s, message: words}]}}";
        assertThat(ReleaseState.hasFailed(Groups.json(text.formatted("UpgradeFailed"))))
                .isTrue();
        assertThat(ReleaseState.hasFailed(Groups.json(text.formatted("RollbackSucceeded"))))
                .isTrue();
        for (String passing : List.of("SourceNotReady", "ValuesError", "ClusterUnreachable", "NoIdentity")) {
            assertThat(ReleaseState.hasFailed(Groups.json(text.formatted(passing))))
                    .as(passing)
                    .isFalse();
        }
        String stalled = "{metadata: {generation: 2}, status: {observedGeneration: 1, conditions:"
                + " [{type: Stalled, status: 'True', observedGeneration: %d}]}}";
        assertThat(ReleaseState.hasFailed(Groups.json(stalled.formatted(1)))).isFalse();
        assertThat(ReleaseState.hasFailed(Groups.json(stalled.formatted(2)))).isTrue();
    }

    @Test
    void whatACustomExecutorAloneMakesOfItsPayloadIsNotInTheWay() {
        ObjectNode group = Groups.json("""
                metadata: {name: g}
                spec:
                  applications:
                    - name: a
                      spec:
                        chart: {url: "http://x", name: a, version: "1"}
                        release: {targetNamespace: ns}
                        workflow: [{name: own, type: custom, image: {name: own, image: i}, params: {}}]
                """);
        ReleaseGraph wanted = ReleaseGraph.forward(ApplicationGroup.of(group), Groups.staged("a=1.0.0"));
        ObjectNode made = Groups.json("{metadata: {name: a, namespace: ns, generation: 1}}");
        assertThat(ReleaseState.of(wanted, List.of(made)).isGood()).isTrue();
        assertThat(ReleaseState.of(wanted, List.of()).isGood()).isTrue();
        ObjectNode other = Groups.json("{metadata: {name: b, namespace: ns, generation: 1}}");
        assertThat(ReleaseState.of(wanted, List.of(other)).isGood()).isFalse();
    }
}
