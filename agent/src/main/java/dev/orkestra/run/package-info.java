/**
 * The way of one commit through an environment, as a pure state machine, and the rules of what is remembered of it.
 *
 * <p>Comes in: a {@linkplain dev.orkestra.run.RunState state} that was persisted and an
 * {@linkplain dev.orkestra.run.RunEvent event}. Goes out: the next state, and with
 * {@link dev.orkestra.run.RunMachine#command} what is to be done in it. Never does: anything itself. It has no clock,
 * no cluster and no memory: all that it decides by stands in the state or comes in an event, so a run that was killed
 * goes on from its last persisted state by carrying out that state's command once more (DESIGN.md §3, §4).
 */
@NullMarked
package dev.orkestra.run;

import org.jspecify.annotations.NullMarked;
