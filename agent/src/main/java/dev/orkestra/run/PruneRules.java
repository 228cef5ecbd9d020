package dev.orkestra.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What may be deleted, after a good run and in a rollback (DESIGN.md §4.10, §4.12). Used in two steps: ask for the
 * candidates, read their live objects, then decide.
 */
public final class PruneRules {
    /** Last wave first; inside a wave by key, so that two runs do the same. */
    private static final Comparator<InventoryEntry> REVERSE =
            Comparator.comparing(InventoryEntry::wave).reversed().thenComparing(InventoryEntry::key);

    private PruneRules() {}

    /** What the inventory holds and {@code wanted} does not name, in the order of deletion. */
    public static List<InventoryEntry> unwanted(Inventory inventory, Set<ObjectKey> wanted) {
        return inventory.entries().values().stream()
                .filter(entry -> !wanted.contains(entry.key()))
                .sorted(REVERSE)
                .toList();
    }

    /** What the failed commit wants and last-good does not, as far as the inventory holds it. */
    public static List<InventoryEntry> brought(Inventory inventory, Set<ObjectKey> failed, Set<ObjectKey> lastGood) {
        return unwanted(inventory, lastGood).stream()
                .filter(entry -> failed.contains(entry.key()))
                .toList();
    }

    /**
     * After a good run: everything unwanted, within the budget.
     *
     * @param live the live objects of {@link #unwanted}, as far as they are there
     * @param approved whether somebody has approved what is beyond the budget, or must be approved one by one
     * @param isAllowed whether {@code spec.allow} lets an object be removed; what stays for it is in no budget
     */
    public static PruneDecision afterGood(
            Inventory inventory,
            Set<ObjectKey> wanted,
            Map<ObjectKey, ObjectNode> live,
            ConfigRepo.Prune policy,
            boolean approved,
            Predicate<ObjectKey> isAllowed) {
        List<InventoryEntry> candidates = unwanted(inventory, wanted);
        PruneDecision sorted = sort(
                candidates,
                live,
                (entry, object) -> isAllowed.test(entry.key())
                        ? keepReason(entry, object, approved)
                        : Optional.of(PruneDecision.Reason.NOT_ALLOWED));
        // Only what is really there counts, so that a prune that was killed half-way decides the same again.
        Inventory there = inventory.without(
                sorted.forget().stream().map(InventoryEntry::key).toList());
        int allowed = Math.max(policy.minObjects(), there.size() * policy.maxPercent() / 100);
        int count = sorted.delete().size();
        PruneDecision.Kind kind = PruneDecision.Kind.DELETE;
        if (!policy.enabled()) {
            kind = PruneDecision.Kind.DISABLED;
        } else if (!approved && count > 0 && (count > allowed || emptiesALayer(there, wanted, sorted.delete()))) {
            kind = PruneDecision.Kind.OVER_BUDGET;
        }
        List<InventoryEntry> delete = kind == PruneDecision.Kind.DELETE ? sorted.delete() : List.of();
        return new PruneDecision(kind, delete, sorted.forget(), sorted.kept(), allowed, count);
    }

    /**
     * In a rollback: what the failed commit brought. There is no budget, as this only undoes what the run did; for the
     * same reason an object that is older than the run stays. Kinds that need approval always stay.
     *
     * @param live the live objects of {@link #brought}, as far as they are there
     */
    public static PruneDecision newSince(
            Inventory inventory,
            Set<ObjectKey> failed,
            Set<ObjectKey> lastGood,
            Map<ObjectKey, ObjectNode> live,
            Instant runStartedAt) {
        PruneDecision sorted = sort(brought(inventory, failed, lastGood), live, (entry, object) -> {
            Optional<PruneDecision.Reason> reason = keepReason(entry, object, false);
            return reason.isEmpty() && isOlder(object, runStartedAt)
                    ? Optional.of(PruneDecision.Reason.OLDER_THAN_RUN)
                    : reason;
        });
        int count = sorted.delete().size();
        return new PruneDecision(
                PruneDecision.Kind.DELETE, sorted.delete(), sorted.forget(), sorted.kept(), count, count);
    }

    /** When a ConfigRepo is deleted with its objects: all but what stays without anybody's approval. */
    public static PruneDecision everything(Inventory inventory, Map<ObjectKey, ObjectNode> live) {
        return sort(unwanted(inventory, Set.of()), live, (entry, object) -> keepReason(entry, object, false));
    }

    private static PruneDecision sort(
            List<InventoryEntry> candidates,
            Map<ObjectKey, ObjectNode> live,
            BiFunction<InventoryEntry, ObjectNode, Optional<PruneDecision.Reason>> keep) {
        List<InventoryEntry> delete = new ArrayList<>();
        List<InventoryEntry> forget = new ArrayList<>();
        List<PruneDecision.Kept> kept = new ArrayList<>();
        for (InventoryEntry entry : candidates) {
            ObjectNode object = live.get(entry.key());
            if (object == null) {
                forget.add(entry);
                continue;
            }
            keep.apply(entry, object)
                    .ifPresentOrElse(
                            reason -> kept.add(new PruneDecision.Kept(entry, reason)), () -> delete.add(entry));
        }
        return new PruneDecision(PruneDecision.Kind.DELETE, delete, forget, kept, 0, delete.size());
    }

    private static Optional<PruneDecision.Reason> keepReason(
            InventoryEntry entry, ObjectNode object, boolean approved) {
        if (saysKeep(object.path("metadata").path("annotations"))) {
            return Optional.of(PruneDecision.Reason.SAYS_KEEP);
        }
        return !approved && needsApproval(entry.key())
                ? Optional.of(PruneDecision.Reason.NEEDS_APPROVAL)
                : Optional.empty();
    }

    /** Kinds whose deletion takes other things with it that Git can't bring back. */
    static boolean needsApproval(ObjectKey key) {
        return switch (key.group()) {
            case "" ->
                Set.of("Namespace", "PersistentVolume", "PersistentVolumeClaim").contains(key.kind());
            case "apiextensions.k8s.io" -> key.kind().equals("CustomResourceDefinition");
            default -> false;
        };
    }

    private static boolean saysKeep(JsonNode annotations) {
        return annotations.path("orkestra.dev/prune").asText().equals("disabled")
                || annotations.path("helm.sh/resource-policy").asText().equals("keep")
                || Arrays.stream(annotations
                                .path("argocd.argoproj.io/sync-options")
                                .asText()
                                .split(",", -1))
                        .anyMatch(option -> option.strip().equals("Prune=false"));
    }

    private static boolean isOlder(ObjectNode object, Instant runStartedAt) {
        String created = object.path("metadata").path("creationTimestamp").asText();
        try {
            // The API server counts whole seconds, so an object of the run's first second may read as older.
            return OffsetDateTime.parse(created).toInstant().isBefore(runStartedAt.minusSeconds(1));
        } catch (DateTimeParseException e) {
            return true;
        }
    }

    /** A layer of which nothing is wanted any more is more likely a renamed path than a wish (DESIGN.md §4.10). */
    private static boolean emptiesALayer(Inventory inventory, Set<ObjectKey> wanted, List<InventoryEntry> delete) {
        Set<Integer> touched =
                delete.stream().map(entry -> entry.wave().layer()).collect(Collectors.toSet());
        Map<Integer, Long> stillWanted = inventory.entries().values().stream()
                .filter(entry -> touched.contains(entry.wave().layer()))
                .collect(Collectors.groupingBy(
                        entry -> entry.wave().layer(),
                        Collectors.filtering(entry -> wanted.contains(entry.key()), Collectors.counting())));
        return stillWanted.containsValue(0L);
    }
}
