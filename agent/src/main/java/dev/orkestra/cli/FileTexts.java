package dev.orkestra.cli;

import dev.orkestra.document.Limits;
import dev.orkestra.source.SourceException;
import dev.orkestra.source.Tree;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The text of files, for excerpts beside findings. */
final class FileTexts {
    private FileTexts() {}

    /** Empty for what is no file of the tree, or cannot be read: that is a finding already. */
    static Optional<String> of(Tree tree, String file) {
        try {
            return tree.read(file, Limits.DEFAULTS.maxBytes()).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        } catch (SourceException e) {
            return Optional.empty();
        }
    }
}
