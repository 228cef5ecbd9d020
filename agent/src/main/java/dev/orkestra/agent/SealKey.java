package dev.orkestra.agent;

import dev.orkestra.apply.SealSecret;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.release.ReleaseSeal;

/** The key of {@link ReleaseSeal}: a Secret of the agent's namespace, made once and never changed. */
final class SealKey {
    private SealKey() {}

    /**
     * The seal of this installation.
     *
     * @throws dev.orkestra.apply.EnvironmentStore.DamagedException when the Secret holds no key, or is gone while
     *     something sealed is there; to make another one would be to disown all of that
     */
    static ReleaseSeal of(Cluster cluster, String namespace) {
        return new ReleaseSeal(SealSecret.findOrCreate(cluster, namespace));
    }
}
