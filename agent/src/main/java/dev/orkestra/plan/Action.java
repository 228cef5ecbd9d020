package dev.orkestra.plan;

/** What a run would do with an object that a commit wants. */
public enum Action {
    CREATE,
    UPDATE,
    /** A field that cannot be changed changes, and the object allows that it is deleted and created again. */
    REPLACE,
    UNCHANGED,
    /** Its CRD, namespace or webhook comes with the same commit: what happens is known when that is there. */
    DEFERRED,
    /** It cannot be applied; the run would not begin. */
    REFUSED
}
