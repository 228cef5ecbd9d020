package dev.orkestra.plan;

import java.util.List;

/**
 * What stands around a plan.
 *
 * @param namespace of the ConfigRepo
 * @param name of the ConfigRepo
 * @param source where the files are from, for people
 * @param base commit that the environment is at (last-good), or that is compared with; empty when there is none
 * @param signature what is known of the commit's signature, or empty
 * @param next what people can do now: lines with the exact commands
 */
public record PlanHeader(
        String namespace, String name, String source, String base, String signature, List<String> next) {
    public PlanHeader {
        next = List.copyOf(next);
    }

    /** {@code namespace/name}. */
    public String configRepo() {
        return namespace + "/" + name;
    }
}
