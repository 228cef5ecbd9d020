package dev.orkestra.apply;

/** Names that the agent writes on objects (DESIGN.md §7). They bind what is already in clusters: never renamed. */
public final class Labels {
    /** On every applied object: {@code <namespace>.<name>} of its ConfigRepo. */
    public static final String CONFIG_REPO = "orkestra.dev/config-repo";
    /** On runs and the Secrets of a run. */
    public static final String COMMIT = "orkestra.dev/commit";
    /** On runs and the Secrets of a run. */
    public static final String RUN = "orkestra.dev/run";
    /** On Secrets that hold a piece of inventory or state: name of the ConfigLedger that points at them. */
    public static final String CHUNK = "orkestra.dev/chunk";
    /** Field manager of applied objects and of our own resources. */
    public static final String MANAGER = "orkestra-agent";

    private Labels() {}
}
