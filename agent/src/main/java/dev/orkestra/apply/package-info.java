/**
 * Carries out what a run commands: applies objects, watches their health, prunes, and keeps the inventory and the
 * journal of steps.
 *
 * <p>Comes in: the commands of {@link dev.orkestra.run} and a cluster. Goes out: the events that a run decides on,
 * and what is persisted. Never does: decide what comes next.
 */
@NullMarked
package dev.orkestra.apply;

import org.jspecify.annotations.NullMarked;
