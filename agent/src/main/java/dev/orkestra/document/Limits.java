package dev.orkestra.document;

/**
 * How much one file may ask of the reader. Every limit ends the reading of the file with a finding that names it.
 *
 * @param maxBytes size of the file in bytes; SnakeYAML takes time with the square of the longest run without a blank,
 *     seconds for one of 4 MiB, so that this is the limit that bounds time
 * @param maxDepth nesting of mappings and lists, aliases counted as if written out; at most 1,000, since the tree is
 *     walked by recursion
 * @param maxAliases uses of an anchor ({@code *name}) in the file
 * @param maxDocuments documents in the file, empty ones included
 * @param maxNodes keys and values in the file, aliases counted as if written out: this is what stops a file that
 *     unfolds into billions of values
 */
public record Limits(int maxBytes, int maxDepth, int maxAliases, int maxDocuments, int maxNodes) {
    /**
     * Twice the largest object that a Kubernetes API server takes (1.5 MiB), rounded up, for one file; 100 levels, four
     * times what the deepest CRD schemas use; SnakeYAML's own limit of 50 aliases, times four, since it counts
     * collections only.
     */
    public static final Limits DEFAULTS = new Limits(4 << 20, 100, 200, 2_000, 500_000);

    public Limits {
        if (maxBytes < 1 || maxDepth < 1 || maxAliases < 0 || maxDocuments < 1 || maxNodes < 1) {
            throw new IllegalArgumentException("limits are positive");
        }
        if (maxDepth > 1_000) {
            throw new IllegalArgumentException("more than 1,000 levels could overflow the stack: " + maxDepth);
        }
    }
}
