/**
 * Desired state, inventory and live objects in, a {@linkplain dev.orkestra.plan.Plan plan} out, and its texts.
 *
 * <p>Never does: ask the cluster. Whatever it needs to know of live objects is handed in, so that the same plan can
 * be made on a laptop, on a pull request and in the cluster.
 *
 * <p>A saved plan ({@code ork plan --out FILE}) is the JSON form, {@link dev.orkestra.plan.PlanJson}, described by
 * {@code schemas/plan.schema.json}:
 *
 * <pre>{@code
 * { "schemaVersion": 1,
 *   "configRepo": {"namespace": "orkestra", "name": "staging"},
 *   "source": "…", "base": "<last-good>", "commit": "…", "digest": "sha256:…", "hash": "sha256:…",
 *   "summary": {"create": 0, "update": 1, "replace": 0, "unchanged": 3, "deferred": 0, "refused": 0,
 *               "prune": 0, "pruneAfterApproval": 0},
 *   "destructive": false, "pointOfNoReturn": false,
 *   "steps": [{"object": "ConfigMap/shop/a", "wave": "2", "action": "update", "origin": "f.yaml:1:1",
 *              "risks": [{"kind": "replacedData", "text": "…", "pointOfNoReturn": true}],
 *              "releases": [{"action": "upgrade", "application": "a", "release": "shop/a", "stage": 1}],
 *              "changes": [{"path": "data.v", "before": "1", "after": "2", "origin": "f.yaml:4:3"}]}],
 *   "prune": {"budget": "within", "allowed": 3,
 *             "objects": [{"object": "ConfigMap/shop/b", "wave": "2", "fate": "delete"}]} }
 * }</pre>
 *
 * <p>{@link dev.orkestra.plan.PlanFile} reads what an approval needs of it. {@code hash} is the one that a run's own
 * plan has ({@code PlanSummary.hash}) as long as nothing that it would do has changed.
 */
@NullMarked
package dev.orkestra.plan;

import org.jspecify.annotations.NullMarked;
