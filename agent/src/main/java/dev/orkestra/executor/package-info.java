/**
 * What a step of a Workflow does, whoever carries the Workflow out: it applies or deletes one HelmRelease and waits for
 * its end.
 *
 * <p>Comes in: a step's arguments and a cluster that is already asked in the name of the group's identity. Goes out:
 * the HelmRelease, and an {@link dev.orkestra.outcome.Outcome} that says whether it became ready. Never does: run Helm,
 * order steps, or ask the cluster as the agent.
 */
@NullMarked
package dev.orkestra.executor;

import org.jspecify.annotations.NullMarked;
