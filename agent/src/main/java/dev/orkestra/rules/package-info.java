/**
 * What a Katalog must not do, or had better not, beyond what a schema can say: one {@linkplain
 * dev.orkestra.rules.Rule rule} for each.
 *
 * <p>Comes in: a composed document as nodes. Goes out: findings, in a stable order, each with the id of its rule; and
 * the {@linkplain dev.orkestra.rules.Catalogue catalogue} that the pages in {@code docs/rules} are made of. Never does:
 * read a file, ask a cluster, or stop at the first finding.
 */
@NullMarked
package dev.orkestra.rules;

import org.jspecify.annotations.NullMarked;
