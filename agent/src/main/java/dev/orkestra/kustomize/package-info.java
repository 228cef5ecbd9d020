/**
 * Builds kustomize folders of a commit with the kustomize program.
 *
 * <p>Comes in: a {@link dev.orkestra.source.Tree} and a folder of it. Goes out: the objects that kustomize makes of it,
 * each field with the place in the commit that wrote it, or what is wrong and where. Never does: read what is not in the
 * tree, fetch anything, run a plugin, or say what a Secret holds.
 */
@NullMarked
package dev.orkestra.kustomize;

import org.jspecify.annotations.NullMarked;
