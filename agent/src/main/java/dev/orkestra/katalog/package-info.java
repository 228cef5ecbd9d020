/**
 * Katalog and Komposer: composition and rules.
 *
 * <p>Comes in: the path of a Komposer (or a Katalog) and the bytes of the files that it names. Goes out: the effective
 * Katalog, each node with the place that wrote it, and the ConfigMap that carries it to an operator runtime; or the
 * list of files that are still needed; or all that is wrong. Never does: reading files or the network (the caller
 * fetches and asks again), reading the environment, or dropping anything in silence.
 *
 * <p>What the formats mean follows Orkestra v0.7.18 as it behaves, which is not always as it is documented: an override
 * of a field that upstream ignores is ignored here as well, but with a warning. Documents of older layouts are brought
 * to that of v0.7.18 before anything else looks at them.
 */
@NullMarked
package dev.orkestra.katalog;

import org.jspecify.annotations.NullMarked;
