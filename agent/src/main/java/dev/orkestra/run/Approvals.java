package dev.orkestra.run;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From a plan to its first write: who must agree, and to what. The hash is what ties the two together: what somebody
 * has looked at is carried out, or nothing is (DESIGN.md §4.7).
 */
final class Approvals {
    private Approvals() {}

    /** The plan is made. */
    static RunState planned(RunState state, RunEvent.Planned event) {
        PlanSummary before = state.report().plan();
        Draft draft = Draft.of(state).planned(event);
        Consent consent = state.consent();
        if (consent.isGranted() && state.touched()) {
            // A later attempt goes on with what was approved: the first has changed what the hash was over.
            return apply(draft);
        }
        PlanSummary plan = event.plan();
        if (consent.covers(plan.hash())) {
            return apply(draft.consent(consent.grantedAt(event.at())).withoutWaitingFindings());
        }
        if (consent.bound() && !consent.hash().isEmpty()) {
            return draft.consent(new Consent(consent.hash(), true, consent.sync(), null))
                    .findings(List.of(stale(
                            state,
                            consent.hash(),
                            before,
                            plan,
                            "; or carry it out as it is now with: "
                                    + Commands.sync(
                                            state.spec().namespace(),
                                            state.spec().configRepo()))))
                    .finish(Phase.Held)
                    .done();
        }
        if ((!event.caution().needsApproval() || goesBackToLastGood(state)) && !consent.bound()) {
            return apply(draft.withoutWaitingFindings());
        }
        Diagnostic finding =
                consent.hash().isEmpty() ? required(state, plan) : stale(state, consent.hash(), before, plan, "");
        return draft.withoutWaitingFindings()
                .findings(List.of(finding))
                .to(Step.AwaitApproval, Phase.AwaitingApproval)
                .done();
    }

    /** As after a failure, it brings back what has been good: an environment that is half of something waits for nobody. */
    private static boolean goesBackToLastGood(RunState state) {
        LastGood good = state.known().lastGood();
        return state.spec().isRollback() && good != null && good.digest().equals(state.digest());
    }

    private static RunState apply(Draft draft) {
        return draft.to(Step.StoreIntent, Phase.Applying).done();
    }

    /** A plan is waiting. What was looked at may be old, so each word of a person has it made anew. */
    static RunState awaiting(RunState state, RunEvent event) {
        return event instanceof RunEvent.ConsentGiven(Instant _, String hash, String sync)
                ? Draft.of(state)
                        .consent(new Consent(hash, false, sync, null))
                        .to(Step.Plan, Phase.Planning)
                        .done()
                : state;
    }

    private static Diagnostic required(RunState state, PlanSummary plan) {
        return Diagnostic.warning(
                ErrorCode.ApprovalRequired,
                "The plan waits for approval: " + numbers(plan) + " (" + plan.hash() + ")",
                null,
                Commands.approve(state.spec()));
    }

    private static Diagnostic stale(
            RunState state, String approved, @Nullable PlanSummary before, PlanSummary now, String orElse) {
        String was = before != null && before.hash().equals(approved) ? ", and was " + numbers(before) : "";
        return Diagnostic.error(
                ErrorCode.PlanStale,
                "The plan that was approved (" + approved + ") is not the one of now (" + now.hash()
                        + "): commit or cluster have changed since. It now is " + numbers(now) + was,
                null,
                Commands.approve(state.spec()) + orElse);
    }

    /** {@code 1 to create, 2 to update, 0 to replace, 3 to remove}, and hooks where there are any. */
    static String numbers(PlanSummary plan) {
        String hooks = plan.hooks() == 0 ? "" : ", " + plan.hooks() + (plan.hooks() == 1 ? " hook" : " hooks");
        return plan.create() + " to create, " + plan.update() + " to update, " + plan.replace() + " to replace, "
                + plan.prune() + " to remove" + hooks;
    }
}
