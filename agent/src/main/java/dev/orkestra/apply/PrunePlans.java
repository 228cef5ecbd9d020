package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.AllowRules;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
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
public final class PrunePlans {
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

    /** What would become of the objects of {@code before} that {@code after} does not want, were they all there. */
    public static PrunePlan between(ConfigRepo repo, DesiredState before, DesiredState after) {
        Map<ObjectKey, ObjectNode> bodies =
                before.objects().stream().collect(Collectors.toMap(DesiredObject::key, DesiredObject::body));
        Inventory inventory = Inventory.EMPTY.with(before.objects().stream()
                .map(object -> InventoryEntry.intended(object.key(), object.apiVersion(), object.wave()))
                .toList());
        Set<ObjectKey> wanted = after.objects().stream().map(DesiredObject::key).collect(Collectors.toSet());
        return of(
                PruneRules.afterGood(inventory, wanted, bodies, repo.prune(), false, new AllowRules(repo)::allows),
                inventory,
                wanted,
                bodies);
    }

    private static PrunePlan.Fate fate(
            InventoryEntry entry, PruneDecision decision, Map<ObjectKey, PruneDecision.Reason> kept) {
        PruneDecision.Reason reason = kept.get(entry.key());
        if (reason == PruneDecision.Reason.SAYS_KEEP) {
            return PrunePlan.Fate.SAYS_KEEP;
        }
        if (reason == PruneDecision.Reason.NOT_ALLOWED) {
            return PrunePlan.Fate.NOT_ALLOWED;
        }
        return switch (decision.kind()) {
            case DISABLED -> PrunePlan.Fate.DISABLED;
            case DELETE -> kept.containsKey(entry.key()) ? PrunePlan.Fate.NEEDS_APPROVAL : PrunePlan.Fate.DELETE;
            case OVER_BUDGET ->
                kept.containsKey(entry.key()) ? PrunePlan.Fate.NEEDS_APPROVAL : PrunePlan.Fate.OVER_BUDGET;
        };
    }
}
