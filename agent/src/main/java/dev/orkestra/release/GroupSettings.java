package dev.orkestra.release;

import java.net.URI;

/**
 * What an installation decides about groups.
 *
 * @param namespace where Workflows and the HelmRepository live
 * @param serviceAccount service account of Argo's executor pods; the embedded engine does not use it
 * @param executorImage image of Argo's executor pods; the embedded engine does not use it
 * @param instanceId which Workflow controller is meant: {@code orkestra} for the embedded engine, empty for Argo's own
 * @param parallelism how many nodes of a Workflow run at once, at least 1
 * @param repositoryName name of the HelmRepository of staged charts
 * @param repositoryUrl where the staged charts are served, as engines reach it
 * @param remediation whether a failed group that no run owns is rolled back or reversed
 */
public record GroupSettings(
        String namespace,
        String serviceAccount,
        String executorImage,
        String instanceId,
        int parallelism,
        String repositoryName,
        URI repositoryUrl,
        boolean remediation) {
    /** The instance id of the embedded engine. */
    public static final String EMBEDDED = "orkestra";

    /** Azure Orkestra's defaults, for the embedded engine. */
    public static GroupSettings embedded(URI repositoryUrl) {
        return new GroupSettings(
                "orkestra", "orkestra", "orkestra-agent:latest", EMBEDDED, 10, "chartmuseum", repositoryUrl, true);
    }

    public GroupSettings {
        if (parallelism < 1) {
            throw new IllegalArgumentException("parallelism is at least 1: " + parallelism);
        }
    }

    public GroupSettings inNamespace(String other) {
        return new GroupSettings(
                other,
                serviceAccount,
                executorImage,
                instanceId,
                parallelism,
                repositoryName,
                repositoryUrl,
                remediation);
    }
}
