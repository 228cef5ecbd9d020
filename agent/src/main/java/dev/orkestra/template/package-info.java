/**
 * Go's text/template, read and never carried out.
 *
 * <p>Comes in: the text of a template, and the functions that it may call. Goes out: everything that Go would refuse,
 * when it reads the template or whenever it came to carry it out, each at its place; and the fields of the root that
 * the template uses. Never does: evaluating anything, or judging whether a field exists; the rules beside each feature
 * know what there is.
 *
 * <p>The grammar is that of Go's text/template/parse. What Go makes of many templates is recorded in a test.
 */
@NullMarked
package dev.orkestra.template;

import org.jspecify.annotations.NullMarked;
