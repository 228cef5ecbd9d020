/**
 * {@code ork}, the command line.
 *
 * <p>Comes in: arguments, files, the environment. Goes out: text for people and exit codes: 0 it worked, 1 there is
 * something to mend, 2 it could not run. Never does: work of its own; each command calls the feature that it is named
 * after. The only place that knows picocli, writes to the terminal, or ends the process.
 */
@NullMarked
package dev.orkestra.cli;

import org.jspecify.annotations.NullMarked;
