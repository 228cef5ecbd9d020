package dev.orkestra.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.apply.Labels;
import dev.orkestra.apply.RunReport;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.drift.Drift;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.run.Commands;
import dev.orkestra.run.Consent;
import dev.orkestra.run.Phase;
import dev.orkestra.run.Pinned;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.source.Commit;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The one place that turns what happened into a ConfigRepo's status and events (DESIGN.md §3, "one outcome type"), so
 * that texts cannot disagree. Writes nothing when nothing changed.
 */
final class RepoStatus {
    static final ResourceType CONFIG_REPOS =
            new ResourceType("orkestra.dev", "v1alpha1", "ConfigRepo", "configrepos", true);
    static final int TRIES = 5;

    private final Cluster cluster;
    private final Metrics metrics;
    private final InstantSource clock;

    RepoStatus(Cluster cluster, Metrics metrics, InstantSource clock) {
        this.cluster = cluster;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * A run begins.
     *
     * @param seen the ConfigRepo that it begins with
     * @param head the commit that its ref names; empty when Git was not asked
     * @param ran the generation that it begins with: a newer one that is there by now has its run still to come
     */
    void started(RepoKey key, RunSpec run, ObjectNode seen, String head, String sync, long ran) {
        update(key, (status, generation) -> {
            ResumeRequest.handled(status, seen);
            if (!head.isEmpty()) {
                status.put("headCommit", head);
            }
            status.put("currentRun", run.name());
            status.put("runGeneration", ran);
            if (!run.isRollback()) {
                // While something is pinned no other run begins.
                status.remove("pinned");
            }
            if (!sync.isEmpty()) {
                status.put("handledSync", sync);
            }
            String message = "run " + run.name() + " brings commit " + shortId(run.commit());
            Conditions.set(status, "Reconciling", "True", "Progressing", message, generation, clock.instant());
            Conditions.remove(status, "Stalled");
        });
    }

    /** A run's wave is not healthy yet. */
    void waits(RepoKey key, RunState run) {
        RunState.Rollback back = run.rollback();
        String does = back == null
                ? " brings commit " + shortId(run.spec().commit())
                : " goes back to commit " + shortId(back.to().commit());
        String message = "run " + run.spec().name() + does + ", and waits for "
                + run.current().waitingFor();
        update(
                key,
                (status, generation) -> Conditions.set(
                        status, "Reconciling", "True", "Progressing", message, generation, clock.instant()));
    }

    /** A run's plan waits for a person. */
    void awaiting(RepoKey key, RunState run) {
        RunReport report = RunReport.of(run);
        write(key, Optional.empty(), false, report.reason(), report.message(), (status, generation) -> {
            status.put("currentRun", run.spec().name());
            Conditions.set(status, "Ready", "False", report.reason(), report.message(), generation, clock.instant());
            Conditions.set(status, "Stalled", "True", report.reason(), report.message(), generation, clock.instant());
            Conditions.remove(status, "Reconciling");
        });
    }

    /**
     * A run has taken note of what a person said, and keeps it: the request is marked as handled, and an approval is
     * taken off the ConfigRepo, as it counts once.
     */
    void heard(RepoKey key, RunState run) {
        Consent consent = run.consent();
        if (!consent.sync().isEmpty()) {
            update(key, (status, generation) -> {
                if (status.path("handledSync").asText().equals(consent.sync())) {
                    return;
                }
                status.put("handledSync", consent.sync());
                String message = "run " + run.spec().name() + " goes on";
                Conditions.set(status, "Reconciling", "True", "Progressing", message, generation, clock.instant());
                Conditions.remove(status, "Stalled");
            });
        }
        if (!consent.hash().isEmpty()) {
            takeAway(key, consent.hash());
        }
    }

    private void takeAway(RepoKey key, String hash) {
        for (int attempt = 1; ; attempt++) {
            Optional<ObjectNode> found = cluster.get(CONFIG_REPOS, key.namespace(), key.name());
            if (found.isEmpty() || !RunSignals.approvedPlan(found.get()).equals(hash)) {
                return;
            }
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            ObjectNode metadata = patch.putObject("metadata");
            metadata.set("resourceVersion", found.get().path("metadata").path("resourceVersion"));
            metadata.putObject("annotations").putNull(Consent.ANNOTATION);
            try {
                cluster.mergePatch(CONFIG_REPOS, key.namespace(), key.name(), patch, false, Labels.MANAGER);
                return;
            } catch (ClusterException e) {
                if (e.reason() != ClusterException.Reason.STALE || attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** The environment of a deleted ConfigRepo is being removed. */
    void deleting(RepoKey key, int objects) {
        String message =
                "the ConfigRepo is being deleted, and its " + objects + " objects with it, the last wave first";
        update(key, (status, generation) -> {
            Conditions.set(status, "Reconciling", "True", "Progressing", message, generation, clock.instant());
            Conditions.remove(status, "Stalled");
        });
    }

    /**
     * The environment of a deleted ConfigRepo is gone: the last that is told of it.
     *
     * @param kept what stays, or empty
     */
    void deleted(RepoKey key, int removed, String kept) {
        cluster.get(CONFIG_REPOS, key.namespace(), key.name())
                .ifPresent(object -> cluster.event(
                        object,
                        false,
                        "Deleted",
                        removed + " objects removed" + (kept.isEmpty() ? "" : "; left as they are: " + kept)));
    }

    /**
     * Whether {@code ork resume} asked for something on {@code seen} that is still to be done. The watch may be behind,
     * and what is pinned since must stay so.
     */
    boolean isToResume(RepoKey key, ObjectNode seen) {
        return !ResumeRequest.pending(seen).isEmpty()
                && cluster.get(CONFIG_REPOS, key.namespace(), key.name())
                        .filter(now -> !ResumeRequest.pending(now).isEmpty())
                        .isPresent();
    }

    /** What {@code ork resume} asked for on {@code seen} is done. */
    void resumed(RepoKey key, ObjectNode seen) {
        if (!ResumeRequest.pending(seen).isEmpty()) {
            update(key, (status, generation) -> ResumeRequest.handled(status, seen));
        }
    }

    /** No run starts while it is suspended. */
    void suspended(RepoKey key, ConfigRepo.Suspend suspend) {
        Instant until = suspend.until();
        trouble(
                key,
                Diagnostic.warning(
                        ErrorCode.Suspended,
                        "suspended" + (until == null ? "" : " until " + until)
                                + (suspend.reason().isEmpty() ? "" : ": " + suspend.reason()),
                        null,
                        "to go on: " + Commands.resume(key.namespace(), key.name())),
                true);
    }

    /**
     * The environment stays on a commit because somebody asked for it.
     *
     * @param seen the ConfigRepo as a watch saw it last
     */
    void pinned(RepoKey key, ObjectNode seen, Pinned pinned, Optional<RunState> newest, Environment environment) {
        String not = newest.filter(run -> run.phase() != Phase.Good)
                .map(run -> "; but its last run ended " + run.phase() + ", see ConfigRun "
                        + run.spec().name())
                .orElse("");
        Diagnostic why = Diagnostic.warning(
                ErrorCode.Suspended,
                pinned.words() + not,
                null,
                "to go on: " + Commands.resume(key.namespace(), key.name()));
        trouble(key, Optional.of(seen), why, true, status -> {
            status.put("currentRun", "");
            newest.ifPresent(run -> status.put("lastRun", run.spec().name()));
            LedgerFields.write(status, environment);
        });
    }

    /** The ref does not come after what ran last. */
    void rewritten(RepoKey key, String from, Commit head) {
        trouble(
                key,
                Diagnostic.error(
                        ErrorCode.Held,
                        "the ref moved from " + shortId(from) + " to " + head.shortId()
                                + ", which does not come after it: somebody rewrote history",
                        null,
                        "push a commit on top of the old one, or set the annotation " + RunSignals.SYNC_REQUESTED
                                + " to follow it"),
                true);
    }

    /**
     * A look found nothing new: what the newest run left behind still holds.
     *
     * @param seen the ConfigRepo as a watch saw it last
     */
    void unchanged(RepoKey key, ObjectNode seen, Commit head, RunState newest, Environment environment) {
        ended(key, Optional.of(seen), newest, environment, status -> {
            status.put("headCommit", head.id());
            ResumeRequest.handled(status, seen);
        });
    }

    /** A run has ended, or what it left behind is told again after other trouble has passed. */
    void ended(RepoKey key, RunState run, Environment environment) {
        ended(key, Optional.empty(), run, environment, _ -> {});
    }

    /** One write for all: observedGeneration must not be ahead of the conditions, or a reader takes old ones for new. */
    private void ended(
            RepoKey key, Optional<ObjectNode> seen, RunState run, Environment environment, Consumer<ObjectNode> more) {
        RunReport report = RunReport.of(run);
        if (report.ready()) {
            metrics.good(
                    key,
                    run.progress().updatedAt().getEpochSecond(),
                    environment.inventory().size());
        }
        write(key, seen, !report.ready(), report.reason(), report.message(), (status, generation) -> {
            status.put("currentRun", "");
            status.put("lastRun", run.spec().name());
            more.accept(status);
            LedgerFields.write(status, environment);
            String ready = report.ready() ? "True" : "False";
            Conditions.set(status, "Ready", ready, report.reason(), report.message(), generation, clock.instant());
            Conditions.remove(status, "Reconciling");
            if (report.ready()) {
                Conditions.remove(status, "Stalled");
            } else {
                Conditions.set(
                        status, "Stalled", "True", report.reason(), report.message(), generation, clock.instant());
            }
            report.pruned()
                    .ifPresent(pruned -> Conditions.set(
                            status,
                            "Pruned",
                            pruned.well() ? "True" : "False",
                            pruned.reason(),
                            pruned.message(),
                            generation,
                            clock.instant()));
        });
    }

    private static String shortId(String commit) {
        return commit.substring(0, Math.min(12, commit.length()));
    }

    /** An event about a ConfigRepo and nothing else. */
    void event(RepoKey key, boolean warning, String reason, String message) {
        cluster.get(CONFIG_REPOS, key.namespace(), key.name())
                .ifPresent(object -> cluster.event(object, warning, reason, message));
    }

    /** All drift that is there now. What was there before keeps its time; what is new is an event. */
    void drift(RepoKey key, List<Drift> present, List<String> unwatched) {
        Optional<ObjectNode> before = updateBeside(
                key, (status, generation) -> DriftFields.write(status, present, unwatched, generation, clock));
        if (before.isPresent()) {
            DriftFields.news(before.get(), present)
                    .forEach(each -> cluster.event(
                            before.get(), true, DriftFields.event(each), each.object() + ": " + each.message()));
        }
    }

    /** A run changes the environment: what differs after it is told anew. */
    void driftForgotten(RepoKey key) {
        updateBeside(key, (status, generation) -> DriftFields.clear(status));
    }

    /**
     * Trouble.
     *
     * @param terminal whether nothing will happen until somebody changes something
     */
    void trouble(RepoKey key, Diagnostic trouble, boolean terminal) {
        trouble(key, Optional.empty(), trouble, terminal, _ -> {});
    }

    private void trouble(
            RepoKey key, Optional<ObjectNode> seen, Diagnostic trouble, boolean terminal, Consumer<ObjectNode> more) {
        String message = trouble.at().map(at -> at + ": ").orElse("")
                + trouble.message()
                + (trouble.hint().isEmpty() ? "" : " (" + trouble.hint() + ")");
        String reason = trouble.code().name();
        write(key, seen, true, reason, message, (status, generation) -> {
            more.accept(status);
            Conditions.set(status, "Ready", "False", reason, message, generation, clock.instant());
            if (terminal) {
                Conditions.set(status, "Stalled", "True", reason, message, generation, clock.instant());
                Conditions.remove(status, "Reconciling");
            } else {
                Conditions.set(
                        status, "Reconciling", "True", "ProgressingWithRetry", message, generation, clock.instant());
                Conditions.remove(status, "Stalled");
            }
        });
    }

    /**
     * Changes the status; the change gets the status and the resource's generation. Writes nothing when nothing changed.
     *
     * @return the ConfigRepo as it was before; empty when it is gone
     */
    private Optional<ObjectNode> update(RepoKey key, BiConsumer<ObjectNode, Long> change) {
        return updateBeside(key, observing(change));
    }

    private static BiConsumer<ObjectNode, Long> observing(BiConsumer<ObjectNode, Long> change) {
        return change.andThen((status, generation) -> status.put("observedGeneration", generation));
    }

    /** As {@link #update}, for what says nothing about the spec: Ready may still be of an older one. */
    private Optional<ObjectNode> updateBeside(RepoKey key, BiConsumer<ObjectNode, Long> change) {
        for (int attempt = 1; ; attempt++) {
            Optional<ObjectNode> found = cluster.get(CONFIG_REPOS, key.namespace(), key.name());
            if (found.isEmpty()) {
                return found;
            }
            Optional<ObjectNode> object = changed(found.get(), change);
            if (object.isEmpty()) {
                return found;
            }
            try {
                cluster.replaceStatus(CONFIG_REPOS, object.get(), Labels.MANAGER);
                return found;
            } catch (ClusterException e) {
                if (e.reason() != ClusterException.Reason.STALE || attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** {@code before} with the change; empty when that is no change. */
    private static Optional<ObjectNode> changed(ObjectNode before, BiConsumer<ObjectNode, Long> change) {
        ObjectNode object = before.deepCopy();
        long generation = object.path("metadata").path("generation").asLong();
        ObjectNode status = object.get("status") instanceof ObjectNode there ? there : object.putObject("status");
        change.accept(status, generation);
        return CanonicalJson.same(status, before.path("status")) ? Optional.empty() : Optional.of(object);
    }

    /**
     * As {@link #update}, and an event when the Ready condition's reason or message moved.
     *
     * @param seen the ConfigRepo as a watch saw it last: if that would not change, the server is not asked
     */
    private void write(
            RepoKey key,
            Optional<ObjectNode> seen,
            boolean warning,
            String reason,
            String message,
            BiConsumer<ObjectNode, Long> change) {
        metrics.stands(key, !warning, reason);
        if (seen.isPresent() && changed(seen.get(), observing(change)).isEmpty()) {
            return;
        }
        Optional<ObjectNode> before = update(key, change);
        if (before.isEmpty()) {
            return;
        }
        JsonNode ready = Conditions.find(before.get(), "Ready").orElse(JsonNodeFactory.instance.missingNode());
        if (!ready.path("reason").asText().equals(reason)
                || !ready.path("message").asText().equals(message)) {
            cluster.event(before.get(), warning, reason, message);
        }
    }
}
