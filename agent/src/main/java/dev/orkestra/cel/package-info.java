/**
 * Expressions in the Common Expression Language, as Kubernetes has it.
 *
 * <p>Comes in: an expression, the shapes of its variables, and JSON values. Goes out: what is wrong with the
 * expression and in which column, or what it says of the values: a result, a failure, or that judging it would take
 * more than its budget. The same expression over the same values always costs the same. Never does: input or output,
 * reading the clock, or calling an expression wrong that it merely does not understand.
 *
 * <p>Functions beside those of the language: Kubernetes' lists, regular expressions, URLs, quantities, addresses,
 * CIDRs and named formats; strings, sets, optional values, comprehensions over two variables, and the
 * newer functions over lists.
 * {@link dev.orkestra.cel.CelLibrary#UNSUPPORTED} names what is missing.
 */
@NullMarked
package dev.orkestra.cel;

import org.jspecify.annotations.NullMarked;
