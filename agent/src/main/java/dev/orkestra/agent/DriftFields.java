package dev.orkestra.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.drift.Drift;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;

/** {@code status.drift} and the condition Drifted of a ConfigRepo. */
final class DriftFields {
    static final String CONDITION = "Drifted";
    /** A status is read by people, and must stay small. */
    private static final int MOST = 20;

    private static final int MOST_EVENTS = 10;
    private static final Comparator<Drift> FIGHTS_FIRST = Comparator.comparing(
                    (Drift drift) -> drift.reason() != Drift.Reason.Fight)
            .thenComparing(Drift::object);

    private DriftFields() {}

    static void write(
            ObjectNode status, List<Drift> present, List<String> unwatched, long generation, InstantSource clock) {
        JsonNode before = status.path("drift");
        if (present.isEmpty()) {
            status.remove("drift");
        } else {
            ArrayNode entries = JsonNodeFactory.instance.arrayNode();
            present.stream().sorted(FIGHTS_FIRST).limit(MOST).forEach(drift -> entries.add(entry(drift, before)));
            status.set("drift", entries);
        }
        if (present.isEmpty() && unwatched.isEmpty()) {
            clear(status);
            return;
        }
        String reason = present.isEmpty()
                ? "Unwatched"
                : event(present.stream().min(FIGHTS_FIRST).orElseThrow());
        Conditions.set(
                status,
                CONDITION,
                present.isEmpty() ? "Unknown" : "True",
                reason,
                message(present, unwatched),
                generation,
                clock.instant());
    }

    static void clear(ObjectNode status) {
        status.remove("drift");
        Conditions.remove(status, CONDITION);
    }

    private static ObjectNode entry(Drift drift, JsonNode before) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("object", drift.object().toString())
                .put("reason", drift.reason().name())
                .put("message", drift.message());
        if (!drift.fields().isEmpty()) {
            drift.fields().forEach(entry.putArray("fields")::add);
        }
        if (!drift.manager().isEmpty()) {
            entry.put("manager", drift.manager());
        }
        String since = seconds(drift.since());
        for (JsonNode known : before) {
            if (isSame(known, drift)) {
                since = known.path("since").asText(since);
            }
        }
        entry.put("since", since);
        Instant until = drift.until();
        if (until != null) {
            entry.put("until", seconds(until));
        }
        return entry;
    }

    private static boolean isSame(JsonNode known, Drift drift) {
        return known.path("object").asText().equals(drift.object().toString())
                && known.path("reason").asText().equals(drift.reason().name());
    }

    private static String seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String message(List<Drift> present, List<String> unwatched) {
        String blind = unwatched.isEmpty()
                ? ""
                : "looked at once a minute only, since it may not be watched: " + String.join("; ", unwatched)
                        + " (grant the service account list and watch)";
        if (present.isEmpty()) {
            return blind;
        }
        Drift first = present.stream().min(FIGHTS_FIRST).orElseThrow();
        return first.object() + ": " + first.message()
                + (present.size() > 1 ? "; and " + (present.size() - 1) + " more, see status.drift" : "")
                + (blind.isEmpty() ? "" : "; " + blind);
    }

    /** The reason of an event and of the condition. */
    static String event(Drift drift) {
        return drift.reason() == Drift.Reason.Fight ? "DriftFight" : "DriftDetected";
    }

    /** What {@code before}, a ConfigRepo, does not tell of yet. */
    static List<Drift> news(ObjectNode before, List<Drift> present) {
        JsonNode known = before.path("status").path("drift");
        return present.stream()
                .sorted(FIGHTS_FIRST)
                .limit(MOST_EVENTS)
                .filter(drift -> !isKnown(known, drift))
                .toList();
    }

    private static boolean isKnown(JsonNode known, Drift drift) {
        for (JsonNode entry : known) {
            if (isSame(entry, drift)) {
                return true;
            }
        }
        return false;
    }
}
