package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.document.GoDuration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The status of a HelmRelease after each step, as Flux's helm-controller 1.6 writes it (conditions, reasons, counters,
 * history), so that whoever reads it need not know which engine it was. Pure; every method returns a new status.
 *
 * @param release the HelmRelease as last seen
 */
record ReleaseStatus(ObjectNode release, InstantSource clock) {
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

    private static void remove(ObjectNode status, String... types) {
        for (String type : types) {
            Conditions.remove(status, type);
        }
    }

    private static void clearFailures(ObjectNode status) {
        status.remove("failures");
        status.remove(ReleaseVerb.INSTALL.counter());
        status.remove(ReleaseVerb.UPGRADE.counter());
    }

    static String running(ReleaseVerb verb, ReleaseSpec spec) {
        return "Running '" + verb.word() + "' action with timeout of " + GoDuration.text(spec.timeout(verb));
    }

    /** Before Helm is started: the intent. What was counted for another configuration is forgotten. */
    ObjectNode attempting(ReleaseAttempt attempt) {
        ObjectNode status = waiting(running(attempt.verb(), attempt.spec()));
        boolean same = status.path("lastAttemptedGeneration").asLong() == generation()
                && status.path("lastAttemptedRevision")
                        .asText()
                        .equals(attempt.chart().version())
                && status.path("lastAttemptedConfigDigest").asText().equals(attempt.config());
        if (!same) {
            clearFailures(status);
        }
        status.put("lastAttemptedRevision", attempt.chart().version());
        status.put("lastAttemptedGeneration", generation());
        status.put("lastAttemptedConfigDigest", attempt.config());
        status.put("storageNamespace", attempt.spec().namespace());
        return status;
    }

    /** Before a test or a remediation: readiness does not move. */
    ObjectNode running(String message) {
        ObjectNode status = copy();
        set(status, "Reconciling", "True", "Progressing", message);
        return status;
    }

    /** At work, with the present reason. */
    ObjectNode waiting(String message) {
        ObjectNode status = copy();
        remove(status, "Stalled");
        set(status, "Reconciling", "True", "Progressing", message);
        set(status, "Ready", "Unknown", "Progressing", message);
        return status;
    }

    /** Not begun, and tried again later: the source is not there, or nobody answers for it. */
    ObjectNode notYet(String reason, String message) {
        ObjectNode status = copy();
        remove(status, "Stalled");
        set(status, "Reconciling", "True", "ProgressingWithRetry", message);
        set(status, "Ready", "False", reason, message);
        return status;
    }

    /** Never, until the spec changes. */
    ObjectNode refused(String reason, String message) {
        ObjectNode status = copy();
        remove(status, "Reconciling");
        set(status, "Stalled", "True", reason, message);
        set(status, "Ready", "False", reason, message);
        status.put("observedGeneration", generation());
        return status;
    }

    /** The new revision is healthy. */
    ObjectNode succeeded(ReleaseAttempt attempt, DeployedRelease made) {
        ObjectNode status = made(attempt, made, "deployed");
        remove(status, "Stalled", "TestSuccess", "Remediated");
        String reason = attempt.verb().reason("Succeeded");
        String message = "Helm " + attempt.verb().word() + " succeeded for release " + attempt.of(made);
        set(status, "Released", "True", reason, message);
        if (attempt.spec().action(ReleaseVerb.TEST).path("enable").asBoolean()) {
            String awaiting = "Helm release " + attempt.of(made) + " is awaiting tests";
            set(status, "Ready", "Unknown", "AwaitingTests", awaiting);
            set(status, "TestSuccess", "Unknown", "AwaitingTests", awaiting);
        } else {
            set(status, "Ready", "True", reason, message);
            settle(status);
        }
        return status;
    }

    private void settle(ObjectNode status) {
        remove(status, "Reconciling");
        clearFailures(status);
        status.put("observedGeneration", generation());
    }

    private ObjectNode made(ReleaseAttempt attempt, DeployedRelease made, String end) {
        ObjectNode status = copy();
        ObjectNode entry =
                ReleaseHistory.entry(attempt.verb(), attempt.spec(), attempt.chart(), attempt.config(), made, end);
        status.set("history", ReleaseHistory.with(release.path("status").path("history"), entry));
        status.put("lastAttemptedReleaseAction", attempt.verb().word());
        return status;
    }

    /** Helm failed and left no revision: there is nothing to remediate. */
    ObjectNode failed(ReleaseAttempt attempt, String why) {
        return failed(copy(), attempt, why);
    }

    /** Helm failed, or what it made did not become healthy. */
    ObjectNode failed(ReleaseAttempt attempt, DeployedRelease made, String why) {
        ObjectNode status = failed(made(attempt, made, "failed"), attempt, why);
        count(status, attempt.verb().counter());
        return status;
    }

    private ObjectNode failed(ObjectNode status, ReleaseAttempt attempt, String why) {
        ReleaseVerb verb = attempt.verb();
        remove(status, "TestSuccess", "Remediated");
        String message = "Helm " + verb.word() + " failed for release "
                + attempt.spec().lock() + " with chart " + attempt.chart() + ": " + why;
        set(status, "Reconciling", "True", "Progressing", ReleaseStatus.running(verb, attempt.spec()));
        set(status, "Ready", "False", verb.reason("Failed"), message);
        set(status, "Released", "False", verb.reason("Failed"), message);
        status.put("lastAttemptedReleaseAction", verb.word());
        count(status, "failures");
        return status;
    }

    private static void count(ObjectNode status, String counter) {
        status.put(counter, status.path(counter).asLong(0) + 1);
    }

    /** No attempt is left; Ready says why the last one failed. */
    ObjectNode exhausted(ReleaseVerb verb, long attempts) {
        ObjectNode status = copy();
        stall(status, verb, attempts);
        return status;
    }

