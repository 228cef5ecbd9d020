package dev.orkestra.cluster;

/**
 * The service account in whose name a request is made (DESIGN.md §5, "Identity").
 *
 * @param namespace namespace of the service account, never empty: an empty identity must not fall back to the agent's
 * @param serviceAccount its name, never empty
 */
public record Identity(String namespace, String serviceAccount) {
    public Identity {
        if (namespace.isEmpty() || serviceAccount.isEmpty()) {
            throw new IllegalArgumentException("an identity needs a namespace and a service account");
        }
    }

    /** The user name of Impersonate-User. */
    public String userName() {
        return "system:serviceaccount:" + namespace + ":" + serviceAccount;
    }

    @Override
    public String toString() {
        return namespace + "/" + serviceAccount;
    }
}
