package dev.orkestra.release;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What an installation decides about groups.
 *
 * @param namespace where Workflows and the HelmRepository live
 * @param executors the pods in which Argo runs steps; the embedded engine does not use them
 * @param instanceId which Workflow controller is meant: {@code orkestra} for the embedded engine, empty for Argo's own
 * @param parallelism how many nodes of a Workflow run at once, at least 1
 * @param repository where engines find staged charts
 * @param flux whether Flux carries HelmReleases out: then each names the service account of its group's identity, which
 *     Flux looks up in the HelmRelease's namespace
 * @param remediation whether a failed group that no run owns is rolled back or reversed
 */
public record GroupSettings(
        String namespace,
        Executors executors,
        String instanceId,
        int parallelism,
        Repository repository,
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

    /**
     * Where engines find staged charts.
     *
     * @param name of the HelmRepository
     * @param url where the charts are served, as engines reach it; {@code oci://} for a registry
     * @param pullSecret Secret of the agent's namespace with which a registry is read
     */
    public record Repository(String name, URI url, Optional<String> pullSecret) {}

    /** Azure Orkestra's defaults, for the embedded engines. */
    public static GroupSettings embedded(URI repositoryUrl) {
        return new GroupSettings(
                "orkestra",
                new Executors("orkestra", "orkestra-agent:latest", List.of("ork"), "2"),
                EMBEDDED,
                10,
                new Repository("chartmuseum", repositoryUrl, Optional.empty()),
                false,
                true);
    }

    public GroupSettings {
        if (parallelism < 1) {
            throw new IllegalArgumentException("parallelism is at least 1: " + parallelism);
        }
    }

    String repositoryName() {
        return repository.name;
    }

    URI repositoryUrl() {
        return repository.url;
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
        return new GroupSettings(other, executors, instanceId, parallelism, repository, flux, remediation);
    }

    public GroupSettings withExecutors(Executors other) {
        return new GroupSettings(namespace, other, instanceId, parallelism, repository, flux, remediation);
    }

    public GroupSettings withInstanceId(String other) {
        return new GroupSettings(namespace, executors, other, parallelism, repository, flux, remediation);
    }

    public GroupSettings withParallelism(int other) {
        return new GroupSettings(namespace, executors, instanceId, other, repository, flux, remediation);
    }

    public GroupSettings withRepository(Repository other) {
        return new GroupSettings(namespace, executors, instanceId, parallelism, other, flux, remediation);
    }

    public GroupSettings withFlux(boolean other) {
        return new GroupSettings(namespace, executors, instanceId, parallelism, repository, other, remediation);
    }

    public GroupSettings withRemediation(boolean other) {
        return new GroupSettings(namespace, executors, instanceId, parallelism, repository, flux, other);
    }
}
