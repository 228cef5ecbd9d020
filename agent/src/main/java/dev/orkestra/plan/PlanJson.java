package dev.orkestra.plan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.outcome.Diagnostic;
import java.util.Locale;

/**
 * A plan for programs, as {@code schemas/plan.schema.json} describes it; also what {@code ork plan --out} saves.
 * Values of Secrets are masked in the plan already.
 */
public final class PlanJson {
    /** Counted up when a reader of the one before would go wrong. */
    static final int SCHEMA_VERSION = 1;

    private PlanJson() {}

    /** All of it. Absent values are left out. */
    public static ObjectNode full(Plan plan, PlanHeader header) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("schemaVersion", SCHEMA_VERSION);
        json.putObject("configRepo").put("namespace", header.namespace()).put("name", header.name());
        json.put("source", header.source());
        putUnlessEmpty(json, "base", header.base());
        json.put("commit", plan.commit());
        putUnlessEmpty(json, "signature", header.signature());
        json.put("digest", plan.desiredDigest()).put("hash", plan.hash());
        json.set("summary", summary(plan));
        json.put("destructive", plan.isDestructive()).put("pointOfNoReturn", plan.passesPointOfNoReturn());
        json.putArray("steps");
        plan.steps().forEach(step -> json.withArray("steps").add(step(step)));
        json.set("prune", prune(plan.prune()));
        return json;
    }

    private static ObjectNode summary(Plan plan) {
        ObjectNode numbers = JsonNodeFactory.instance.objectNode();
        for (Action action : Action.values()) {
            numbers.put(action.name().toLowerCase(Locale.ROOT), plan.count(action));
        }
        return numbers.put("prune", plan.prune().deleted())
                .put("pruneAfterApproval", plan.prune().awaitingApproval());
    }

    private static ObjectNode prune(PrunePlan prune) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("budget", prune.budget().name().toLowerCase(Locale.ROOT))
                .put("allowed", prune.allowed());
        json.putArray("objects");
        prune.items()
                .forEach(item -> json.withArray("objects")
                        .addObject()
                        .put("object", item.entry().key().toString())
                        .put("wave", item.entry().wave().toString())
                        .put("fate", camel(item.fate())));
        return json;
    }

    private static ObjectNode step(PlanStep step) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("object", step.key().toString())
                .put("wave", step.wave().toString())
                .put("action", step.action().name().toLowerCase(Locale.ROOT))
                .put("origin", step.origin().toString());
        putUnlessEmpty(json, "note", step.note());
        Diagnostic refusal = step.refusal();
        if (refusal != null) {
            json.putObject("refusal")
                    .put("code", refusal.code().name())
                    .put("message", refusal.message())
                    .put("hint", refusal.hint());
        }
        for (Risk risk : step.risks()) {
            json.withArray("risks")
                    .addObject()
                    .put("kind", camel(risk.kind()))
                    .put("text", risk.text())
                    .put("pointOfNoReturn", risk.isPointOfNoReturn());
        }
        step.releases().forEach(release -> json.withArray("releases").add(release(release)));
        step.changes().forEach(change -> json.withArray("changes").add(change(change)));
        return json;
    }

    private static ObjectNode release(ReleaseStep release) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("action", release.action().name().toLowerCase(Locale.ROOT))
                .put("application", release.application())
                .put("release", release.release())
                .put("stage", release.stage());
        putUnlessEmpty(json, "before", release.before());
        putUnlessEmpty(json, "after", release.after());
        return json;
    }

    private static ObjectNode change(FieldChange change) {
        ObjectNode field = JsonNodeFactory.instance.objectNode();
        field.put("path", change.path().toString());
        if (change.before() != null) {
            field.set("before", change.before());
        }
        if (change.after() != null) {
            field.set("after", change.after());
        }
        if (change.origin() != null) {
            field.put("origin", change.origin().toString());
        }
        putUnlessEmpty(field, "changedBy", change.changedBy());
        return field;
    }

    private static void putUnlessEmpty(ObjectNode json, String name, String value) {
        if (!value.isEmpty()) {
            json.put(name, value);
        }
    }

    /** {@code OVER_BUDGET} as {@code overBudget}. */
    static String camel(Enum<?> value) {
        StringBuilder text = new StringBuilder();
        boolean up = false;
        for (char c : value.name().toCharArray()) {
            if (c == '_') {
                up = true;
            } else {
                text.append(up ? c : Character.toLowerCase(c));
                up = false;
            }
        }
        return text.toString();
    }
}
