package dev.orkestra.document;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;

/**
 * How much one file may ask of the reader. Every limit ends the reading of the file with a finding that names it.
 *
 * @param maxBytes size of the file in bytes; with the fixed length of a line ({@link TextDecoder#LONGEST_LINE}) this
 *     bounds the time
 * @param maxDepth nesting of mappings and lists, aliases counted as if written out; at most {@link #DEEPEST}, since the
 *     tree is walked by recursion
 * @param maxAliases uses of an anchor ({@code *name}) in the file
 * @param maxDocuments documents in the file, empty ones included
 * @param maxNodes keys and values in the file, aliases counted as if written out: this is what stops a file that
 *     unfolds into billions of values
 * @see LimitHints
 */
public record Limits(int maxBytes, int maxDepth, int maxAliases, int maxDocuments, int maxNodes) {
    /**
     * Twice the largest object that a Kubernetes API server takes (1.5 MiB), rounded up, for one file; 100 levels, four
     * times what the deepest CRD schemas use; SnakeYAML's own limit of 50 aliases, times four, since it counts
     * collections only.
     */
    public static final Limits DEFAULTS = new Limits(4 << 20, 100, 200, 2_000, 500_000);

    /** Levels that recursion over a tree bears on a virtual thread's or the main thread's stack (LimitsTest). */
    public static final int DEEPEST = 1_000;

    /** A file is held in memory some ten times over while it is read; who raises maxBytes raises the heap with it. */
    public static final int LARGEST = 256 << 20;

    public Limits {
        if (maxBytes < 1 || maxDepth < 1 || maxAliases < 0 || maxDocuments < 1 || maxNodes < 1) {
            throw new IllegalArgumentException("limits are positive");
        }
        if (maxDepth > DEEPEST) {
            throw new IllegalArgumentException("more than 1,000 levels could overflow the stack: " + maxDepth);
        }
    }

    /**
     * What is said of a file over maxBytes.
     *
     * @param size its bytes as far as they are known; the files of some file systems hold more than they say
     */
    public Diagnostic tooLarge(String file, long size) {
        String holds = size > maxBytes
                ? "the file has " + size + " bytes; at most " + maxBytes + " are read"
                : "the file has more than the " + maxBytes + " bytes that are read";
        return Diagnostic.error(
                ErrorCode.TooLarge,
                holds + " (limit maxBytes)",
                Position.startOf(file),
                "split it, keep data that is not configuration elsewhere, or " + LimitHints.raise("maxBytes"));
    }
}
