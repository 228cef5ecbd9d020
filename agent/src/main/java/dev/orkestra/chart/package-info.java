/**
 * Helm charts as files: repositories over HTTP, their indexes and versions, and archives, which are read into memory.
 *
 * <p>Comes in: the URL of a repository, a chart's name, a version or a range. Goes out: archives whose digest is the one
 * of the index, and the files in them. Never does: unpack an archive to disk, follow a link in one, read without a
 * limit, or send credentials to another origin than the repository's.
 */
@NullMarked
package dev.orkestra.chart;

import org.jspecify.annotations.NullMarked;
