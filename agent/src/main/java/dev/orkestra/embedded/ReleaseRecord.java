package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import java.util.Comparator;
import java.util.List;

/**
 * One revision of a release, as the labels of Helm's record (a Secret of the release's namespace) tell it. Reading the
 * labels tells without a child process whether anything is to be done, also after a crash between Helm and our status.
 *
 * @param secret name of the record
 * @param uid of this record: after a revision was dropped and made again there is another one of the same name
 * @param revision 1 for the first
 * @param status Helm's word: deployed, superseded, failed, pending-install, …
 * @param config what {@link #label} made of the config digest that the revision was made with; empty for one that
 *     somebody else made
 */
record ReleaseRecord(String secret, String uid, long revision, String status, String config) {
    /** Helm keeps labels of users on its records, and copies them on a rollback. */
    static final String CONFIG_LABEL = "orkestra.dev/config";

    /** The records of a release, newest first. */
    static List<ReleaseRecord> read(Cluster cluster, ReleaseSpec release) {
        return cluster
                .list(cluster.resourceType("v1", "Secret"), release.namespace(), "owner=helm,name=" + release.name())
                .stream()
                .filter(secret -> secret.path("type").asText().equals("helm.sh/release.v1"))
                .map(ReleaseRecord::of)
                .sorted(Comparator.comparingLong(ReleaseRecord::revision).reversed())
                .toList();
    }

    private static ReleaseRecord of(ObjectNode secret) {
        JsonNode metadata = secret.path("metadata");
        JsonNode labels = metadata.path("labels");
        return new ReleaseRecord(
                metadata.path("name").asText(),
                metadata.path("uid").asText(),
                labels.path("version").asLong(),
                labels.path("status").asText(),
                labels.path(CONFIG_LABEL).asText(""));
    }

    /** A config digest as a label's value: 40 hexadecimal digits, since 64 are too long for one. */
    static String label(String configDigest) {
        return configDigest.substring("sha256:".length(), "sha256:".length() + 40);
    }

    boolean isDeployed() {
        return status.equals("deployed");
    }

    boolean isFailed() {
        return status.equals("failed");
    }

    /** Kept by an uninstall with {@code keepHistory}. */
    boolean isUninstalled() {
        return status.equals("uninstalled");
    }

    /** Helm was stopped in the middle, and refuses to go on. */
    boolean isPending() {
        return status.startsWith("pending-");
    }

    boolean isLeaving() {
        return status.equals("uninstalling");
    }
}
