package dev.orkestra.katalog;

import dev.orkestra.document.Node;

/**
 * Counts what includes and Motifs add. A small file can be put in very many places, and the composed Katalog would then
 * be far larger than all that was read.
 */
final class Growth {
    private int left;

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
            case Node.ScalarNode _ -> {
                // Counted above.
            }
        }
    }
}
