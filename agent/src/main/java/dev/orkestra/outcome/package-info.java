/**
 * The words that all other packages share: what was found ({@link dev.orkestra.outcome.Diagnostic}), where
 * ({@link dev.orkestra.outcome.Position}), and how a step ended ({@link dev.orkestra.outcome.Outcome}).
 *
 * <p>Comes in: nothing. Goes out: plain values. Never does: input or output, formatting for a terminal, or deciding
 * what happens next.
 */
@NullMarked
package dev.orkestra.outcome;

import org.jspecify.annotations.NullMarked;
