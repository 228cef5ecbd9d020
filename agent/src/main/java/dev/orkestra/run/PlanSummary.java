package dev.orkestra.run;

/**
 * A plan in numbers ({@code ConfigRun.status.plan}).
 *
 * @param hash digest of the whole plan, {@code sha256:…}
 * @param hooks how many hooks the run does on its way, or if it fails
 */
public record PlanSummary(String hash, int create, int update, int replace, int prune, int unchanged, int hooks) {
    /** One without hooks. */
    public PlanSummary(String hash, int create, int update, int replace, int prune, int unchanged) {
        this(hash, create, update, replace, prune, unchanged, 0);
    }
}
