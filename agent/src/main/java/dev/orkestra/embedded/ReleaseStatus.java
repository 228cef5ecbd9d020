package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.document.GoDuration;
import java.time.InstantSource;

/**
 * The status of a HelmRelease after each step, as Flux's helm-controller 1.6 writes it (conditions, reasons, history),
 * so that whoever reads it need not know which engine it was. Pure; every method returns a new status.
 *
 * @param release the HelmRelease as last seen
 * @param first whether the action is an install
 */
record ReleaseStatus(ObjectNode release, boolean first, InstantSource clock) {
    private static final int HISTORY = 5;

    /** The words of one action, which name both a condition's reason and its message. */
    private String action() {
        return first ? "install" : "upgrade";
    }

    private String reason(String end) {
        return (first ? "Install" : "Upgrade") + end;
    }

    private long generation() {
        return release.path("metadata").path("generation").asLong();
    }

    private ObjectNode copy() {
        ObjectNode status = release.path("status") instanceof ObjectNode known
                ? known.deepCopy()
                : JsonNodeFactory.instance.objectNode();
        if (!status.has("observedGeneration")) {
            status.put("observedGeneration", -1);
        }
        return status;
    }

    private void set(ObjectNode status, String type, String value, String reason, String message) {
        Conditions.set(status, type, value, reason, message, generation(), clock.instant());
    }

    /** Before Helm is started: the intent. */
    ObjectNode running(ReleaseSpec spec, ChartArchive chart, String configDigest) {
        ObjectNode status =
                waiting("Running '" + action() + "' action with timeout of " + GoDuration.text(spec.timeout()));
        status.put("lastAttemptedRevision", chart.version());
        status.put("lastAttemptedGeneration", generation());
        status.put("lastAttemptedConfigDigest", configDigest);
        status.put("storageNamespace", spec.namespace());
        status.remove("failures");
        status.remove("installFailures");
        status.remove("upgradeFailures");
        return status;
    }

    /** At work, with the present reason. */
    ObjectNode waiting(String message) {
        ObjectNode status = copy();
        Conditions.remove(status, "Stalled");
        set(status, "Reconciling", "True", "Progressing", message);
        set(status, "Ready", "Unknown", "Progressing", message);
        return status;
    }

    /** Not begun, and tried again later: the source is not there, or nobody answers for it. */
    ObjectNode notYet(String reason, String message) {
        ObjectNode status = copy();
        Conditions.remove(status, "Stalled");
        set(status, "Reconciling", "True", "ProgressingWithRetry", message);
        set(status, "Ready", "False", reason, message);
        return status;
    }

    /** Never, until the spec changes. */
    ObjectNode refused(String reason, String message) {
        ObjectNode status = copy();
        Conditions.remove(status, "Reconciling");
        set(status, "Stalled", "True", reason, message);
        set(status, "Ready", "False", reason, message);
        status.put("observedGeneration", generation());
        return status;
    }

    /** The new revision is healthy. */
    ObjectNode succeeded(ReleaseSpec spec, ChartArchive chart, String configDigest, DeployedRelease deployed) {
        ObjectNode status = ended(spec, chart, configDigest, deployed, "deployed");
        Conditions.remove(status, "Stalled");
        String message = "Helm " + action() + " succeeded for release " + spec.lock() + ".v" + deployed.revision()
                + " with chart " + chart;
        set(status, "Ready", "True", reason("Succeeded"), message);
        set(status, "Released", "True", reason("Succeeded"), message);
        return status;
    }

    /** Helm failed, or what it made did not become healthy; there are no retries (DESIGN.md §5, "One remediator"). */
    ObjectNode failed(ReleaseSpec spec, ChartArchive chart, String why) {
        ObjectNode status = copy();
        Conditions.remove(status, "Reconciling");
        String message =
                "Helm " + action() + " failed for release " + spec.lock() + " with chart " + chart + ": " + why;
        set(status, "Stalled", "True", "RetriesExceeded", "Failed to " + action() + " after 1 attempt(s)");
        set(status, "Ready", "False", reason("Failed"), message);
        set(status, "Released", "False", reason("Failed"), message);
        status.put("failures", 1);
        status.put(action() + "Failures", 1);
        status.put("lastAttemptedReleaseAction", action());
        status.put("observedGeneration", generation());
        return status;
    }

    /** {@link #failed(ReleaseSpec, ChartArchive, String)} of a revision that Helm did make. */
    ObjectNode failed(ReleaseSpec spec, ChartArchive chart, String configDigest, DeployedRelease deployed, String why) {
        ObjectNode status = failed(spec, chart, why);
        status.set(
                "history", ended(spec, chart, configDigest, deployed, "failed").path("history"));
        return status;
    }

    /** The last revision already is what the new generation asks for: nothing moves but the generation. */
    ObjectNode unchanged() {
        ObjectNode status = copy();
        Conditions.remove(status, "Reconciling");
        Conditions.find(release, "Ready")
                .ifPresent(ready -> set(
                        status,
                        "Ready",
                        "True",
                        ready.path("reason").asText(),
                        ready.path("message").asText()));
        status.put("lastAttemptedGeneration", generation());
        status.put("observedGeneration", generation());
        return status;
    }

    /** Suspended: seen, and left alone. */
    ObjectNode suspended() {
        ObjectNode status = copy();
        status.put("observedGeneration", generation());
        return status;
    }

    /** Deletion cannot go on, or has ended. */
    ObjectNode leaving(String reason, String message) {
        ObjectNode status = copy();
        set(status, "Ready", "False", reason, message);
        set(status, "Released", "False", reason, message);
        return status;
    }

    private ObjectNode ended(
            ReleaseSpec spec, ChartArchive chart, String configDigest, DeployedRelease deployed, String end) {
        ObjectNode status = copy();
        Conditions.remove(status, "Reconciling");
        ArrayNode history = JsonNodeFactory.instance.arrayNode();
        history.addObject()
                .put("action", action())
                .put("apiVersion", "v2")
                .put("chartName", chart.name())
                .put("chartVersion", chart.version())
                .put("configDigest", configDigest)
                .put("digest", deployed.digest())
                .put("firstDeployed", deployed.firstDeployed().toString())
                .put("lastDeployed", deployed.lastDeployed().toString())
                .put("name", spec.name())
                .put("namespace", spec.namespace())
                .put("status", end)
                .put("version", deployed.revision());
        release.path("status").path("history").forEach(older -> {
            if (older.path("version").asLong() < deployed.revision()
                    && history.size() < HISTORY
                    && older.deepCopy() instanceof ObjectNode kept) {
                if (end.equals("deployed") && kept.path("status").asText().equals("deployed")) {
                    kept.put("status", "superseded");
                }
                history.add(kept);
            }
        });
        status.set("history", history);
        status.put("lastAttemptedReleaseAction", action());
        status.put("observedGeneration", generation());
        return status;
    }
}
