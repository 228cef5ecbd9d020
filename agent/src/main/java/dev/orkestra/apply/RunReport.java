package dev.orkestra.apply;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Severity;
import dev.orkestra.run.Commands;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.PruneResult;
import dev.orkestra.run.RunState;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
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
    private static final Set<ErrorCode> REASONS =
            EnumSet.of(ErrorCode.TooLarge, ErrorCode.DuplicateObject, ErrorCode.OwnedElsewhere, ErrorCode.MissingKind);

    private static final int SHORT_ID = 12;
    /** A condition's message is read on one line of a terminal; the run's resource lists the rest. */
    private static final int MOST_SHOWN = 3;

    /** The Pruned condition. */
    public record Pruned(boolean well, String reason, String message) {}

    /** @param run one whose phase is final, or that waits for a person */
    public static RunReport of(RunState run) {
        Optional<Pruned> pruned = Optional.ofNullable(run.report().pruned()).map(RunReport::pruned);
        String commit = "commit " + shortId(run.spec().commit());
        return switch (run.phase()) {
            case Good -> new RunReport(true, "Good", commit + " is good: " + good(run), pruned);
            case Invalid -> new RunReport(false, invalidReason(run), invalid(run, commit), pruned);
            case Held -> new RunReport(false, heldReason(run).name(), held(run, commit), pruned);
            case RolledBack -> new RunReport(false, ErrorCode.RolledBack.name(), rolledBack(run, commit), pruned);
            case RollbackFailed ->
                new RunReport(false, ErrorCode.RollbackFailed.name(), rollbackFailed(run, commit), pruned);
            case Superseded -> new RunReport(false, "Superseded", superseded(run, commit), pruned);
            case AwaitingApproval -> new RunReport(false, waitingFor(run).code().name(), waiting(run, commit), pruned);
            case Pending, Composing, Planning, Applying, Verifying, RollingBack ->
                throw new IllegalArgumentException("the run has not ended: " + run.phase());
        };
    }

    private static String good(RunState run) {
        return run.waves().isEmpty()
                ? "the environment held this content already"
                : counted(run.report().objects(), "object") + " in "
                        + counted(run.waves().size(), "wave");
    }

    private static ErrorCode heldReason(RunState run) {
        return told(run, ErrorCode.PlanStale).isPresent() ? ErrorCode.PlanStale : ErrorCode.Held;
    }

    /** What a person is waited for. */
    private static Diagnostic waitingFor(RunState run) {
        return run.report().diagnostics().reversed().stream()
                .filter(finding ->
                        finding.code() == ErrorCode.ApprovalRequired || finding.code() == ErrorCode.PlanStale)
                .findFirst()
                .orElseGet(() -> Diagnostic.warning(
                        ErrorCode.ApprovalRequired,
                        "The plan waits for approval",
                        null,
                        Commands.approve(run.spec().namespace(), run.spec().configRepo())));
    }

    private static String waiting(RunState run, String commit) {
        Diagnostic finding = waitingFor(run);
        return commit + " waits, and nothing is changed. " + begun(finding.message(), String::toUpperCase)
                + ". To go on, " + begun(finding.hint(), String::toLowerCase);
    }

    /** A hold with evidence is a failed commit that could not be, or need not be, rolled back. */
    private static String held(RunState run, String commit) {
        String why = evidence(run);
        String stays =
                why.isEmpty() && run.known().lastGood() != null ? ". The environment stays on " + lastGood(run) : "";
        String start = commit + (why.isEmpty() ? " is held: " : " failed: " + why + ". ");
        return start
                + told(run, heldReason(run))
                        .map(hold -> hold.message() + stays + toGoOn(hold))
                        .orElseGet(() -> "It is not tried again" + stays + ". To go on, push a commit that mends it");
    }

    private static String toGoOn(Diagnostic told) {
        return told.hint().isEmpty() ? "" : ". To go on, " + begun(told.hint(), String::toLowerCase);
    }

    /** {@code sentence} with its first letter as it must be where it stands. */
    private static String begun(String sentence, BiFunction<String, Locale, String> letter) {
        return sentence.isEmpty()
                ? sentence
                : letter.apply(sentence.substring(0, 1), Locale.ROOT) + sentence.substring(1);
    }

    private static String rolledBack(RunState run, String commit) {
        return commit + " failed: " + evidence(run) + ". The environment is back on " + lastGood(run) + leftOver(run)
                + ". Push a commit that mends it, or revert it";
    }

    /** What the failed commit brought and a rollback could not take away, or leaves on purpose. */
    private static String leftOver(RunState run) {
        PruneResult removed = run.report().removed();
        if (removed == null || removed.diagnostics().isEmpty()) {
            return "";
        }
        return removed.kind() == PruneResult.Kind.COMPLETE
                ? ". Of what this commit brought, some stays: " + shown(removed, Diagnostic::message)
                : ", but for what this commit brought and is still there: " + details(removed);
    }

    /** The commit's own trouble comes first; what the rollback met is found behind it. */
    private static String rollbackFailed(RunState run, String commit) {
        String own = evidence(run);
        Set<String> known = evidenceTexts(run);
        String met = errors(run).stream()
                .filter(error -> error.code() != ErrorCode.RollbackFailed && !known.contains(error.message()))
                .map(Diagnostic::message)
                .distinct()
                .limit(MOST_SHOWN)
                .collect(Collectors.joining("; "));
        String last = told(run, ErrorCode.RollbackFailed)
                .map(told -> ". " + begun(told.message(), String::toUpperCase) + toGoOn(told))
                .orElse(". To go on, push a commit that works");
        return commit + " failed: " + own + ". Going back to " + lastGood(run) + " failed too"
                + (met.isEmpty() ? "" : ": " + met)
                + ". Nothing was pruned" + last;
    }

    private static String superseded(RunState run, String commit) {
        String newer = run.report().newerCommit();
        Optional<Diagnostic> withdrawn = run.report().diagnostics().reversed().stream()
                .filter(finding -> finding.code() == ErrorCode.Held)
                .findFirst();
        if (newer.isEmpty() && withdrawn.isPresent()) {
            return commit + " was given up"
                    + (run.touched() ? " when a part of it was applied: " : " before it changed anything: ")
                    + withdrawn.get().message();
        }
        RunState.Rollback back = run.rollback();
        if (back != null && !newer.isEmpty()) {
            return commit + " failed: " + evidence(run) + ". On the way back to "
                    + shortId(back.to().commit()) + " the trouble did not pass, so it gave way to "
                    + shortId(newer) + ". That one's run goes on from there";
        }
        return commit + " gave way to " + (newer.isEmpty() ? "another one" : shortId(newer))
                + (run.touched()
                        ? " when a part of it was applied. That one's run goes on from there"
                        : " before it changed anything. That one's run follows");
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
        List<Diagnostic> errors = ofTheContent(errors(run));
        String shown = errors.stream()
                .limit(MOST_SHOWN)
                .map(error -> error.at().map(at -> at + ": ").orElse("") + withHint(error))
                .collect(Collectors.joining("; "));
        String more = errors.size() > MOST_SHOWN ? "; and " + (errors.size() - MOST_SHOWN) + " more" : "";
        return commit + " is not valid: " + shown + more + ". Nothing was touched. Push a commit that mends it";
    }

    /** Without the API server's trouble on the way, which has passed: the agent waited it out. */
    private static List<Diagnostic> ofTheContent(List<Diagnostic> errors) {
        List<Diagnostic> own = errors.stream()
                .filter(error -> error.at().isPresent()
                        || (error.code() != ErrorCode.ClusterUnreachable && error.code() != ErrorCode.Forbidden))
                .toList();
        return own.isEmpty() ? errors : own;
    }

    /** What was seen of the commit itself; empty when it was not tried. */
    private static String evidence(RunState run) {
        RunState.Judgement judgement = run.judgement();
        if (judgement == null) {
            return "";
        }
        int more = judgement.evidence().size() - MOST_SHOWN;
        return judgement.evidence().stream()
                        .limit(MOST_SHOWN)
                        .map(Object::toString)
                        .collect(Collectors.joining("; "))
                + (more > 0 ? "; and " + more + " more" : "");
    }

    private static Set<String> evidenceTexts(RunState run) {
        RunState.Judgement judgement = run.judgement();
        return judgement == null
                ? Set.of()
                : judgement.evidence().stream().map(Object::toString).collect(Collectors.toSet());
    }

    /** The newest finding with {@code code}: earlier ones tell of trouble that has passed. */
    private static Optional<Diagnostic> told(RunState run, ErrorCode code) {
        return errors(run).reversed().stream()
                .filter(error -> error.code() == code)
                .findFirst();
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
        String details = details(result);
        String removed = counted(result.removed(), "object") + " removed";
        return switch (result.kind()) {
            case COMPLETE -> new Pruned(true, "Pruned", removed + (details.isEmpty() ? "" : "; " + details));
            case INCOMPLETE ->
                new Pruned(false, "PruneIncomplete", removed + ", " + result.left() + " still there: " + details);
            case OVER_BUDGET -> new Pruned(false, ErrorCode.ApprovalRequired.name(), details);
            case DISABLED -> new Pruned(true, "PruneDisabled", "pruning is switched off");
        };
    }

    private static String details(PruneResult result) {
        return shown(result, RunReport::withHint);
    }

    private static String shown(PruneResult result, Function<Diagnostic, String> words) {
        int more = result.diagnostics().size() - MOST_SHOWN;
        return result.diagnostics().stream().limit(MOST_SHOWN).map(words).collect(Collectors.joining("; "))
                + (more > 0 ? "; and " + more + " more" : "");
    }

    private static String withHint(Diagnostic finding) {
        return finding.message() + (finding.hint().isEmpty() ? "" : " (" + finding.hint() + ")");
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static String shortId(String commit) {
        return commit.substring(0, Math.min(SHORT_ID, commit.length()));
    }
}
