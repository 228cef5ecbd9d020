package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.Settings;
import dev.orkestra.executor.HelmReleaseExecutor;
import dev.orkestra.outcome.Outcome;
import java.time.Duration;

/** What tests do with HelmReleases. */
final class HelmReleases {
    private HelmReleases() {}

    /** A namespace that no earlier run left anything in. */
    static String namespace(String base) {
        return base + "-" + Long.toString(System.currentTimeMillis() % 10_000_000, 36);
    }

    /** Ends the engines, and removes what a failed test left. */
    static void end(Engines engines) {
        engines.close();
        try (KubeCluster cluster =
                KubeCluster.connect(new ClusterRef.Kubeconfig(Engines.kubeconfig(), ""), Settings.standard())) {
            ResourceType type = cluster.resourceType("helm.toolkit.fluxcd.io/v2", "HelmRelease");
            for (ObjectNode left : cluster.list(type, engines.namespace, "")) {
                ObjectNode free = left.objectNode();
                free.putObject("metadata").putArray("finalizers");
                String name = left.path("metadata").path("name").asText();
                cluster.mergePatch(type, engines.namespace, name, free, false, "test");
            }
            cluster.delete(cluster.resourceType("v1", "Namespace"), "", engines.namespace, "");
        }
    }

    static void delete(Engines engines, String name) throws InterruptedException {
        ResourceType type = engines.cluster.resourceType("helm.toolkit.fluxcd.io/v2", "HelmRelease");
        ObjectNode live = engines.cluster.get(type, engines.namespace, name).orElseThrow();
        assertThat(new HelmReleaseExecutor(engines.cluster.as(engines.identity)).delete(live, Duration.ofSeconds(40)))
                .isInstanceOf(Outcome.Done.class);
    }
}
