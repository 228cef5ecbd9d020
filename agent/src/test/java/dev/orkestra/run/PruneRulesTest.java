package dev.orkestra.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PruneRulesTest {
    private static final ConfigRepo.Prune BUDGET = new ConfigRepo.Prune(true, 20, 3);
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void deletesInReverseWaves() {
        PruneDecision decision = decide(10, 3, BUDGET, false);

        assertThat(decision.kind()).isEqualTo(PruneDecision.Kind.DELETE);
        assertThat(decision.delete()).extracting(entry -> entry.wave().number()).containsExactly(2, 1, 0);
    }

    @ParameterizedTest(name = "{1} of {0}: {2}")
    @CsvSource({
        "10, 3, DELETE",
        "10, 4, OVER_BUDGET",
        "100, 20, DELETE",
        "100, 21, OVER_BUDGET",
        "4, 3, DELETE",
        "2, 2, OVER_BUDGET",
        "0, 0, DELETE"
    })
    void asksBeforeItDeletesMuchOrAll(int size, int unwanted, PruneDecision.Kind kind) {
        PruneDecision decision = decide(size, unwanted, BUDGET, false);

        assertThat(decision.kind()).isEqualTo(kind);
        assertThat(decision.delete()).hasSize(kind == PruneDecision.Kind.DELETE ? unwanted : 0);
    }

    @Test
    void deletesMuchOnceItIsApproved() {
        assertThat(decide(10, 10, BUDGET, true).delete()).hasSize(10);
    }

    @Test
    void deletesNothingWhenSwitchedOff() {
        PruneDecision decision = decide(10, 1, new ConfigRepo.Prune(false, 20, 3), false);

        assertThat(decision.kind()).isEqualTo(PruneDecision.Kind.DISABLED);
        assertThat(decision.delete()).isEmpty();
    }

    @Test
    void asksBeforeItEmptiesAWholeLayer() {
        InventoryEntry alone = entry(new ObjectKey("", "ConfigMap", "shop", "alone"), Wave.sync(7, 7));
        Inventory inventory = inventory(10).with(Set.of(alone));

        PruneDecision decision = PruneRules.afterGood(
                inventory, keys(10, 0), Map.of(alone.key(), object(START)), BUDGET, false, _ -> true);

        assertThat(decision.kind()).isEqualTo(PruneDecision.Kind.OVER_BUDGET);
    }

    @ParameterizedTest
    @CsvSource({
        "'', Namespace",
        "'', PersistentVolume",
        "'', PersistentVolumeClaim",
        "apiextensions.k8s.io, CustomResourceDefinition"
    })
    void deletesWhatTakesOthersAlongOnlyAfterApproval(String group, String kind) {
        ObjectKey key = new ObjectKey(group, kind, "", "x");
        Inventory inventory = inventory(10).with(Set.of(entry(key, Wave.sync(0, 0))));
        Map<ObjectKey, ObjectNode> live = Map.of(key, object(START.plusSeconds(60)));

        assertThat(PruneRules.afterGood(inventory, keys(10, 0), live, BUDGET, false, _ -> true)
                        .kept())
                .extracting(PruneDecision.Kept::reason)
                .containsExactly(PruneDecision.Reason.NEEDS_APPROVAL);
        assertThat(PruneRules.afterGood(inventory, keys(10, 0), live, BUDGET, true, _ -> true)
                        .delete())
                .hasSize(1);
        assertThat(PruneRules.newSince(inventory, Set.of(key), keys(10, 0), live, START)
                        .delete())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "orkestra.dev/prune, disabled",
        "helm.sh/resource-policy, keep",
        "argocd.argoproj.io/sync-options, 'Replace=true, Prune=false'"
    })
    void keepsWhatSaysSo(String annotation, String value) {
        ObjectNode object = object(START);
        object.withObject("/metadata").putObject("annotations").put(annotation, value);
        ObjectKey key = key(0);

        PruneDecision decision =
                PruneRules.afterGood(inventory(10), keys(10, 1), Map.of(key, object), BUDGET, true, _ -> true);

        assertThat(decision.kept())
                .extracting(PruneDecision.Kept::reason)
                .containsExactly(PruneDecision.Reason.SAYS_KEEP);
    }

    @Test
    void onlyForgetsWhatIsGoneAlready() {
        PruneDecision decision = PruneRules.afterGood(inventory(10), keys(10, 1), Map.of(), BUDGET, false, _ -> true);

        assertThat(decision.delete()).isEmpty();
        assertThat(decision.forget()).extracting(InventoryEntry::key).containsExactly(key(0));
    }

    @Test
    void removesInARollbackOnlyWhatTheFailedCommitBrought() {
        Inventory inventory = inventory(4);
        Set<ObjectKey> lastGood = Set.of(key(0));
        Set<ObjectKey> failed = Set.of(key(0), key(1), key(2));
        Map<ObjectKey, ObjectNode> live = Map.of(
                key(0), object(START.minusSeconds(3600)),
                key(1), object(START.plusSeconds(5)),
                key(2), object(START.minusSeconds(3600)),
                key(3), object(START.plusSeconds(5)));

        PruneDecision decision = PruneRules.newSince(inventory, failed, lastGood, live, START);

        assertThat(decision.delete()).extracting(InventoryEntry::key).containsExactly(key(1));
        assertThat(decision.kept())
                .extracting(PruneDecision.Kept::reason)
                .containsExactly(PruneDecision.Reason.OLDER_THAN_RUN);
    }

    /** Else a list that became shorter would block all pruning: what it takes away can never go. */
    @Test
    void whatMayNotBeRemovedIsInNoBudgetAndEmptiesNoLayer() {
        InventoryEntry alone = entry(new ObjectKey("", "Secret", "n", "alone"), Wave.sync(7, 0));
        Inventory inventory = inventory(10).with(List.of(alone));
        Map<ObjectKey, ObjectNode> live = new HashMap<>(
                IntStream.range(0, 6).boxed().collect(Collectors.toMap(PruneRulesTest::key, i -> object(START))));
        live.put(alone.key(), object(START));

        PruneDecision decision = PruneRules.afterGood(
                inventory, keys(10, 6), live, BUDGET, false, key -> key.equals(key(0)) || key.equals(key(1)));

        assertThat(decision.kind()).isEqualTo(PruneDecision.Kind.DELETE);
        assertThat(decision.delete()).extracting(InventoryEntry::key).containsExactlyInAnyOrder(key(0), key(1));
        assertThat(decision.kept()).hasSize(5).allMatch(kept -> kept.reason() == PruneDecision.Reason.NOT_ALLOWED);
        assertThat(PruneRules.afterGood(inventory, keys(10, 6), live, BUDGET, true, _ -> false)
                        .delete())
                .isEmpty();
    }

    private static PruneDecision decide(int size, int unwanted, ConfigRepo.Prune policy, boolean approved) {
        Map<ObjectKey, ObjectNode> live =
                IntStream.range(0, unwanted).boxed().collect(Collectors.toMap(PruneRulesTest::key, i -> object(START)));
        return PruneRules.afterGood(inventory(size), keys(size, unwanted), live, policy, approved, _ -> true);
    }

    /** Those of {@code size} objects that are still wanted, when the first {@code unwanted} are not. */
    private static Set<ObjectKey> keys(int size, int unwanted) {
        return IntStream.range(unwanted, size).mapToObj(PruneRulesTest::key).collect(Collectors.toSet());
    }

    private static Inventory inventory(int size) {
        return Inventory.EMPTY.with(IntStream.range(0, size)
                .mapToObj(i -> entry(key(i), new Wave(0, Wave.Phase.SYNC, i)))
                .toList());
    }

    private static InventoryEntry entry(ObjectKey key, Wave wave) {
        return new InventoryEntry(key, "v1", wave, "sha256:a", "sha256:b", "u");
    }

    private static ObjectKey key(int number) {
        return new ObjectKey("", "ConfigMap", "shop", "c%03d".formatted(number));
    }

    private static ObjectNode object(Instant createdAt) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.putObject("metadata").put("creationTimestamp", createdAt.toString());
        return object;
    }
}
