package dev.orkestra.plan;

/**
 * What a change of an ApplicationGroup does to one Helm release, as far as the spec tells: charts that embed more than
 * it declares bring more releases.
 *
 * @param action what happens
 * @param application name of the application in the group
 * @param release {@code namespace/name}
 * @param before chart version until now; empty for INSTALL
 * @param after chart version from now on; empty for REMOVE
 * @param stage 1 for what is done first; releases of one stage do not wait for each other
 */
public record ReleaseStep(Action action, String application, String release, String before, String after, int stage) {
    /** What happens to a release. */
    public enum Action {
        INSTALL,
        UPGRADE,
        REMOVE
    }
}
