package dev.orkestra.template;

/**
 * How a function is called.
 *
 * @param domain what it is about: a word such as {@code strings}
 * @param usage its arguments by name, such as {@code text old new}; empty without any, or when they are not known
 * @param maxArgs {@link #UNBOUNDED} when there may be any number
 * @param description what it gives; empty for a function that is not built in
 */
public record Signature(String name, String domain, String usage, int minArgs, int maxArgs, String description) {
    /** Any number of arguments. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    /** A note that a Katalog declares. Its expression sees whatever it is given, so that any number may be right. */
    public static Signature note(String name) {
        return new Signature(name, "notes", "", 0, UNBOUNDED, "");
    }

    /** A sentinel: a word that is true or false. */
    public static Signature sentinel(String name) {
        return new Signature(name, "sentinels", "", 0, 0, "");
    }

    /** Whether it can be called with so many arguments, the value before '|' counted. */
    public boolean takes(int arguments) {
        return minArgs <= arguments && arguments <= maxArgs;
    }

    /** How many arguments it takes, in words. */
    public String arguments() {
        if (maxArgs == UNBOUNDED) {
            return minArgs == 0 ? "any number of arguments" : "at least " + count(minArgs);
        }
        return minArgs == maxArgs ? count(minArgs) : minArgs + " to " + count(maxArgs);
    }

    /** The call, such as {@code replace text old new}. */
    public String call() {
        return usage.isEmpty() ? name : name + " " + usage;
    }

    private static String count(int arguments) {
        return switch (arguments) {
            case 0 -> "no arguments";
            case 1 -> "1 argument";
            default -> arguments + " arguments";
        };
    }
}
