package dev.orkestra.run;

/**
 * The named, persisted steps of a run, in the order of a good one and then of a failed one. The names are written into
 * {@code ConfigRun.status.step} and are what crash tests kill at, so they are never renamed.
 */
public enum Step {
    /** Read the commit, compose and validate it. */
    Compose,
    /** Keep the resolved state, so that no later step needs Git. Nothing outside the agent's namespace changes. */
    StoreState,
    /** Ask what would change. Only reads and dry-runs. */
    Plan,
    /** The plan waits for a person. Nothing has been changed. */
    AwaitApproval,
    /** Write what is about to be applied into the inventory and mark the ledger unsettled: intent before effect. */
    StoreIntent,
    ApplyWave,
    AwaitWave,
    /** All waves are healthy; watch whether they stay so. */
    Soak,
    /** Move last-good, before anything is pruned. */
    RecordGood,
    Prune,

    /** Environment trouble: wait, then go on with {@link RunState.Waiting#then}. */
    RetryWait,

    /** Write the bad verdict into the ledger, before the rollback begins. */
    RecordQuarantine,
    /** Run the hooks that the commit has for its failure. They cannot change the verdict. */
    RunFailHooks,
    /** Load last-good's resolved state. */
    PrepareRollback,
    RollbackApplyWave,
    RollbackAwaitWave,
    /** Delete what last-good does not have, in reverse waves. */
    RemoveNew,
    RecordRollback,
    /** Last-good did not become healthy either, so the content was not at fault. */
    LiftQuarantine,

    /** Tell the end: history, conditions, events, metrics. The phase is already the final one. */
    Finish,
    /** Nothing is left to do. */
    End
}
