package dev.orkestra.katalog;

/** What a lock file beside the entry means for imports from a network. */
public enum LockMode {
    /** Each must be in it and be the same: the agent's way, so that a commit is one state for good. */
    REQUIRED,
    /** What is in it must be the same; what is not is a warning. */
    CHECKED,
    /** It is about to be written anew. */
    IGNORED
}
