package dev.orkestra.apply;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Severity;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.PruneResult;
import dev.orkestra.run.RunState;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An ended run in the words of the Ready and Pruned conditions and of events.
 *
 * @param ready whether the environment is the commit
 * @param reason one of DESIGN.md §7
 * @param message what happened, where the environment stands now, and what to do
 */
public record RunReport(boolean ready, String reason, String message, Optional<Pruned> pruned) {
    /** Findings that are reasons of their own; the others are all Invalid. */
    private static final Set<ErrorCode> REASONS = EnumSet.of(
            ErrorCode.TooLarge, ErrorCode.DuplicateObject, ErrorCode.OwnedElsewhere, ErrorCode.MissingKind);

    private static final int SHORT_ID = 12;

    /** The Pruned condition. */
    public record Pruned(boolean well, String reason, String message) {}

    public static RunReport of(RunState run) {
        String commit = shortId(run.spec().commit());
        Optional<Pruned> pruned =
                Optional.ofNullable(run.report().pruned()).map(RunReport::pruned);
        return switch (run.phase()) {
            case Good ->
                new RunReport(
                        true,
                        "Good",
                        "commit " + commit + " is good: "
                                + (run.waves().isEmpty()
                                        ? "the environment held this content already"
                                        : run.report().objects() + " objects in " + run.waves().size() + " waves"),
                        pruned);
            case Invalid -> new RunReport(false, invalidReason(run), invalid(run, commit), pruned);
            case Held ->
                new RunReport(
                        false, ErrorCode.Held.name(), "commit " + commit + " is held: " + evidence(run), pruned);
            case RolledBack ->
                new RunReport(
                        false,
                        ErrorCode.RolledBack.name(),
                        "commit " + commit + " failed: " + evidence(run) + ". The environment is back on "
                                + lastGood(run) + ". Push a commit that mends it, or revert it",
                        pruned);
            case RollbackFailed ->
                new RunReport(
                        false,
                        ErrorCode.RollbackFailed.name(),
                        "commit " + commit + " failed, and going back to " + lastGood(run) + " failed too: "
                                + evidence(run) + ". Nothing was pruned; push a commit that works",
                        pruned);
            case Superseded ->
                new RunReport(
                        false, "Superseded", "commit " + commit + " gave way to a newer one before it began", pruned);
            case Pending, Composing, Planning, AwaitingApproval, Applying, Verifying, RollingBack ->
                throw new IllegalArgumentException("the run has not ended: " + run.phase());
        };
    }

    private static String invalidReason(RunState run) {
        return errors(run).stream()
                .map(Diagnostic::code)
                .filter(REASONS::contains)
                .findFirst()
                .orElse(ErrorCode.Invalid)
                .name();
    }

    private static String invalid(RunState run, String commit) {
        List<Diagnostic> errors = errors(run);
        String shown = errors.stream()
                .limit(3)
                .map(error -> error.at().map(at -> at + ": ").orElse("") + error.message()
                        + (error.hint().isEmpty() ? "" : " (" + error.hint() + ")"))
                .collect(Collectors.joining("; "));
        String more = errors.size() > 3 ? "; and " + (errors.size() - 3) + " more" : "";
        return "commit " + commit + " is not valid: " + shown + more + ". Nothing was touched";
    }

    private static String evidence(RunState run) {
        RunState.Judgement judgement = run.judgement();
        if (judgement != null && !judgement.evidence().isEmpty()) {
            return judgement.evidence().stream().limit(3).map(Object::toString).collect(Collectors.joining("; "));
        }
        return errors(run).stream()
                .findFirst()
                .map(error -> error.message() + (error.hint().isEmpty() ? "" : ". " + error.hint()))
                .orElse("no reason was recorded");
    }

    private static List<Diagnostic> errors(RunState run) {
        return run.report().diagnostics().stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
    }

    private static String lastGood(RunState run) {
        LastGood good = run.known().lastGood();
        return good == null ? "nothing" : shortId(good.commit());
    }

    private static Pruned pruned(PruneResult result) {
        String details = result.diagnostics().stream()
                .limit(3)
                .map(finding -> finding.message() + (finding.hint().isEmpty() ? "" : " (" + finding.hint() + ")"))
                .collect(Collectors.joining("; "));
        return switch (result.kind()) {
            case COMPLETE ->
                new Pruned(true, "Pruned", result.removed() + " objects removed" + (details.isEmpty() ? "" : "; " + details));
            case INCOMPLETE -> new Pruned(false, "PruneIncomplete", details);
            case OVER_BUDGET -> new Pruned(false, ErrorCode.ApprovalRequired.name(), details);
            case DISABLED -> new Pruned(true, "PruneDisabled", "pruning is switched off");
        };
    }

    private static String shortId(String commit) {
        return commit.substring(0, Math.min(SHORT_ID, commit.length()));
    }
}
