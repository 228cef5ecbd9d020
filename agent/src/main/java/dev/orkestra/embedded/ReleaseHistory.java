package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The history in a HelmRelease's status, newest first, as Flux writes it. Pure; every method returns a new one. */
final class ReleaseHistory {
    private static final int MAX = 5;

    private ReleaseHistory() {}

    /** A revision that Helm made from a chart. */
    static ObjectNode entry(
            ReleaseVerb verb,
            ReleaseSpec spec,
            ChartArchive chart,
            String configDigest,
            DeployedRelease made,
            String status) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("action", verb.word())
                .put("apiVersion", "v2")
                .put("chartName", chart.name())
                .put("chartVersion", chart.version())
                .put("configDigest", configDigest)
                .put("digest", made.digest())
                .put("firstDeployed", made.firstDeployed().toString())
                .put("lastDeployed", made.lastDeployed().toString())
                .put("name", spec.name())
                .put("namespace", spec.namespace())
                .put("status", status)
                .put("version", made.revision());
    }

    /** A revision that a rollback to {@code target} made. */
    static ObjectNode rolledBack(JsonNode target, DeployedRelease made, String status) {
        ObjectNode entry = target.deepCopy();
        entry.put("action", ReleaseVerb.ROLLBACK.word());
        entry.put("digest", made.digest());
        entry.put("lastDeployed", made.lastDeployed().toString());
        entry.put("status", status);
        entry.put("version", made.revision());
        return entry;
    }

    /** {@code newest} before what was there; a revision that it takes the place of is superseded. */
    static ArrayNode with(JsonNode history, ObjectNode newest) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode().add(newest);
        boolean deployed = newest.path("status").asText().equals("deployed");
        for (JsonNode older : history) {
            if (older.path("version").asLong() < newest.path("version").asLong()
                    && all.size() < MAX
                    && older.deepCopy() instanceof ObjectNode kept) {
                if (deployed && kept.path("status").asText().equals("deployed")) {
                    kept.put("status", "superseded");
                }
                all.add(kept);
            }
        }
        return all;
    }

    /** {@code newest}, which goes back to {@code target}, before what led to it; older failures are told no more. */
    static ArrayNode backTo(JsonNode target, JsonNode history, ObjectNode newest) {
        ArrayNode since = JsonNodeFactory.instance.arrayNode();
        history.forEach(entry -> {
            if (entry.path("version").asLong() >= target.path("version").asLong()) {
                since.add(entry);
            }
        });
        return with(since, newest);
    }

    /** The newest entry changed. */
    static ArrayNode withNewest(JsonNode history, String field, JsonNode value) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (JsonNode entry : history) {
            ObjectNode copy = entry.deepCopy();
            if (all.isEmpty()) {
                copy.set(field, value);
            }
            all.add(copy);
        }
        return all;
    }
}
