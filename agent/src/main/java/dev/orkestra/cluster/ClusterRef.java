package dev.orkestra.cluster;

import java.nio.file.Path;

/** Which API server, and with whose credentials. */
public sealed interface ClusterRef {
    /**
     * A kubeconfig file. Its exec, auth-provider and insecure entries are refused.
     *
     * @param context name of the context, or empty for the current one
     */
    record Kubeconfig(Path file, String context) implements ClusterRef {}

    /** The service account of the pod that this process runs in. */
    record InCluster() implements ClusterRef {}
}
