package dev.orkestra.plan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.outcome.Diagnostic;
import java.util.Locale;

/** A plan for programs. Values of Secrets are masked in the plan already. */
public final class PlanJson {
    private PlanJson() {}

    /** The numbers alone: {@code status.plan} of a ConfigRun (DESIGN.md §7). */
    public static ObjectNode summary(Plan plan) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("hash", plan.hash())
                .put("create", plan.count(Action.CREATE))
                .put("update", plan.count(Action.UPDATE))
                .put("replace", 0)
                .put("prune", plan.prune().size())
                .put("unchanged", plan.count(Action.UNCHANGED));
    }

    /** All of it. Absent values are left out. */
    public static ObjectNode full(Plan plan) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("commit", plan.commit()).put("digest", plan.desiredDigest());
        json.set(
                "summary",
                summary(plan).put("deferred", plan.count(Action.DEFERRED)).put("refused", plan.count(Action.REFUSED)));
        json.putArray("steps");
        plan.steps().forEach(step -> json.withArray("steps").add(step(step)));
        json.putArray("prune");
        plan.prune()
                .forEach(entry -> json.withArray("prune")
                        .addObject()
                        .put("object", entry.key().toString())
                        .put("wave", entry.wave().toString()));
        return json;
    }

    private static ObjectNode step(PlanStep step) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("object", step.key().toString())
                .put("wave", step.wave().toString())
                .put("action", step.action().name().toLowerCase(Locale.ROOT))
                .put("origin", step.origin().toString());
        if (!step.note().isEmpty()) {
            json.put("note", step.note());
        }
        Diagnostic refusal = step.refusal();
        if (refusal != null) {
            json.putObject("refusal")
                    .put("code", refusal.code().name())
                    .put("message", refusal.message())
                    .put("hint", refusal.hint());
        }
        for (FieldChange change : step.changes()) {
            ObjectNode field = json.withArray("changes").addObject();
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
        }
        return json;
    }
}
