package dev.orkestra.katalog;

import dev.orkestra.document.Node;

/**
 * Counts what includes, Motifs and the heads of Katalogs add. A small file can be put in very many places, and the
 * composed Katalog would then be far larger than all that was read. A long text counts as several values.
 */
final class Growth {
    /** Characters that count as one value: a key or value has some 30 in the Katalogs that we know. */
    private static final int CHARACTERS = 64;

    private long left;

    /**
     * Counts down from {@code most}.
     *
     * @param most keys and values in all
     */
    Growth(int most) {
        this.left = most;
    }

    /** Whether {@code part} still fits in; counts no further than that. */
    boolean takes(Node part) {
        if (left >= 0) {
            take(part);
        }
        return left >= 0;
    }

    /** Whether a text of {@code length} characters still fits in. */
    boolean takesText(int length) {
        left -= 1 + length / CHARACTERS;
        return left >= 0;
    }

    private void take(Node node) {
        left--;
        switch (node) {
            case Node.MapNode map -> {
                for (Node.Entry entry : map.entries().values()) {
                    if (left < 0) {
                        return;
                    }
                    left--;
                    take(entry.value());
                }
            }
            case Node.ListNode list -> {
                for (Node item : list.items()) {
                    if (left < 0) {
                        return;
                    }
                    take(item);
                }
            }
            case Node.ScalarNode(Object value, var _) ->
                left -= value instanceof String text ? text.length() / CHARACTERS : 0;
        }
    }
}
