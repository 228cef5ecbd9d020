/**
 * OCI registries: artifacts are pulled from them and pushed to them (distribution specification 1.1).
 *
 * <p>Comes in: the address of an artifact, who one is, limits. Goes out: manifests and blobs, or what is wrong. Never
 * does: know what an artifact is for, ask for more rights than are needed, speak without protection to another machine,
 * or send credentials to a server that is not protected.
 */
@NullMarked
package dev.orkestra.registry;

import org.jspecify.annotations.NullMarked;
