/**
 * What the checks of files found, as other programs read it: JSON, SARIF, workflow commands, JUnit.
 *
 * <p>Comes in: {@linkplain dev.orkestra.report.CheckedFile files} with their findings. Goes out: one whole document as
 * text, well-formed whatever the files and their names hold; and the {@linkplain dev.orkestra.report.Columns columns}
 * that all texts for terminals keep to. Never does: read a file, or decide what is wrong.
 */
@NullMarked
package dev.orkestra.report;

import org.jspecify.annotations.NullMarked;
