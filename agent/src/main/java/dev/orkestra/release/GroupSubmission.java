package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Identity;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.GroupRules;
import dev.orkestra.group.ReleaseGraph;
import dev.orkestra.group.StagedCharts;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.outcome.Severity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a new generation of a group on its way: rules, identity, charts, namespaces, and then the Workflow. */
final class GroupSubmission implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupSubmission.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);

    private final GroupTools tools;
    private final ConditionWatches conditions = new ConditionWatches();
    private volatile Consumer<String> wake = _ -> {};
    /** What was staged for a group's generation, while its old Workflow is still on its way out. */
    private final Map<String, Staged> staged = new ConcurrentHashMap<>();

    private record Staged(String uid, long generation, StagedCharts charts, ReleaseGraph.RemovalOrder order) {}

    /** How often staging has failed for a group's generation, for the wait before the next try. */
    private final Map<String, Failures> failures = new ConcurrentHashMap<>();

    private record Failures(long generation, int count) {}

    /** The generation of a group whose charts were made again. */
    private final Map<String, Long> restaged = new ConcurrentHashMap<>();

    GroupSubmission(GroupTools tools) {
        this.tools = tools;
    }

    /** Who is told the name of a group that should be looked at again. */
    void wake(Consumer<String> who) {
        wake = who;
    }

    @Override
    public void close() {
        conditions.close();
    }

    /** Returns when to look again at the latest. */
    Optional<Duration> look(GroupPass pass) throws IOException, InterruptedException {
        Optional<ObjectNode> forward = pass.cluster.workflow(WorkflowType.FORWARD, pass.name());
        if (forward.filter(pass::isOfThisGeneration)
                .filter(each -> !isDying(each))
                .isPresent()) {
            // It was submitted, but the agent ended before it could say so.
            return submitted(pass, pass.staged(forward));
        }
        List<Diagnostic> errors = GroupRules.check(pass.group()).stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
        if (!errors.isEmpty()) {
            return invalid(pass, errors);
        }
        return switch (tools.identities().ofGroup(pass.name())) {
            case Outcome.Terminal<Identity>(Diagnostic reason) -> {
                conditions.forget(pass.name());
                refused(pass, ErrorCode.NoIdentity, words(reason));
                yield Optional.of(GroupPass.SAFETY_LOOK);
            }
            case Outcome.Retry<Identity>(Duration after, Diagnostic reason) -> {
                progressing(pass, words(reason));
                yield Optional.of(after);
            }
            case Outcome.Done<Identity>(Identity identity) -> submitIfMet(pass, identity);
        };
    }

    /** Steps that cannot be made of what the group says have had a reason of their own with Azure Orkestra. */
    private Optional<Duration> invalid(GroupPass pass, List<Diagnostic> errors) {
        conditions.forget(pass.name());
        String all = errors.stream().map(GroupSubmission::words).collect(Collectors.joining("; "));
        boolean steps = errors.stream().allMatch(each -> each.code() == ErrorCode.WorkflowTemplateGenerationFailed);
        return steps
                ? refused(pass, ErrorCode.WorkflowTemplateGenerationFailed, "failed to generate workflow: " + all)
                : refused(pass, ErrorCode.Invalid, all);
    }

    /** Conditions come before all that has an effect, and are asked again at each look until the Workflow is there. */
    private Optional<Duration> submitIfMet(GroupPass pass, Identity identity) throws IOException, InterruptedException {
        Cluster asGroup = pass.cluster.as(identity);
        Optional<String> unmet = new GroupConditions(asGroup).trouble(pass.model.conditions());
        if (unmet.isPresent()) {
            // Before it is said: a change in between must not be missed.
            conditions.follow(pass.model, identity, asGroup, wake);
            refused(pass, ErrorCode.ConditionFailed, unmet.get());
            return Optional.of(GroupPass.SAFETY_LOOK);
        }
        conditions.forget(pass.name());
        return stageAndSubmit(pass, identity);
    }

    /**
     * Stages again what the store has lost: its folder is a cache, and engines may still need a chart, for a release
     * that is not installed yet or has drifted. At most once for a generation in the life of this process.
     */
    void restage(GroupPass pass, ObjectNode forward) throws IOException, InterruptedException {
        StagedCharts wanted = pass.staged(Optional.of(forward));
        if (tools.charts().holds(wanted)
                || !(tools.identities().ofGroup(pass.name()) instanceof Outcome.Done<Identity>(Identity identity))
                || Objects.equals(restaged.put(pass.name(), pass.generation()), pass.generation())) {
            return;
        }
        ChartStore.Staging staging = tools.charts().stage(pass.model, new SecretLogins(pass.cluster, identity));
        if (!staging.charts().equals(wanted)) {
            LOG.atWarn()
                    .addKeyValue("group", pass.name())
                    .addKeyValue("failures", staging.failures().values())
                    .log("the charts of this group are lost and could not be made again as they were");
        }
    }

    /** A group that is leaving waits for no condition any more. */
    void leaving(String group) {
        conditions.forget(group);
    }

    /** Forgets what is only remembered for a group that is gone. */
    void forget(String group) {
        staged.remove(group);
        failures.remove(group);
        restaged.remove(group);
        conditions.forget(group);
    }

    private Optional<Duration> stageAndSubmit(GroupPass pass, Identity identity)
            throws IOException, InterruptedException {
        progressing(pass, GroupStatus.RECONCILING);
        Staged known = staged.get(pass.name());
        String uid = pass.group().path("metadata").path("uid").asText();
        if (known == null || known.generation != pass.generation() || !known.uid.equals(uid)) {
            ChartStore.Staging staging = tools.charts().stage(pass.model, new SecretLogins(pass.cluster, identity));
            if (!staging.failures().isEmpty()) {
                return pullFailed(pass, staging);
            }
            known = new Staged(uid, pass.generation(), staging.charts(), removalOrder(pass));
            staged.put(pass.name(), known);
            failures.remove(pass.name());
        }
        try {
            return submit(pass, identity, known);
        } catch (ClusterException e) {
            return generationFailed(pass, "failed to submit workflow: " + e.getMessage());
        }
    }

    private Optional<Duration> submit(GroupPass pass, Identity identity, Staged known) {
        StagedCharts ready = known.charts;
        ReleaseGraph forward = pass.forward(ready);
        Optional<String> elsewhere = ownedElsewhere(pass, forward);
        if (elsewhere.isPresent()) {
            refused(pass, ErrorCode.OwnedElsewhere, elsewhere.get());
            return Optional.of(GroupPass.SAFETY_LOOK);
        }
        for (String namespace : namespaces(pass.model)) {
            if (!pass.cluster.ensureNamespace(namespace, pass.group(), !pass.remediationByRun(), identity)) {
                progressing(pass, "waiting for namespace " + namespace + ", which is being deleted");
                return Optional.of(Duration.ofSeconds(5));
            }
        }
        ReleaseGraph installed = InstalledReleases.graph(pass.releases());
        ReleaseGraph graph = forward.withRemoved(installed.minus(forward).reverse(), known.order);
        ObjectNode workflow = WorkflowDocument.of(
                new WorkflowDocument.Plan(
                        WorkflowType.FORWARD,
                        pass.name(),
                        pass.generation(),
                        pass.uid(),
                        identity,
                        pass.remediationByRun(),
                        graph,
                        forward,
                        ready,
                        WorkflowDocument.owner(pass.group())),
                tools.settings(),
                tools.seal());
        Optional<String> reaches = ExecutorTemplates.trouble(graph, tools.settings());
        if (reaches.isPresent()) {
            return refused(
                    pass, ErrorCode.WorkflowTemplateGenerationFailed, "failed to generate workflow: " + reaches.get());
        }
        Optional<String> tooLarge = WorkflowSize.trouble(workflow, graph);
        if (tooLarge.isPresent()) {
            return refused(pass, ErrorCode.TooLarge, tooLarge.get());
        }
        Optional<String> foreign = pass.cluster.foreignOwner(WorkflowType.FORWARD, pass.name());
        if (foreign.isPresent()) {
            refused(
                    pass,
                    ErrorCode.OwnedElsewhere,
                    "the Workflow " + pass.name() + " belongs to '" + foreign.get() + "'; give the group another name");
            return Optional.of(GroupPass.SAFETY_LOOK);
        }
        if (!oldWorkflowsAreGone(pass)) {
            return Optional.of(GroupPass.SAFETY_LOOK);
        }
        pass.cluster.applyRepository();
        pass.cluster.createWorkflow(workflow);
        return submitted(pass, ready);
    }

    /** observedGeneration moves when the Workflow is there, or when it is clear that there will be none. */
    private Optional<Duration> submitted(GroupPass pass, StagedCharts ready) {
        if (!GroupStatus.readyReason(pass.group()).equals(GroupStatus.PROGRESSING)) {
            pass.status().begin();
        } else {
            pass.status().ready("Unknown", GroupStatus.PROGRESSING, GroupStatus.RECONCILING);
        }
        pass.status().observed();
        pass.applications(ready, pass.releases());
        pass.write();
        staged.remove(pass.name());
        return Optional.of(GroupPass.SAFETY_LOOK);
    }

    /**
     * After a failure what is not wanted goes first: it may hold what the old state needs. Otherwise it goes last, when
     * its successor stands.
     */
    private static ReleaseGraph.RemovalOrder removalOrder(GroupPass pass) {
        Optional<ObjectNode> before = pass.cluster.workflow(WorkflowType.FORWARD, pass.name());
        JsonNode status = pass.group().path("status");
        boolean lastSucceeded = before.map(
                        workflow -> WorkflowPhase.of(workflow).succeeded())
                .orElse(status.path("observedGeneration").asLong()
                        == status.path("lastSucceededGeneration").asLong());
        return lastSucceeded ? ReleaseGraph.RemovalOrder.LAST : ReleaseGraph.RemovalOrder.FIRST;
    }

    /** Old Workflows must have ended before a new one begins: two would pull at the same releases. */
    private static boolean oldWorkflowsAreGone(GroupPass pass) {
        boolean gone = true;
        for (WorkflowType type : WorkflowType.values()) {
            Optional<ObjectNode> old = pass.cluster.workflow(type, pass.name());
            if (old.isPresent()) {
                pass.cluster.deleteWorkflow(old.get());
                gone = false;
            }
        }
        return gone;
    }

    private static Optional<String> ownedElsewhere(GroupPass pass, ReleaseGraph forward) {
        for (ObjectNode release : pass.cluster.allReleases()) {
            String owner = release.path("metadata")
                    .path("labels")
                    .path(GroupNames.OWNER)
                    .asText();
            String key = InstalledReleases.key(release);
            if (!owner.equals(pass.name()) && forward.taskOf(key).isPresent()) {
                return Optional.of("HelmRelease " + key + " belongs to ApplicationGroup " + owner
                        + "; give this chart another targetNamespace, or remove it from one of the groups");
            }
        }
        return Optional.empty();
    }

    private static TreeSet<String> namespaces(ApplicationGroup group) {
        return group.applications().stream()
                .map(application -> application.release().targetNamespace())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void progressing(GroupPass pass, String message) {
        String reason = GroupStatus.readyReason(pass.group());
        if (reason.isEmpty()
                || reason.equals(ErrorCode.NoIdentity.name())
                || reason.equals(ErrorCode.ConditionFailed.name())
                || reason.equals(ErrorCode.OwnedElsewhere.name())) {
            pass.status().begin();
        }
        // Trouble of the last try stays in sight until this one has come further.
        if (reason.isEmpty() || reason.equals(GroupStatus.PROGRESSING)) {
            pass.status().ready("Unknown", GroupStatus.PROGRESSING, message);
        }
        pass.write();
    }

    /** Terminal: only another spec, or another cluster, makes a difference. */
    private static Optional<Duration> refused(GroupPass pass, ErrorCode code, String message) {
        if (!GroupStatus.readyReason(pass.group()).equals(code.name())) {
            pass.status().begin();
        }
        pass.status().ready("False", code.name(), message);
        pass.status().observed();
        pass.write(Optional.of(GroupEvent.error(message)));
        return Optional.empty();
    }

    private Optional<Duration> pullFailed(GroupPass pass, ChartStore.Staging staging) {
        Map<String, String> errors = new TreeMap<>();
        staging.failures().forEach((application, finding) -> errors.put(application, words(finding)));
        String message = String.join("; ", errors.values());
        pass.status().ready("False", GroupStatus.CHART_PULL_FAILED, message);
        pass.status().applications(pass.model, staging.charts(), errors, pass.releases());
        pass.write(Optional.of(GroupEvent.error(message)));
        return Optional.of(backoff(pass));
    }

    private Optional<Duration> generationFailed(GroupPass pass, String message) {
        pass.status().ready("False", GroupStatus.GENERATION_FAILED, message);
        pass.write(Optional.of(GroupEvent.error(message)));
        return Optional.of(backoff(pass));
    }

    private Duration backoff(GroupPass pass) {
        Failures now = failures.compute(pass.name(), (_, before) -> {
            boolean same = before != null && before.generation == pass.generation();
            return new Failures(pass.generation(), same && before != null ? before.count + 1 : 1);
        });
        Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(now.count - 1, 10));
        return wait.compareTo(LONGEST_RETRY) < 0 ? wait : LONGEST_RETRY;
    }

    private static boolean isDying(JsonNode object) {
        return object.path("metadata").has("deletionTimestamp");
    }

    static String words(Diagnostic finding) {
        return finding.message() + (finding.hint().isEmpty() ? "" : " (" + finding.hint() + ")");
    }
}
