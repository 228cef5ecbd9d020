package dev.orkestra.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.run.Evidence;
import dev.orkestra.run.Phase;
import dev.orkestra.run.RunMachine;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.RunStateJson;
import dev.orkestra.run.Trigger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * The journal: each run's state in the status of its ConfigRun, written after every step under the resourceVersion
 * that this process wrote last. An agent that lost its lease without knowing meets STALE here before it can do harm
 * (DESIGN.md §3, "fenced").
 */
public final class RunStore {
    /** The runs, those that are asked for among them. */
    public static final ResourceType RUNS =
            new ResourceType("orkestra.dev", "v1alpha1", "ConfigRun", "configruns", true);
    /** DESIGN.md §6: the last 20 runs are kept. */
    private static final int KEPT = 20;

    private static final String JOURNAL = RunTrust.JOURNAL;

    private static final Comparator<ObjectNode> BY_NUMBER =
            Comparator.comparingLong(run -> run.path("spec").path("number").asLong());

    private final Cluster cluster;
    private final RunTrust trust;

    /** @param cluster with the agent's own rights */
    public RunStore(Cluster cluster) {
        this.cluster = cluster;
        this.trust = new RunTrust(cluster);
    }

    /**
     * A run as it is stored.
     *
     * @param object the ConfigRun as last seen
     * @param state its state
     */
    public record Stored(ObjectNode object, RunState state) {}

    /**
     * The newest run of a ConfigRepo that the agent has begun, with its state. A journal that the agent did not write is
     * passed over. One of the version before, which had no seals, is believed once: it is sealed here and now, and with
     * it all that is not sealed is history only.
     *
     * @throws EnvironmentStore.DamagedException when it was sealed but cannot be read
     */
    public Optional<Stored> newest(String namespace, String configRepo, String label) {
        List<ObjectNode> begun = begun(namespace, configRepo, label);
        Optional<ObjectNode> sealed = begun.stream().filter(trust::isSealed).findFirst();
        Optional<ObjectNode> earlier = sealed.isPresent()
                ? Optional.empty()
                : begun.stream()
                        .filter(run -> trust.isOfEarlierVersion(run, label))
                        .findFirst();
        Optional<ObjectNode> newest = sealed.or(() -> earlier);
        begun.stream().takeWhile(run -> !Optional.of(run).equals(newest)).forEach(trust::tell);
        return newest.map(run -> new Stored(run, RunTrust.state(run)))
                .map(stored -> earlier.isPresent() ? save(stored, stored.state()) : stored);
    }

    /** As {@link #newest} for people to look at, who may not read the key: not judged, and nothing is written. */
    public Optional<Stored> shown(String namespace, String configRepo, String label) {
        return begun(namespace, configRepo, label).stream()
                .findFirst()
                .map(run -> new Stored(run, RunTrust.state(run)));
    }

    /** Those with a journal, the newest first. */
    private List<ObjectNode> begun(String namespace, String configRepo, String label) {
        return runs(namespace, configRepo, label).reversed().stream()
                .filter(run -> run.path("status").has(JOURNAL))
                .toList();
    }

    /**
     * Creates the ConfigRun of a new run. One that is there already with the same spec is taken over: a crash came
     * between its creation and its first step. One with another spec was made up by somebody, and its number is left
     * to it. It has no ownerReference: a ConfigRepo that is deleted and made again finds its history (DESIGN.md §6).
     *
     * @param begin the state of a run with a given number
     * @param lastInLedger the highest number that the ledger knows
     * @return empty when a person asks for a run with the next number, which has to be looked at first
     */
    public Optional<Stored> create(IntFunction<RunState> begin, String label, int lastInLedger) {
        RunSpec first = begin.apply(1).spec();
        int number = newestNumber(first.namespace(), first.configRepo(), label, lastInLedger);
        while (true) {
            number++;
            RunState state = begin.apply(number);
            ObjectNode wanted = document(state.spec(), label);
            Optional<ObjectNode> created = create(wanted);
            Optional<ObjectNode> there = created.isPresent()
                    ? created
                    : cluster.get(RUNS, first.namespace(), state.spec().name()).filter(RunStore::isUnanswered);
            boolean ours = created.isPresent()
                    || there.filter(run -> run.path("spec").equals(wanted.path("spec")))
                            .isPresent();
            if (ours) {
                return there.map(run -> save(new Stored(run, state), state));
            }
            if (there.filter(RunStore::isAskedFor).isPresent()) {
                return Optional.empty();
            }
        }
    }

