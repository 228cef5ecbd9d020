package dev.orkestra.plan;

/**
 * What stands above a plan.
 *
 * @param namespace of the ConfigRepo
 * @param name of the ConfigRepo
 * @param source where the files are from, for people
 * @param base commit that the environment is at (last-good), or that is compared with; empty when there is none
 * @param signature what is known of the commit's signature, or empty
 */
public record PlanHeader(String namespace, String name, String source, String base, String signature) {
    /** {@code namespace/name}. */
    public String configRepo() {
        return namespace + "/" + name;
    }
}
