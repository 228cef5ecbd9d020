/**
 * Live objects in, how healthy they are out: the rules of kstatus, with those of a ConfigRepo before them.
 *
 * <p>Never does: ask the cluster. What else it needs to know, such as a workload's pods, is handed in.
 */
@NullMarked
package dev.orkestra.health;

import org.jspecify.annotations.NullMarked;
