/**
 * Fetches what a composition asks for: files over HTTP, artifacts from OCI registries, folders of Git repositories,
 * Helm charts, and what Helm renders from a chart.
 *
 * <p>Comes in: a {@link dev.orkestra.katalog.Need}, and what a lock file pins it to. Goes out: files with the digest of
 * what they hold, or what went wrong and how to mend it. Never does: deciding whether a digest is the right one (the
 * composer compares), sending credentials to another host than the one that was asked, running longer or reading more
 * than its limits, or putting a secret into a message.
 */
@NullMarked
package dev.orkestra.imports;

import org.jspecify.annotations.NullMarked;
