/**
 * Documents against the published schemas.
 *
 * <p>Comes in: a document with positions. Goes out: findings at the offending key, in words for people: what was
 * found, what is allowed, and what was probably meant. Never does: fetching a schema from anywhere but this program,
 * or checking what a schema cannot say (those rules live beside the feature that they belong to).
 *
 * <p>The schemas are the files under {@code schemas/} in the repository. A kind gets its checks by a file
 * {@code schemas/<kind in lower case>.schema.json} that names its {@code apiVersion} and {@code kind} as constants.
 */
@NullMarked
package dev.orkestra.schema;

import org.jspecify.annotations.NullMarked;
