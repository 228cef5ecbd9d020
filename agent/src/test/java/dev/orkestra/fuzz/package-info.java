/**
 * Any bytes in, a broken promise out. Each {@code …Target} has the entry point that Jazzer looks for and knows nothing
 * of Jazzer, so that every build replays the corpus without it and without its instrumentation.
 *
 * <p>Never does: random choices of its own; what an input does is the same each time.
 */
@NullMarked
package dev.orkestra.fuzz;

import org.jspecify.annotations.NullMarked;
