package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.ObjectKey;
import java.util.List;

/**
 * What a plan is known by (ADR 0016): what is wanted, what is done to what, and how what is there looked, as far as we
 * own it; with the risks and releases that people were shown. Not over resourceVersions: a status moves them every few
 * seconds, and a plan that somebody approves must not be stale for that. Nor over notes, commits and places in files.
 */
final class PlanHash {
    private final Situation situation;

    private PlanHash(Situation situation) {
        this.situation = situation;
    }

    /** The hash of a plan with {@code steps} and {@code prune} in {@code situation}. */
    static String of(Situation situation, List<PlanStep> steps, PrunePlan prune) {
        return new PlanHash(situation).of(steps, prune);
    }

    private String of(List<PlanStep> steps, PrunePlan prune) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        all.add(situation.repo().label()).add(situation.desired().digest());
        for (PlanStep step : steps) {
            if (step.action() != Action.UNCHANGED) {
                all.add(step(step));
            }
        }
        all.add(prune.budget().name());
        prune.items().stream()
                .filter(item -> item.fate().isChange())
                .forEach(item -> all.addObject()
                        .put("object", item.entry().key().toString())
                        .put("action", item.fate().name())
                        .set("seen", seen(item.entry().key())));
        return CanonicalJson.digest(all);
    }

    private ObjectNode step(PlanStep step) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("object", step.key().toString()).put("action", step.action().name());
        entry.set("seen", seen(step.key()));
        for (FieldChange change : step.changes()) {
            entry.withArray("changes")
                    .addObject()
                    .put("path", change.path().toString())
                    .<ObjectNode>set("before", change.before())
                    .set("after", change.after());
        }
        for (Risk risk : step.risks()) {
            entry.withArray("risks").addObject().put("kind", risk.kind().name()).put("text", risk.text());
        }
        for (ReleaseStep release : step.releases()) {
            entry.withArray("releases")
                    .addObject()
                    .put("action", release.action().name())
                    .put("release", release.release())
                    .put("before", release.before())
                    .put("after", release.after())
                    .put("stage", release.stage());
        }
        return entry;
    }

    /**
     * How the object looked. A Secret by its resourceVersion, which nothing moves but a change: a digest of what it
     * holds, in a hash that everybody may read, would let people try passwords.
     */
    private JsonNode seen(ObjectKey key) {
        ObjectNode present = situation.live(key);
        ObjectNode seen = JsonNodeFactory.instance.objectNode();
        if (present != null) {
            JsonNode metadata = present.path("metadata");
            seen.put("uid", metadata.path("uid").asText(""));
            if (SecretMask.isSecret(key)) {
                seen.put("version", metadata.path("resourceVersion").asText(""));
            } else {
                seen.put("owned", OwnedFields.digest(present, OwnedFields.MANAGER, situation.ignored(key)));
            }
        }
        return seen;
    }
}
