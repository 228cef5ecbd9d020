/**
 * Desired state, inventory and live objects in, a {@linkplain dev.orkestra.plan.Plan plan} out, and its texts.
 *
 * <p>Never does: ask the cluster. Whatever it needs to know of live objects is handed in, so that the same plan can
 * be made on a laptop, on a pull request and in the cluster.
 */
@NullMarked
package dev.orkestra.plan;

import org.jspecify.annotations.NullMarked;
