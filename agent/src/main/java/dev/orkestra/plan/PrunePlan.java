package dev.orkestra.plan;

import java.util.List;

/**
 * What becomes of the objects that the inventory holds, the cluster has, and the commit does not want.
 *
 * @param budget what the budget says of them all
 * @param allowed how many objects the budget allows to delete without approval
 * @param items each object, in the order of deletion: last wave first
 */
public record PrunePlan(Budget budget, int allowed, List<Item> items) {
    /** Nobody wants to delete anything. */
    public static final PrunePlan NOTHING = new PrunePlan(Budget.WITHIN, 0, List.of());

    /** The inventory could not be read, so nothing is known. */
    public static final PrunePlan UNKNOWN = new PrunePlan(Budget.UNKNOWN, 0, List.of());

    /** What the budget says. */
    public enum Budget {
        WITHIN,
        /** More than it allows, or a whole layer: nothing is deleted without approval. */
        OVER,
        /** Pruning is switched off. */
        DISABLED,
        /** Whoever made the plan may not read the inventory. */
        UNKNOWN
    }

    /** What becomes of an object. */
    public enum Fate {
        DELETE,
        /** Deleted once somebody approves what is over the budget. */
        OVER_BUDGET,
        /** Its kind is deleted only after approval. */
        NEEDS_APPROVAL,
        /** It stays, as it says itself. */
        SAYS_KEEP,
        /** It stays: {@code spec.allow} does not list it any more, and what may not be applied may not be removed. */
        NOT_ALLOWED,
        /** It stays, because pruning is switched off. */
        DISABLED;

        /** Whether it goes, or would go with approval. */
        public boolean isChange() {
            return this == DELETE || awaitsApproval();
        }

        public boolean awaitsApproval() {
            return this == OVER_BUDGET || this == NEEDS_APPROVAL;
        }
    }

    /** One object and what becomes of it. */
    public record Item(InventoryEntry entry, Fate fate) {}

    public PrunePlan {
        items = List.copyOf(items);
    }

    /** How many objects are deleted without anybody's approval. */
    public int deleted() {
        return (int) items.stream().filter(item -> item.fate() == Fate.DELETE).count();
    }

    /** How many are deleted only after approval. */
    public int awaitingApproval() {
        return (int) items.stream().filter(item -> item.fate().awaitsApproval()).count();
    }

    /** Whether nothing goes, with approval or without. */
    public boolean changesNothing() {
        return items.stream().noneMatch(item -> item.fate().isChange());
    }
}
