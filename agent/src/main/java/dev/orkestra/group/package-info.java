/**
 * ApplicationGroups: the DAG of Helm releases of Azure Orkestra, its rules, and the pure release graphs made of it:
 * forward, reverse, difference and rollback (DESIGN.md §5).
 *
 * <p>Comes in: an ApplicationGroup as a document or as the API server returns it, and which charts were staged for it.
 * Goes out: findings and {@linkplain dev.orkestra.group.ReleaseGraph graphs}, and pictures of them. Never does: fetch a chart, ask the
 * cluster, or write a Workflow.
 */
@NullMarked
package dev.orkestra.group;

import org.jspecify.annotations.NullMarked;
