package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.drift.Drift;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DriftFieldsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final ObjectNode status = JsonNodeFactory.instance.objectNode();

    @Test
    void aFightStandsFirstAndGivesTheConditionItsReason() {
        write(START, drift(1, Drift.Reason.Changed, null), drift(2, Drift.Reason.Fight, START.plusSeconds(300)));

        assertThat(status.path("drift").path(0).path("object").asText()).isEqualTo("ConfigMap/shop/item-2");
        assertThat(status.path("drift").path(0).path("until").asText()).isEqualTo("2026-01-01T00:05:00Z");
        assertThat(condition("reason")).isEqualTo("DriftFight");
        assertThat(condition("message")).endsWith("; and 1 more, see status.drift");
    }

    @Test
    void theListIsBoundedAndTheMessageCountsAll() {
        write(
                START,
                IntStream.range(0, 25)
                        .mapToObj(number -> drift(number, Drift.Reason.Gone, null))
                        .toArray(Drift[]::new));

        assertThat(status.path("drift")).hasSize(20);
        assertThat(condition("message")).contains("and 24 more");
    }

    @Test
    void whatIsThereAlreadyKeepsItsTimeAlsoAfterARestart() {
        write(START, drift(1, Drift.Reason.Changed, null));
        ObjectNode before = status.deepCopy();

        write(
                START.plusSeconds(60),
                new Drift(
                        key(1), Drift.Reason.Changed, "m", List.of("data.a"), "kubectl", START.plusSeconds(60), null));

        assertThat(status).isEqualTo(before);
    }

    @Test
    void nothingIsLeftWhenItIsGone() {
        write(START, drift(1, Drift.Reason.Changed, null));
        write(START);

        assertThat(status.has("drift")).isFalse();
        assertThat(Conditions.find(repo(), "Drifted")).isEmpty();
    }

    @Test
    void onlyWhatTheStatusDoesNotTellYetIsNews() {
        write(START, drift(1, Drift.Reason.Changed, null));

        assertThat(DriftFields.news(
                        repo(),
                        List.of(
                                drift(1, Drift.Reason.Changed, null),
                                drift(2, Drift.Reason.Changed, null),
                                drift(1, Drift.Reason.Fight, START))))
                .extracting(drift -> drift.object().name() + " " + drift.reason())
                .containsExactly("item-1 Fight", "item-2 Changed");
    }

    @Test
    void whatMayNotBeWatchedIsSaid() {
        DriftFields.write(status, List.of(), List.of("Secret in namespace shop: no"), 1, InstantSource.fixed(START));

        assertThat(condition("status")).isEqualTo("Unknown");
        assertThat(condition("message")).contains("Secret in namespace shop", "grant");
    }

    private ObjectNode repo() {
        ObjectNode repo = JsonNodeFactory.instance.objectNode();
        repo.set("status", status);
        return repo;
    }

    private String condition(String field) {
        return Conditions.find(repo(), "Drifted").orElseThrow().path(field).asText();
    }

    private void write(Instant now, Drift... present) {
        DriftFields.write(status, List.of(present), List.of(), 1, InstantSource.fixed(now));
    }

    private static Drift drift(int number, Drift.Reason reason, @Nullable Instant until) {
        return new Drift(key(number), reason, "m", List.of("data.a"), "kubectl", START, until);
    }

    private static ObjectKey key(int number) {
        return new ObjectKey("", "ConfigMap", "shop", "item-" + number);
    }
}
