package dev.orkestra.run;

/**
 * A plan in numbers ({@code ConfigRun.status.plan}).
 *
 * @param hash digest of the whole plan, {@code sha256:…}
 */
public record PlanSummary(String hash, int create, int update, int replace, int prune, int unchanged) {}
