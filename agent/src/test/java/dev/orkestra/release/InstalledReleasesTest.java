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
}
