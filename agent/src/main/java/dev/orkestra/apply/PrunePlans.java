package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.plan.PrunePlan;
import dev.orkestra.run.PruneDecision;
import dev.orkestra.run.PruneRules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts what the prune rules decide into a plan. */
final class PrunePlans {
    private PrunePlans() {}

    /** @param decision what {@link PruneRules#afterGood} said of the other three, with nothing approved */
    static PrunePlan of(
            PruneDecision decision, Inventory inventory, Set<ObjectKey> wanted, Map<ObjectKey, ObjectNode> live) {
        Map<ObjectKey, PruneDecision.Reason> kept = decision.kept().stream()
                .collect(Collectors.toMap(each -> each.entry().key(), PruneDecision.Kept::reason));
        List<PrunePlan.Item> items = PruneRules.unwanted(inventory, wanted).stream()
                .filter(entry -> live.containsKey(entry.key()))
                .map(entry -> new PrunePlan.Item(entry, fate(entry, decision, kept)))
                .toList();
        PrunePlan.Budget budget = switch (decision.kind()) {
            case DELETE -> PrunePlan.Budget.WITHIN;
            case OVER_BUDGET -> PrunePlan.Budget.OVER;
            case DISABLED -> PrunePlan.Budget.DISABLED;
        };
        return new PrunePlan(budget, decision.allowed(), items);
    }

    private static PrunePlan.Fate fate(
            InventoryEntry entry, PruneDecision decision, Map<ObjectKey, PruneDecision.Reason> kept) {
        if (kept.get(entry.key()) == PruneDecision.Reason.SAYS_KEEP) {
            return PrunePlan.Fate.SAYS_KEEP;
        }
        return switch (decision.kind()) {
            case DISABLED -> PrunePlan.Fate.DISABLED;
            case DELETE -> kept.containsKey(entry.key()) ? PrunePlan.Fate.NEEDS_APPROVAL : PrunePlan.Fate.DELETE;
            case OVER_BUDGET ->
                kept.containsKey(entry.key()) ? PrunePlan.Fate.NEEDS_APPROVAL : PrunePlan.Fate.OVER_BUDGET;
        };
    }
}
