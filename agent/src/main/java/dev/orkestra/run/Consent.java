package dev.orkestra.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person has said about a run's plan. It belongs to one run: no other run can use it.
 *
 * @param hash hash of the plan that was approved, as the annotation {@value #ANNOTATION} named it; empty: none
 * @param bound whether the run may carry out this plan only, whatever the policy; without a hash: only one that is
 *     approved anew
 * @param sync the value of the sync request that came with it; empty: none
 * @param grantedAt when the run's own plan had that hash; null before
 */
public record Consent(
        String hash, boolean bound, String sync, @Nullable Instant grantedAt) {
    /** Set on the ConfigRepo by whoever approves; the agent takes it away once a run has taken note of it. */
    public static final String ANNOTATION = "orkestra.dev/approved-plan";

    public static final Consent NONE = new Consent("", false, "", null);

    /** One that a run begins with. A hash that comes with a sync request binds the run to it. */
    public static Consent given(String hash, String sync) {
        return new Consent(hash, !hash.isEmpty() && !sync.isEmpty(), sync, null);
    }

    /** Whether this is about a plan with {@code plan} as its hash. */
    boolean covers(String plan) {
        return !hash.isEmpty() && hash.equals(plan);
    }

    public boolean isGranted() {
        return grantedAt != null;
    }

    /** The plan that was approved was one of another spec. */
    Consent withdrawn() {
        return isGranted() ? new Consent("", bound, sync, null) : this;
    }

    Consent grantedAt(Instant at) {
        return new Consent(hash, bound, sync, at);
    }
}
