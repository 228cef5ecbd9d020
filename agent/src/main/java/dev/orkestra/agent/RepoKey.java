package dev.orkestra.agent;

/** Names a ConfigRepo. */
record RepoKey(String namespace, String name) {
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
