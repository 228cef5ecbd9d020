package dev.orkestra.katalog;

import dev.orkestra.outcome.Position;
import org.jspecify.annotations.Nullable;

/** Something that must be fetched before the composition can go on. */
public sealed interface Need {
    /**
     * A file of the same repository and commit.
     *
     * @param path from the repository's root, {@code /} between names, without {@code .} and {@code ..}
     * @param askedBy the import that names it, or null for the entry itself
     */
    record RepositoryFile(String path, @Nullable Position askedBy) implements Need {}
}