    /** The number of the newest run that the agent has begun. */
    public int newestNumber(String namespace, String configRepo, String label, int lastInLedger) {
        return runs(namespace, configRepo, label).stream()
                .filter(trust::isSealed)
                .mapToInt(run -> run.path("spec").path("number").asInt())
                .reduce(lastInLedger, Math::max);
    }

    /** Empty when there is one already. */
    private Optional<ObjectNode> create(ObjectNode run) {
        try {
            return Optional.of(cluster.create(RUNS, run, Labels.MANAGER));
        } catch (ClusterException e) {
            if (e.reason() != ClusterException.Reason.ALREADY_EXISTS) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Whether nobody has begun or refused this run: it has neither a journal nor a phase. */
    public static boolean isUnanswered(JsonNode run) {
        return !run.path("status").has(JOURNAL) && !run.path("status").has("phase");
    }

    /** Whether a person wants a run. */
    private static boolean isAskedFor(JsonNode run) {
        String trigger = run.path("spec").path("trigger").asText();
        return !isMadeByAgent(run) && (trigger.equals(Trigger.RETRY.text()) || trigger.equals(Trigger.ROLLBACK.text()));
    }

    /**
     * The run that somebody asks for with the ConfigRun {@code name}, as it is now; empty when it is answered or gone.
     * One that the agent has made, and whose first step a crash has prevented, is none as long as it may be taken over.
     *
     * @param newest number of the newest run
     */
    public Optional<ObjectNode> asked(String namespace, String name, int newest) {
        return cluster.get(RUNS, namespace, name)
                .filter(RunStore::isUnanswered)
                .filter(run ->
                        !isMadeByAgent(run) || run.path("spec").path("number").asLong() <= newest);
    }

    /** Whether its spec is the agent's: a request that the agent has only given its labels stays a request. */
    private static boolean isMadeByAgent(JsonNode run) {
        for (JsonNode entry : run.path("metadata").path("managedFields")) {
            if (entry.path("manager").asText().equals(Labels.MANAGER)
                    && entry.path("fieldsV1").has("f:spec")) {
                return true;
            }
        }
        return false;
    }

    /**
     * Makes {@code asked}, which a person has created, the run of {@code state}. Its labels come first: without them it
     * would not be found again, and with them alone it is asked for as before.
     */
    public Stored takeOver(ObjectNode asked, RunState state, String label) {
        ObjectNode wanted = labels(state.spec(), label);
        JsonNode there = asked.path("metadata").path("labels");
        ObjectNode run = asked;
        if (wanted.properties().stream().anyMatch(each -> !each.getValue().equals(there.path(each.getKey())))) {
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            patch.putObject("metadata").set("labels", wanted);
            run = cluster.mergePatch(
                    RUNS, state.spec().namespace(), state.spec().name(), patch, false, Labels.MANAGER);
        }
        return save(new Stored(run, state), state);
    }

    /** Says on {@code asked}, which a person has created, why it does not become a run. It never gets a journal. */
    public void refuse(ObjectNode asked, Diagnostic why, Instant at) {
        ObjectNode object = asked.deepCopy();
        ObjectNode status = object.putObject("status")
                .put("phase", Phase.Invalid.name())
                .put("reason", why.code().name())
                .put("message", "Refused. " + why.message() + ". To mend it: " + why.hint());
        status.putArray("diagnostics")
                .addObject()
                .put("code", why.code().name())
                .put("severity", "error")
                .put("message", why.message())
                .put("hint", why.hint());
        status.put("finishedAt", seconds(at));
        cluster.replaceStatus(RUNS, object, Labels.MANAGER);
    }

    /** The ConfigRun of {@code spec} before its first step; with it a person asks for a run. */
    public static ObjectNode document(RunSpec spec, String label) {
        ObjectNode run = JsonNodeFactory.instance.objectNode();
        run.put("apiVersion", RUNS.apiVersion()).put("kind", RUNS.kind());
        ObjectNode metadata = run.putObject("metadata").put("name", spec.name()).put("namespace", spec.namespace());
        metadata.set("labels", labels(spec, label));
        ObjectNode about = run.putObject("spec")
                .put("configRepo", spec.configRepo())
                .put("number", spec.number())
                .put("commit", spec.commit())
                .put("trigger", spec.trigger().text());
        if (!spec.requestedBy().isEmpty()) {
            about.put("requestedBy", spec.requestedBy());
        }
        if (!spec.reason().isEmpty()) {
            about.put("reason", spec.reason());
        }
        return run;
    }

    private static ObjectNode labels(RunSpec spec, String label) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(Labels.CONFIG_REPO, label)
                .put(Labels.COMMIT, spec.commit())
                .put(Labels.RUN, Integer.toString(spec.number()));
    }

    /** Writes {@code state}. STALE: another process has written this run, so this one must let go of it. */
    public Stored save(Stored stored, RunState state) {
        ObjectNode object = stored.object().deepCopy();
        ObjectNode status = status(state);
        status.set(JOURNAL, trust.sealed(object, status.path(JOURNAL)));
        if (CanonicalJson.same(status, object.path("status"))) {
            return new Stored(object, state);
        }
        object.set("status", status);
        return new Stored(cluster.replaceStatus(RUNS, object, Labels.MANAGER), state);
    }

    /** The journal is what is read again; all else is for people. */
    private static ObjectNode status(RunState state) {
        ObjectNode journal = RunStateJson.write(state);
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        for (String field : List.of("phase", "step", "verdict", "digest", "plan", "waves", "diagnostics")) {
            if (journal.hasNonNull(field)) {
                status.set(field, journal.get(field).deepCopy());
            }
        }
        for (String removal : List.of("pruned", "removed")) {
            journal.path(removal)
                    .path("diagnostics")
                    .forEach(finding -> status.withArray("diagnostics").add(finding.deepCopy()));
        }
        status.put("startedAt", seconds(state.spec().startedAt()));
        if (state.judgement() != null) {
            ArrayNode evidence = status.putArray("evidence");
            state.judgement().evidence().stream()
                    .limit(RunMachine.MOST_LISTED)
                    .forEach(item -> evidence.add(evidence(item)));
        }
        if (state.rollback() != null) {
            ObjectNode rollback = status.putObject("rollback");
            for (String field : List.of("toCommit", "phase", "waves")) {
                if (journal.path("rollback").hasNonNull(field)) {
                    rollback.set(field, journal.path("rollback").get(field).deepCopy());
                }
            }
        }
        if (!state.consent().sync().isEmpty()) {
            status.put("request", state.consent().sync());
        }
        if (state.consent().isGranted()) {
            status.putObject("approval")
                    .put("hash", state.consent().hash())
                    .put("at", seconds(Objects.requireNonNull(state.consent().grantedAt())));
        }
        if (state.phase().isFinal() || state.phase() == Phase.AwaitingApproval) {
            RunReport report = RunReport.of(state);
            status.put("reason", report.reason()).put("message", report.message());
        }
        if (state.isEnd()) {
            status.put("finishedAt", seconds(state.progress().updatedAt()));
        }
        status.set(JOURNAL, journal);
        return status;
    }

    /** One of those that the verdict was made of, in the words of its definition. */
    private static ObjectNode evidence(Evidence evidence) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("kind", word(evidence.kind()));
        if (evidence.object() != null) {
            node.put("object", evidence.object().toString()).put("before", word(evidence.before()));
            node.put("changedByRun", evidence.changedByRun());
        }
        return node.put("message", evidence.message());
    }

