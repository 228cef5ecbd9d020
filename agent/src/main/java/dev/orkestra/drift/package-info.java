/**
 * What happens to an environment's objects between runs: somebody changes our fields, or an object goes. It is put
 * right from last-good's kept state, or reported, and fights are told rather than fought.
 *
 * <p>Comes in: the watches of {@code live}, and what is kept of an environment. Goes out: corrections, and what is not as
 * it should be. Never does: anything while a run is under way, or with hooks.
 */
@NullMarked
package dev.orkestra.drift;

import org.jspecify.annotations.NullMarked;
