package dev.orkestra.run;

/** Which state a wave belongs to. Both go through the same code path (DESIGN.md §4.12). */
public enum Direction {
    /** The run's own commit. */
    FORWARD,
    /** Last-good. */
    ROLLBACK
}
