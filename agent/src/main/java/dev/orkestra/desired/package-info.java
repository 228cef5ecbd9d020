/**
 * A commit and a ConfigRepo in, the {@linkplain dev.orkestra.desired.DesiredState desired state} out: objects in
 * waves, each with the place in Git that caused it, and one digest over it all.
 *
 * <p>Never does: ask the cluster, or change what was composed.
 */
@NullMarked
package dev.orkestra.desired;

import org.jspecify.annotations.NullMarked;
