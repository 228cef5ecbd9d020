/**
 * What an environment's objects look like now: watches by our label, under the environment's identity, and a cache of
 * what they tell that stays small.
 *
 * <p>Comes in: which kinds and namespaces an environment has objects in. Goes out: digests of our fields, and whole
 * objects for those who plan. Never does: write, or decide what a difference means.
 */
@NullMarked
package dev.orkestra.live;

import org.jspecify.annotations.NullMarked;
