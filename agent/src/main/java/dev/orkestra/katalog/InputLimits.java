package dev.orkestra.katalog;

import dev.orkestra.document.Limits;

/**
 * All limits that people can set with {@code --limit}, which is one record because they travel together.
 *
 * @param file for each file
 * @param imports for all imports of one composition together
 */
public record InputLimits(Limits file, ImportLimits imports) {
    public static final InputLimits DEFAULTS = new InputLimits(Limits.DEFAULTS, ImportLimits.DEFAULTS);
}
