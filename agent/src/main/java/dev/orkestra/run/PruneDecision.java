package dev.orkestra.run;

import dev.orkestra.desired.AllowRules;
import dev.orkestra.plan.InventoryEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * What may be deleted.
 *
 * @param kind whether anything is
 * @param delete what to delete, in this order; objects of one wave together. Empty unless {@code kind} is DELETE
 * @param forget entries whose object is not there any more: to be taken out of the inventory only
 * @param kept objects that nobody wants but that stay, and why; they stay in the inventory
 * @param allowed how many objects the budget allows
 * @param unwanted how many would have been deleted
 */
public record PruneDecision(
        Kind kind,
        List<InventoryEntry> delete,
        List<InventoryEntry> forget,
        List<Kept> kept,
        int allowed,
        int unwanted) {
    /** Whether anything is deleted. */
    public enum Kind {
        DELETE,
        /** More than the budget: approval is awaited, and nothing is deleted. */
        OVER_BUDGET,
        /** Pruning is switched off. */
        DISABLED
    }

    /** Why an object stays. */
    public enum Reason {
        /** Namespace, CRD, PV and PVC are deleted only after approval: what hangs on them would go with them. */
        NEEDS_APPROVAL,
        /** It says so itself: {@code orkestra.dev/prune: disabled} and its relatives. */
        SAYS_KEEP,
        /** It was there before the run that failed. */
        OLDER_THAN_RUN,
        /** {@code spec.allow} does not list it any more: what may not be applied may not be deleted either. */
        NOT_ALLOWED
    }

    /** An object that stays. */
    public record Kept(InventoryEntry entry, Reason reason) {}

    public PruneDecision {
        delete = List.copyOf(delete);
        forget = List.copyOf(forget);
        kept = List.copyOf(kept);
    }

    /** The same, but what {@code allow} does not allow stays. */
    public PruneDecision within(AllowRules allow) {
        List<InventoryEntry> deleted = new ArrayList<>();
        List<Kept> stays = new ArrayList<>(kept);
        for (InventoryEntry entry : delete) {
            if (allow.allows(entry.key())) {
                deleted.add(entry);
            } else {
                stays.add(new Kept(entry, Reason.NOT_ALLOWED));
            }
        }
        return new PruneDecision(kind, deleted, forget, stays, allowed, unwanted);
    }
}