    /** {@code REFUSED_INVALID} as {@code RefusedInvalid}, like all reasons. */
    private static String word(Enum<?> value) {
        return Arrays.stream(value.name().split("_", -1))
                .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    private static String seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /**
     * Deletes all but the newest runs. Those count that the agent has sealed: a number that somebody made up displaces
     * none of them.
     */
    public void removeOld(String namespace, String configRepo, String label) {
        List<ObjectNode> runs = runs(namespace, configRepo, label);
        List<ObjectNode> sealed = runs.stream().filter(trust::isSealed).toList();
        if (sealed.size() < KEPT) {
            return;
        }
        ObjectNode oldestKept = sealed.get(sealed.size() - KEPT);
        runs.stream().filter(run -> BY_NUMBER.compare(run, oldestKept) < 0).forEach(run -> delete(namespace, run));
    }

    /** Deletes all runs: their environment is gone. */
    public void removeAll(String namespace, String configRepo, String label) {
        runs(namespace, configRepo, label).forEach(run -> delete(namespace, run));
    }

    private void delete(String namespace, ObjectNode run) {
        cluster.delete(
                RUNS,
                namespace,
                run.path("metadata").path("name").asText(),
                run.path("metadata").path("uid").asText());
    }

    private List<ObjectNode> runs(String namespace, String configRepo, String label) {
        return cluster.list(RUNS, namespace, Labels.CONFIG_REPO + "=" + label).stream()
                .filter(run -> run.path("spec").path("configRepo").asText().equals(configRepo))
                .sorted(BY_NUMBER)
                .toList();
    }
}
