package dev.orkestra.release;

import java.net.URI;
import java.util.List;

/**
 * What an installation decides about groups.
 *
 * @param namespace where Workflows and the HelmRepository live
 * @param executors the pods in which Argo runs steps; the embedded engine does not use them
 * @param instanceId which Workflow controller is meant: {@code orkestra} for the embedded engine, empty for Argo's own
 * @param parallelism how many nodes of a Workflow run at once, at least 1
 * @param repositoryName name of the HelmRepository of staged charts
 * @param repositoryUrl where the staged charts are served, as engines reach it; {@code oci://} for a registry
 * @param flux whether Flux carries HelmReleases out: then each names the service account of its group's identity, which
 *     Flux looks up in the HelmRelease's namespace
 * @param remediation whether a failed group that no run owns is rolled back or reversed
 */
public record GroupSettings(
        String namespace,
        Executors executors,
        String instanceId,
        int parallelism,
        String repositoryName,
        URI repositoryUrl,
        boolean flux,
        boolean remediation) {
    /** The instance id of the embedded engine. */
    public static final String EMBEDDED = "orkestra";

    /**
     * The pods of executors.
     *
     * @param serviceAccount their service account
     * @param image image with {@code ork}
     * @param command how {@code ork} is started in it, without arguments
     * @param retries how often a step is tried again after an error of the infrastructure; empty: never
     */
    public record Executors(String serviceAccount, String image, List<String> command, String retries) {
        public Executors {
            command = List.copyOf(command);
        }
    }

    /** Azure Orkestra's defaults, for the embedded engines. */
    public static GroupSettings embedded(URI repositoryUrl) {
        return new GroupSettings(
                "orkestra",
                new Executors("orkestra", "orkestra-agent:latest", List.of("ork"), "2"),
                EMBEDDED,
                10,
                "chartmuseum",
                repositoryUrl,
                false,
                true);
    }

    public GroupSettings {
        if (parallelism < 1) {
            throw new IllegalArgumentException("parallelism is at least 1: " + parallelism);
        }
    }

    String serviceAccount() {
        return executors.serviceAccount;
    }

    String executorImage() {
        return executors.image;
    }

    List<String> executorCommand() {
        return executors.command;
    }

    String retries() {
        return executors.retries;
    }

    public GroupSettings inNamespace(String other) {
        return new GroupSettings(
                other, executors, instanceId, parallelism, repositoryName, repositoryUrl, flux, remediation);
    }

    public GroupSettings withExecutors(Executors other) {
        return new GroupSettings(
                namespace, other, instanceId, parallelism, repositoryName, repositoryUrl, flux, remediation);
    }

    public GroupSettings withInstanceId(String other) {
        return new GroupSettings(
                namespace, executors, other, parallelism, repositoryName, repositoryUrl, flux, remediation);
    }

    public GroupSettings withParallelism(int other) {
        return new GroupSettings(
                namespace, executors, instanceId, other, repositoryName, repositoryUrl, flux, remediation);
    }

    public GroupSettings withFlux(boolean other) {
        return new GroupSettings(
                namespace, executors, instanceId, parallelism, repositoryName, repositoryUrl, other, remediation);
    }

    public GroupSettings withRemediation(boolean other) {
        return new GroupSettings(
                namespace, executors, instanceId, parallelism, repositoryName, repositoryUrl, flux, other);
    }
}
