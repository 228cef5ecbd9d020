/**
 * The built-in engines: what Argo Workflows and Flux's helm-controller do with a {@code Workflow} and a
 * {@code HelmRelease}, for clusters that have neither.
 *
 * <p>Comes in: Workflows with our instance id and HelmReleases with our label, from watches. Goes out: their status,
 * written as Argo and Flux write it; HelmReleases (by {@link dev.orkestra.executor}); Helm releases, by the real Helm;
 * and pods of custom executors, made in the name of the group's identity, in the namespace of the HelmRelease that the
 * step is about and with that namespace's default service account. Never does: touch an object without our label or one
 * that another engine drives; install what does not fit its seal; run Helm, start a pod or read a release's namespace as
 * the agent; keep state anywhere but in the status, in pods and in Helm's own records, so that a restart goes on.
 */
@NullMarked
package dev.orkestra.embedded;

import org.jspecify.annotations.NullMarked;
