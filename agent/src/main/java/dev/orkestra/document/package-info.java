/**
 * Bytes in, {@linkplain dev.orkestra.document.Node nodes} out that know their {@code file:line:column}, within limits.
 *
 * <p>Comes in: bytes of YAML or JSON and the name of their file. Goes out: documents, findings, and for the way back
 * canonical JSON, YAML text and digests. Never does: reading a file or the network, building arbitrary Java objects
 * from tags, or guessing what an ambiguous scalar means without a warning. SnakeYAML is known only here.
 */
@NullMarked
package dev.orkestra.document;

import org.jspecify.annotations.NullMarked;
