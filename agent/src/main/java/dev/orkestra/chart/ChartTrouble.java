package dev.orkestra.chart;

/** A chart cannot be had or used. Whoever asked for it turns this into a finding. */
public final class ChartTrouble extends Exception {
    private static final long serialVersionUID = 1L;

    /** What kind of trouble it is, for those who have more to say about it. */
    public enum Kind {
        /** The server gave no answer, or none that says anything about the chart. */
        UNREACHABLE,
        /** It did not answer in full in time. */
        TOO_SLOW,
        /** The server wants other credentials. */
        REFUSED,
        /** An answer or an archive over a limit. */
        TOO_LARGE,
        /** The repository has no such chart or version. */
        ABSENT,
        /** All else. */
        WRONG
    }

    private final Kind kind;
    private final String hint;

    /** @param hint what to do about it */
    public ChartTrouble(String message, String hint) {
        this(Kind.WRONG, message, hint);
    }

    /** @param hint what to do about it */
    public ChartTrouble(Kind kind, String message, String hint) {
        super(message);
        this.kind = kind;
        this.hint = hint;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the server gave no answer, or none that says anything about the chart. */
    public boolean isUnreachable() {
        return kind == Kind.UNREACHABLE || kind == Kind.TOO_SLOW;
    }

    public String hint() {
        return hint;
    }

    /** The same trouble with the words of who knows where it can be mended. */
    public ChartTrouble withHint(String better) {
        return new ChartTrouble(kind, String.valueOf(getMessage()), better);
    }
}
