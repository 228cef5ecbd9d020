package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import java.util.List;
import java.util.Optional;

/**
 * All that decides what is to be done for a HelmRelease: its spec, what its status remembers, and Helm's records. A
 * restart finds the same facts, so it goes on where the other process was cut off. Pure.
 *
 * @param release as last seen, with the status that was written last
 * @param records Helm's, newest first
 * @param config digest of what is wanted, see {@link ReleaseSpec#configDigest}
 * @param chartVersion the chart's version that is wanted
 */
record ReleaseFacts(ObjectNode release, List<ReleaseRecord> records, String config, String chartVersion) {
    JsonNode spec() {
        return release.path("spec");
    }

    JsonNode status() {
        return release.path("status");
    }

    /** Whether the status speaks of an attempt at what is wanted now; only then do its counters count. */
    boolean sameAttempt() {
        return status().path("lastAttemptedGeneration").asLong() == ReleaseObject.generation(release)
                && status().path("lastAttemptedRevision").asText().equals(chartVersion)
                && status().path("lastAttemptedConfigDigest").asText().equals(config);
    }

    boolean isWanted(ReleaseRecord record) {
        return record.config().equals(ReleaseRecord.label(config));
    }

    /** What the last attempt was; an upgrade until there was one. */
    ReleaseVerb lastVerb() {
        return status().path("lastAttemptedReleaseAction").asText().equals("install")
                ? ReleaseVerb.INSTALL
                : ReleaseVerb.UPGRADE;
    }

    Remediation remediation() {
        return Remediation.of(spec(), lastVerb());
    }

    /**
     * How often the last verb failed at what is wanted. Those that left no record in Helm (the chart refused, say)
     * count as well: Flux tries them again for ever, which no one who waits for the end can tell from progress.
     */
    long failures() {
        if (!sameAttempt()) {
            return 0;
        }
        ReleaseVerb other = lastVerb() == ReleaseVerb.INSTALL ? ReleaseVerb.UPGRADE : ReleaseVerb.INSTALL;
        return Math.max(count(lastVerb().counter()), count("failures") - count(other.counter()));
    }

    private long count(String counter) {
        return status().path(counter).asLong(0);
    }

    boolean isExhausted() {
        return remediation().isExhausted(failures());
    }

    /** What the status remembers of a revision. */
    Optional<JsonNode> entry(long revision) {
        return status().path("history")
                .valueStream()
                .filter(each -> each.path("version").asLong() == revision)
                .findFirst();
    }

    /** The revision that the status knows as the last one, if it failed at what is wanted now and was counted. */
    Optional<JsonNode> openFailure() {
        return Optional.of(status().path("history").path(0))
                .filter(entry -> failures() > 0
                        && hasFailed(entry)
                        && entry.path("configDigest").asText().equals(config));
    }

    boolean hasFailed(JsonNode entry) {
        return entry.path("status").asText().equals("failed")
                || (testsWanted() && hasFailedTest(entry) && !remediation().ignoresTests());
    }

    boolean testsWanted() {
        return spec().path("test").path("enable").asBoolean();
    }

    static boolean hasFailedTest(JsonNode entry) {
        return entry.path("testHooks")
                .valueStream()
                .anyMatch(hook -> hook.path("phase").asText().equals("Failed"));
    }

    /** Whether the status says how the last failure was remediated; the next failure takes that away. */
    boolean isRemediationTold() {
        return Conditions.find(release, "Remediated").isPresent();
    }

    /** The revision to go back to from {@code failed}: the newest one before it that was good and that Helm still has. */
    Optional<ReleaseRecord> lastGoodBefore(long failed) {
        return status().path("history")
                .valueStream()
                .filter(entry -> entry.path("version").asLong() < failed && !hasFailed(entry))
                .filter(entry -> entry.path("status").asText().equals("deployed")
                        || entry.path("status").asText().equals("superseded"))
                .flatMap(entry -> records.stream()
                        .filter(record ->
                                record.revision() == entry.path("version").asLong()))
                .findFirst();
    }

    ReleaseFacts withoutNewest() {
        return new ReleaseFacts(release, records.subList(1, records.size()), config, chartVersion);
    }
}
