/**
 * What the cluster holds of a ConfigRepo in, words out: what it waits for, since when, until when, and the command that
 * helps.
 *
 * <p>Never does: ask the cluster, or decide anything; the run has decided already.
 */
@NullMarked
package dev.orkestra.explain;

import org.jspecify.annotations.NullMarked;