    private void stall(ObjectNode status, ReleaseVerb verb, long attempts) {
        remove(status, "Reconciling");
        set(
                status,
                "Stalled",
                "True",
                "RetriesExceeded",
                "Failed to " + verb.word() + " after " + attempts + " attempt(s)");
        status.put("observedGeneration", generation());
    }

    /** The chart's tests have ended well. */
    ObjectNode tested(ReleaseAttempt attempt, DeployedRelease made) {
        ObjectNode status = withTests(made);
        int tests = made.testHooks().size();
        String message = "Helm test succeeded for release " + attempt.of(made) + ": "
                + (tests == 0 ? "no test hooks" : tests + " test hook(s) completed successfully");
        set(status, "TestSuccess", "True", "TestSucceeded", message);
        set(status, "Ready", "True", "TestSucceeded", message);
        settle(status);
        return status;
    }

    private ObjectNode withTests(DeployedRelease made) {
        ObjectNode status = copy();
        JsonNode history = release.path("status").path("history");
        status.set("history", ReleaseHistory.withNewest(history, "testHooks", made.testHooks()));
        return status;
    }

    /** A test failed, which counts as a failure of what made the revision, unless that is to be ignored. */
    ObjectNode testFailed(ReleaseAttempt attempt, DeployedRelease made, String why) {
        ObjectNode status = withTests(made);
        String message = "Helm test failed for release " + attempt.of(made) + ": " + why;
        set(status, "TestSuccess", "False", "TestFailed", message);
        if (attempt.spec().remediation(attempt.verb()).ignoresTests()) {
            Conditions.find(release, "Released")
                    .ifPresent(released -> set(
                            status,
                            "Ready",
                            "True",
                            released.path("reason").asText(),
                            released.path("message").asText()));
            settle(status);
            return status;
        }
        set(status, "Ready", "False", "TestFailed", message);
        count(status, "failures");
        count(status, attempt.verb().counter());
        return status;
    }

    /** Back on the last good revision. */
    ObjectNode rolledBack(ReleaseFacts facts, JsonNode target, DeployedRelease made) {
        ObjectNode status = copy();
        ObjectNode entry = ReleaseHistory.rolledBack(target, made, "deployed");
        status.set(
                "history", ReleaseHistory.backTo(target, release.path("status").path("history"), entry));
        String message = "Helm rollback to previous release " + of(target) + " succeeded";
        set(status, "Remediated", "True", "RollbackSucceeded", message);
        set(status, "Ready", "False", "RollbackSucceeded", message);
        retryOrStall(status, facts, message);
        return status;
    }

    /** {@code shop/web.v3 with chart web@1.0.0}, of an entry of the history. */
    static String of(JsonNode entry) {
        return entry.path("namespace").asText() + "/" + entry.path("name").asText() + ".v"
                + entry.path("version").asText() + " with chart "
                + entry.path("chartName").asText() + "@"
                + entry.path("chartVersion").asText();
    }

    /** @param made the revision that the rollback made, if it got that far */
    ObjectNode rollbackFailed(ReleaseFacts facts, JsonNode target, Optional<DeployedRelease> made, String why) {
        ObjectNode status = copy();
        made.ifPresent(revision -> status.set(
                "history",
                ReleaseHistory.with(
                        release.path("status").path("history"),
                        ReleaseHistory.rolledBack(target, revision, "failed"))));
        String message = "Helm rollback to previous release " + of(target) + " failed: " + why;
        set(status, "Remediated", "False", "RollbackFailed", message);
        set(status, "Ready", "False", "RollbackFailed", message);
        retryOrStall(status, facts, message);
        return status;
    }

    /** There is nothing to go back to; Ready keeps saying what failed. */
    ObjectNode noWayBack(ReleaseFacts facts) {
        ObjectNode status = copy();
        String message = "Helm rollback failed: no earlier revision was good and is still in Helm's history";
        set(status, "Remediated", "False", "RollbackFailed", message);
        retryOrStall(status, facts, message);
        return status;
    }

    /** Removed after a failure. Ready keeps saying why, as Flux leaves it. */
    ObjectNode uninstalled(ReleaseFacts facts) {
        ObjectNode status = copy();
        JsonNode history = release.path("status").path("history");
        status.set(
                "history",
                ReleaseHistory.withNewest(
                        ReleaseHistory.withNewest(history, "status", JsonNodeFactory.instance.textNode("uninstalling")),
                        "action",
                        JsonNodeFactory.instance.textNode("uninstall-remediation")));
        set(
                status,
                "Remediated",
                "True",
                "UninstallSucceeded",
                "Helm uninstall remediation for release " + of(history.path(0)) + " succeeded");
        retryOrStall(status, facts, readyWords());
        return status;
    }

    ObjectNode uninstallFailed(ReleaseFacts facts, String why) {
        ObjectNode status = copy();
        JsonNode failed = release.path("status").path("history").path(0);
        String message = "Helm uninstall remediation for release " + of(failed) + " failed: " + why;
        set(status, "Remediated", "False", "UninstallFailed", message);
        retryOrStall(status, facts, message);
        return status;
    }

    private String readyWords() {
        return Conditions.find(release, "Ready")
                .map(ready -> ready.path("message").asText())
                .orElse("");
    }

    private void retryOrStall(ObjectNode status, ReleaseFacts facts, String message) {
        if (facts.isExhausted()) {
            stall(status, facts.lastVerb(), facts.failures());
        } else {
            set(status, "Reconciling", "True", "ProgressingWithRetry", message);
        }
    }

    /** The last revision already is what the new generation asks for: nothing moves but the generation. */
    ObjectNode unchanged() {
        ObjectNode status = copy();
        remove(status, "Reconciling");
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
}
