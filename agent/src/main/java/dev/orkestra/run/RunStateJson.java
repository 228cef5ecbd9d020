package dev.orkestra.run;

import static dev.orkestra.run.Json.ifPresent;
import static dev.orkestra.run.Json.object;
import static dev.orkestra.run.Json.optional;
import static dev.orkestra.run.Json.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;

/**
 * A run as {@code ConfigRun.status}: phase, verdict, plan, waves, diagnostics and rollback as DESIGN.md §7 writes
 * them, and beside them what the machine needs to go on. The status alone is enough to read a run back.
 */
public final class RunStateJson {
    private RunStateJson() {}

    /** The status of {@code state}. A fresh tree on each call. */
    public static ObjectNode write(RunState state) {
        ObjectNode node = Json.versioned()
                .put("phase", state.phase().name())
                .put("step", state.step().name());
        RunState.Judgement judgement = state.judgement();
        if (judgement != null) {
            node.put("verdict", judgement.verdict().text());
            node.set("evidence", Json.array(judgement.evidence(), RunStateJson::evidence));
        }
        Json.putText(node, "digest", state.digest());
        RunState.Report report = state.report();
        ifPresent(report.plan(), plan -> node.set("plan", plan(plan)));
        node.set("waves", Json.array(state.waves(), RunStateJson::wave));
        node.put("position", state.position());
        node.set("diagnostics", Json.array(report.diagnostics(), Json::diagnostic));
        ifPresent(state.rollback(), rollback -> node.set("rollback", rollback(rollback)));
        node.put("objects", report.objects());
        ifPresent(report.pruned(), pruned -> node.set("pruned", pruned(pruned)));
        ifPresent(report.removed(), removed -> node.set("removed", pruned(removed)));
        Json.putText(node, "newerCommit", report.newerCommit());
        ifPresent(state.deadline(), deadline -> node.put("deadline", deadline.toString()));
        ifPresent(
                state.waiting(),
                waiting -> node.putObject("waiting")
                        .put("until", waiting.until().toString())
                        .put("then", waiting.then().name()));
        node.put("touched", state.touched());
        node.set("known", known(state.known()));
        if (!state.consent().equals(Consent.NONE)) {
            node.set("consent", consent(state.consent()));
        }
        node.set("progress", progress(state.progress()));
        node.set("run", spec(state.spec()));
        if (state.basis().isKnown()) {
            RunState.Basis basis = state.basis();
            ObjectNode made = node.putObject("basis").put("repository", basis.repository());
            Json.putText(made, "overlay", basis.overlay());
            made.put("generation", basis.generation());
        }
        return node;
    }

    /**
     * The state that {@code status} was written from.
     *
     * @throws IllegalStateException when a newer agent wrote it
     */
    public static RunState read(JsonNode status) {
        Json.checkVersion(status);
        return new RunState(
                spec(status.path("run")),
                Step.valueOf(text(status, "step")),
                Phase.valueOf(text(status, "phase")),
                text(status, "digest"),
                known(status.path("known")),
                consent(status.path("consent")),
                status.path("touched").asBoolean(),
                Json.list(status.path("waves"), RunStateJson::wave),
                status.path("position").asInt(),
                optional(status.path("deadline"), Json::instant),
                optional(
                        status.path("waiting"),
                        waiting -> new RunState.Waiting(
                                Json.instant(waiting.path("until")), Step.valueOf(text(waiting, "then")))),
                optional(
                        status.path("verdict"),
                        verdict -> new RunState.Judgement(
                                Verdict.of(verdict.asText()),
                                Json.list(status.path("evidence"), RunStateJson::evidence))),
                optional(status.path("rollback"), RunStateJson::rollback),
                new RunState.Report(
                        status.path("objects").asInt(),
                        optional(status.path("plan"), RunStateJson::plan),
                        Json.list(status.path("diagnostics"), Json::diagnostic),
                        optional(status.path("pruned"), RunStateJson::pruned),
                        optional(status.path("removed"), RunStateJson::pruned),
                        text(status, "newerCommit")),
                progress(status.path("progress")),
                new RunState.Basis(
                        text(status.path("basis"), "repository"),
                        text(status.path("basis"), "overlay"),
                        status.path("basis").path("generation").asLong()));
    }

    private static ObjectNode spec(RunSpec spec) {
        RunSpec.Limits limits = spec.limits();
        ObjectNode node = object().put("namespace", spec.namespace())
                .put("configRepo", spec.configRepo())
                .put("number", spec.number())
                .put("commit", spec.commit())
                .put("trigger", spec.trigger().text())
                .put("startedAt", spec.startedAt().toString());
        Json.putText(node, "requestedBy", spec.requestedBy());
        Json.putText(node, "reason", spec.reason());
        node.putObject("limits")
                .put("wave", limits.wave().toString())
                .put("run", limits.run().toString())
                .put("soak", limits.soak().toString());
        return node;
    }

    private static RunSpec spec(JsonNode node) {
        JsonNode limits = node.path("limits");
        return new RunSpec(
                text(node, "namespace"),
                text(node, "configRepo"),
                node.path("number").asInt(),
                text(node, "commit"),
                Trigger.of(text(node, "trigger")),
                Json.instant(node.path("startedAt")),
                new RunSpec.Limits(
                        Duration.parse(text(limits, "wave")),
                        Duration.parse(text(limits, "run")),
                        Duration.parse(text(limits, "soak"))),
                text(node, "requestedBy"),
                text(node, "reason"));
    }

    private static ObjectNode wave(WaveState wave) {
        ObjectNode node =
                Json.wave(object(), wave.wave()).put("phase", wave.phase().name());
        Json.putText(node, "waitingFor", wave.waitingFor());
        ifPresent(wave.deadline(), deadline -> node.put("deadline", deadline.toString()));
        return node;
    }

