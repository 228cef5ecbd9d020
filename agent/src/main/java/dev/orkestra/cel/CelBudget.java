package dev.orkestra.cel;

/**
 * How much evaluating may cost, over any number of expressions. A unit is one step or ten characters, about as the
 * API server counts; a million take a fraction of a second. Not safe for use from many threads.
 */
public final class CelBudget {
    /** What one expression may cost, as for the API server. */
    public static final long ONE_EXPRESSION = 1_000_000;

    /** What all expressions over one document may cost: a third of the API server's, which has whole machines. */
    public static final long ONE_DOCUMENT = 3_000_000;

    private long left;

    public CelBudget(long units) {
        this.left = units;
    }

    /** Whether nothing more can be evaluated. */
    public boolean isSpent() {
        return left <= 0;
    }

    long left() {
        return left;
    }

    void spend(long units) {
        left = units >= left ? 0 : left - units;
    }
}
