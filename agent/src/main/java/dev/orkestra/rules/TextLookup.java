package dev.orkestra.rules;

import dev.orkestra.document.TextLines;
import java.util.Optional;

/** The texts that documents were read from, so that a finding can point into the middle of a value. */
@FunctionalInterface
public interface TextLookup {
    /** For those who have only the documents. */
    TextLookup NONE = _ -> Optional.empty();

    /** The text of a file by its name in positions; empty when it was made and not read. */
    Optional<TextLines> text(String file);
}
