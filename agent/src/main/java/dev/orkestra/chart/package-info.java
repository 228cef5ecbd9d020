/**
 * Helm charts as files: repositories over HTTP and OCI registries, what versions they have, and archives, which are
 * read into memory.
 *
 * <p>Comes in: the URL of a repository or registry, a chart's name, a version or a range. Goes out: archives whose
 * digest is the one of the index or the manifest, and the files in them. Never does: unpack an archive to disk, follow a
 * link in one, read without a limit, or send credentials to another origin than the repository's.
 */
@NullMarked
package dev.orkestra.chart;

import org.jspecify.annotations.NullMarked;
