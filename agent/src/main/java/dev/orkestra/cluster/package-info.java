/**
 * Kubernetes access: discovery, server-side apply and dry-run, watch caches, events, leases, impersonation.
 *
 * <p>Comes in: a {@link dev.orkestra.cluster.ClusterRef} and objects as JSON. Goes out: objects as JSON, or a
 * {@link dev.orkestra.cluster.ClusterException} that says why not. Never does: decide anything about what is applied;
 * keep a static client. client-java and OkHttp are known only here (DESIGN.md §3, "one room per library").
 */
@NullMarked
package dev.orkestra.cluster;

import org.jspecify.annotations.NullMarked;
