/**
 * The wiring: watches, schedules, leader election, the HTTP server, and the loop that takes a ConfigRepo's commits
 * through runs.
 *
 * <p>Comes in: settings and a cluster. Goes out: a running agent, status and events. Never does: decide what a run
 * does next (that is {@code run}) or touch an environment's objects itself (that is {@code apply}). Quartz and the
 * JDK's HTTP server are known only here.
 */
@NullMarked
package dev.orkestra.agent;

import org.jspecify.annotations.NullMarked;
