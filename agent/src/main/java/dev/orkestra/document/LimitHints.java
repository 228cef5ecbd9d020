package dev.orkestra.document;

/** How people raise a limit: the same words in every finding that names one. */
public final class LimitHints {
    private LimitHints() {}

    /** The end of a hint, for the limit that {@code ork --limit} calls {@code name}. */
    public static String raise(String name) {
        return "raise the limit with --limit " + name + "=…; the agent takes the same option";
    }
}
