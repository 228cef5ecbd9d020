/**
 * Releases: charts pulled, split and staged; Workflow and HelmRelease documents out, their status back; the
 * ApplicationGroup controller.
 *
 * <p>Comes in: ApplicationGroups and Workflows from watches. Goes out: Workflows, HelmRepositories, status and events;
 * and, for people, a {@linkplain dev.orkestra.release.GroupView view} of how a group stands.
 * Never does: carry out a Workflow or a HelmRelease; that is an engine's work, ours or Argo's and Flux's.
 */
@NullMarked
package dev.orkestra.release;

import org.jspecify.annotations.NullMarked;