    private static WaveState wave(JsonNode node) {
        return new WaveState(
                Json.wave(node),
                WaveState.Phase.valueOf(text(node, "phase")),
                text(node, "waitingFor"),
                optional(node.path("deadline"), Json::instant));
    }

    private static ObjectNode evidence(Evidence evidence) {
        ObjectNode node = object();
        ifPresent(evidence.object(), key -> node.set("object", Json.key(key)));
        return node.put("kind", evidence.kind().name())
                .put("before", evidence.before().name())
                .put("changedByRun", evidence.changedByRun())
                .put("message", evidence.message());
    }

    private static Evidence evidence(JsonNode node) {
        return new Evidence(
                optional(node.path("object"), Json::key),
                Evidence.Kind.valueOf(text(node, "kind")),
                Evidence.Before.valueOf(text(node, "before")),
                node.path("changedByRun").asBoolean(),
                text(node, "message"));
    }

    private static ObjectNode plan(PlanSummary plan) {
        return object().put("hash", plan.hash())
                .put("create", plan.create())
                .put("update", plan.update())
                .put("replace", plan.replace())
                .put("prune", plan.prune())
                .put("unchanged", plan.unchanged())
                .put("hooks", plan.hooks());
    }

    private static PlanSummary plan(JsonNode node) {
        return new PlanSummary(
                text(node, "hash"),
                node.path("create").asInt(),
                node.path("update").asInt(),
                node.path("replace").asInt(),
                node.path("prune").asInt(),
                node.path("unchanged").asInt(),
                node.path("hooks").asInt());
    }

    private static ObjectNode rollback(RunState.Rollback rollback) {
        LastGood to = rollback.to();
        ObjectNode node = object().put("toCommit", to.commit())
                .put("toRun", to.run())
                .put("digest", to.digest())
                .put("phase", rollback.phase().name());
        node.set("waves", Json.array(rollback.waves(), RunStateJson::wave));
        return node;
    }

    private static RunState.Rollback rollback(JsonNode node) {
        return new RunState.Rollback(
                new LastGood(text(node, "toCommit"), node.path("toRun").asInt(), text(node, "digest")),
                RunState.Rollback.Phase.valueOf(text(node, "phase")),
                Json.list(node.path("waves"), RunStateJson::wave));
    }

    private static ObjectNode pruned(PruneResult result) {
        ObjectNode node = object().put("result", result.kind().name())
                .put("removed", result.removed())
                .put("left", result.left());
        node.set("diagnostics", Json.array(result.diagnostics(), Json::diagnostic));
        return node;
    }

    private static PruneResult pruned(JsonNode node) {
        return new PruneResult(
                PruneResult.Kind.valueOf(text(node, "result")),
                node.path("removed").asInt(),
                node.path("left").asInt(),
                Json.list(node.path("diagnostics"), Json::diagnostic));
    }

    private static ObjectNode known(RunState.Known known) {
        ObjectNode node = object();
        ifPresent(known.lastGood(), good -> node.set("lastGood", LedgerJson.lastGood(good)));
        node.put("settledDigest", known.settledDigest());
        node.set("unhealthyBefore", Json.array(known.unhealthyBefore(), Json::key));
        if (!known.noReturn().isEmpty()) {
            node.set("noReturn", Json.array(known.noReturn(), RunStateJson::noReturn));
        }
        if (known.holds()) {
            node.put("holds", true);
        }
        if (known.inherited()) {
            node.put("inherited", true);
        }
        return node;
    }

    private static ObjectNode noReturn(PointOfNoReturn point) {
        ObjectNode node = Json.wave(object(), point.wave());
        node.set("object", Json.key(point.object()));
        return node.put("what", point.what()).put("passed", point.passed());
    }

    private static PointOfNoReturn noReturn(JsonNode node) {
        return new PointOfNoReturn(
                Json.wave(node),
                Json.key(node.path("object")),
                text(node, "what"),
                node.path("passed").asBoolean());
    }

    private static ObjectNode consent(Consent consent) {
        ObjectNode node = object();
        Json.putText(node, "hash", consent.hash());
        node.put("bound", consent.bound());
        Json.putText(node, "sync", consent.sync());
        ifPresent(consent.grantedAt(), at -> node.put("grantedAt", at.toString()));
        return node;
    }

    private static Consent consent(JsonNode node) {
        return new Consent(
                text(node, "hash"),
                node.path("bound").asBoolean(),
                text(node, "sync"),
                optional(node.path("grantedAt"), Json::instant));
    }

    private static RunState.Known known(JsonNode node) {
        return new RunState.Known(
                optional(node.path("lastGood"), LedgerJson::lastGood),
                text(node, "settledDigest"),
                Json.list(node.path("unhealthyBefore"), Json::key),
                Json.list(node.path("noReturn"), RunStateJson::noReturn),
                node.path("holds").asBoolean(),
                node.path("inherited").asBoolean());
    }

    private static ObjectNode progress(RunState.Progress progress) {
        return object().put("attempts", progress.attempts())
                .put("troubles", progress.troubles())
                .put("restarts", progress.restarts())
                .put("leaseEpoch", progress.leaseEpoch())
                .put("updatedAt", progress.updatedAt().toString());
    }

    private static RunState.Progress progress(JsonNode node) {
        Instant updatedAt = Json.instant(node.path("updatedAt"));
        return new RunState.Progress(
                node.path("attempts").asInt(),
                node.path("troubles").asInt(),
                node.path("restarts").asInt(),
                node.path("leaseEpoch").asLong(),
                updatedAt);
    }
}
