package dev.orkestra.run;

/** What people see of a run ({@code ConfigRun.status.phase}, DESIGN.md §7). The names are never renamed. */
public enum Phase {
    Pending(false),
    Composing(false),
    Planning(false),
    AwaitingApproval(false),
    Applying(false),
    Verifying(false),
    RollingBack(false),

    Good(true),
    Invalid(true),
    Held(true),
    RolledBack(true),
    RollbackFailed(true),
    Superseded(true);

    private final boolean isFinal;

    Phase(boolean isFinal) {
        this.isFinal = isFinal;
    }

    /** Whether a run ends in it. The run itself is over only at {@link Step#End}. */
    public boolean isFinal() {
        return isFinal;
    }
}
