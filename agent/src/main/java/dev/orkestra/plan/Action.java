package dev.orkestra.plan;

/** What a run would do with an object that a commit wants. */
public enum Action {
    CREATE,
    UPDATE,
    UNCHANGED,
    /** Its CRD or namespace comes with the same commit: what happens is known when that is there. */
    DEFERRED,
    /** It cannot be applied; the run would not begin. */
    REFUSED
}
