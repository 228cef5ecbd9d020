package dev.orkestra.release;

/** A chart cannot be had or used. Stays inside this package: {@link ChartStore} turns it into a finding. */
final class ChartTrouble extends Exception {
    private static final long serialVersionUID = 1L;

    private final String hint;
    private final boolean unreachable;

    /** @param hint what to do about it */
    ChartTrouble(String message, String hint) {
        this(message, hint, false);
    }

    private ChartTrouble(String message, String hint, boolean unreachable) {
        super(message);
        this.hint = hint;
        this.unreachable = unreachable;
    }

    /** The server gave no answer, or none that says anything about the chart. */
    static ChartTrouble unreachable(String message, String hint) {
        return new ChartTrouble(message, hint, true);
    }

    boolean isUnreachable() {
        return unreachable;
    }

    String hint() {
        return hint;
    }
}
