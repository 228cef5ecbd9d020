package dev.orkestra.cluster;

/** What a request does, as benchmarks and metrics count it. */
public enum Verb {
    GET,
    LIST,
    WATCH,
    CREATE,
    UPDATE,
    PATCH,
    APPLY,
    DRY_RUN,
    DELETE,
    DISCOVERY,
    LOG
}
