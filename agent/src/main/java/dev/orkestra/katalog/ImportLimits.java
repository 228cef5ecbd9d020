package dev.orkestra.katalog;

import java.time.Duration;

/**
 * How much the imports of one composition may ask for. Each limit ends it with a finding that names the limit.
 *
 * @param maxImportDepth how many imports may lead from the entry to a file; 1 is a file that the entry imports itself
 * @param maxImports files, artifacts and charts in all
 * @param maxImportBytes of all of them together
 * @param maxImportTime for fetching one of them from a network
 */
public record ImportLimits(int maxImportDepth, int maxImports, long maxImportBytes, Duration maxImportTime) {
    /**
     * A pattern's Komposer that imports a pattern, twice over; five times the largest overlay we time (200 imports);
     * the bytes that the layers of one environment may have; upstream's 30 s for a file (orkspace-katalog.md §2.2).
     */
    public static final ImportLimits DEFAULTS = new ImportLimits(5, 1_000, 64L << 20, Duration.ofSeconds(30));
}
