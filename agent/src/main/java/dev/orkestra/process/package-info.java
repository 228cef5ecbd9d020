/**
 * The one room that starts child processes (Helm, kustomize): an empty environment, a home of their own, a deadline,
 * an output limit, and death with the parent (DESIGN.md §3).
 *
 * <p>Comes in: a {@link dev.orkestra.process.Command}. Goes out: what it printed and how it ended. Never does: run a
 * shell, pass on the agent's environment, or log arguments.
 */
@NullMarked
package dev.orkestra.process;

import org.jspecify.annotations.NullMarked;
