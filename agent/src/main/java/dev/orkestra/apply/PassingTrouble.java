package dev.orkestra.apply;

import dev.orkestra.cluster.ClusterException;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Severity;
import java.util.List;
import java.util.Optional;

/**
 * A commit could not be composed for a reason that may pass by itself: an import's server that is away makes no commit
 * bad. The step is tried again.
 */
final class PassingTrouble extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Diagnostic reason;

    PassingTrouble(Diagnostic reason) {
        super(reason.message(), null, false, false);
        this.reason = reason;
    }

    Diagnostic reason() {
        return reason;
    }

    /** The first error, when all of them may pass. */
    static Optional<Diagnostic> in(List<Diagnostic> findings) {
        List<Diagnostic> errors = findings.stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
        return errors.stream().allMatch(error -> error.code().isTransient())
                ? errors.stream().findFirst()
                : Optional.empty();
    }

    /** The API server's trouble as a finding. */
    static Diagnostic of(ClusterException e) {
        boolean forbidden = e.reason() == ClusterException.Reason.FORBIDDEN;
        return Diagnostic.error(
                forbidden ? ErrorCode.Forbidden : ErrorCode.ClusterUnreachable,
                e.getMessage(),
                null,
                "The agent tries again by itself");
    }
}
