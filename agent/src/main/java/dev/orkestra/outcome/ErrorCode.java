package dev.orkestra.outcome;

/**
 * Stable names of what can go wrong. They are condition reasons, metric labels and rule ids, so a name never changes
 * its meaning. Those up to {@link #Suspended} are the reasons of DESIGN.md §7; the others are findings in documents.
 */
public enum ErrorCode {
    // Reasons of a ConfigRepo (DESIGN.md §7).
    FetchFailed(true),
    AuthenticationFailed(true),
    RefNotFound(true),
    Invalid(false),
    TooLarge(false),
    DuplicateObject(false),
    OwnedElsewhere(false),
    MissingKind(true),
    ClusterUnreachable(true),
    DeadlineExceeded(false),
    Held(false),
    RolledBack(false),
    RollbackFailed(false),
    PlanStale(true),
    EngineConflict(false),
    ApprovalRequired(false),
    Suspended(false),

    // Reading documents.
    NotYaml(false),
    NotUtf8(false),
    DuplicateKey(false),
    NonStringKey(false),
    UnsupportedTag(false),
    AmbiguousScalar(false),
    LimitExceeded(false),
    NotFound(false),
    OutsideRoot(false),

    // Schemas.
    UnknownKind(false),
    UnsupportedApiVersion(false),
    UnknownField(false),
    WrongType(false),
    MissingField(false),
    WrongValue(false),
    BrokenRule(false),

    // Composition and rules.
    ImportFailed(true),
    ImportNotAllowed(false),
    RenderFailed(false),
    NotLocked(false),
    LockMismatch(false),
    MovedField(false),
    NoEffect(false),
    DuplicateCrd(false),
    UnknownDependency(false),
    SelfDependency(false),
    DependencyCycle(false),
    IgnoredOverride(false),
    InvalidName(false),
    DuplicateName(false),
    ExtraDocument(false),
    BadTemplate(false),
    /** Another rule than those with a code of their own: {@link Diagnostic#rule} says which. */
    RuleBroken(false),
    NotStable(false),
    WaveConflict(false),
    HookNotAllowed(false),

    // The cluster's answers.
    Refused(false),
    FieldConflict(false),
    Forbidden(false),
    Unhealthy(false),

    // Releases.
    ChartPullFailed(true),
    ReleaseFailed(false),
    WorkflowFailed(false),
    /** Azure Orkestra's reason for a step that cannot be made of what the group says. */
    WorkflowTemplateGenerationFailed(false),
    /** One of a group's {@code spec.conditions} is not true. */
    ConditionFailed(true),
    NoIdentity(false),
    /** A HelmRelease that its group did not plan, or not so. */
    NotSealed(false);

    private final boolean transientTrouble;

    ErrorCode(boolean transientTrouble) {
        this.transientTrouble = transientTrouble;
    }

    /** Whether trying again without a change can help. */
    public boolean isTransient() {
        return transientTrouble;
    }
}
