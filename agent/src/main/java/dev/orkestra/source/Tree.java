package dev.orkestra.source;

import java.util.List;
import java.util.Optional;

/**
 * The files of a commit or of a folder. Paths are relative to the root and separated by slashes; one that
 * {@link TreePath} refuses names nothing. Links and submodules are shown and never followed.
 */
public interface Tree {
    /**
     * All leaves under {@code path} ("" is the root), sorted by path. When {@code path} is itself a leaf, or leads
     * through a link or submodule, that leaf alone; when there is nothing, the list is empty.
     *
     * @throws SourceException when the tree cannot be read
     */
    List<TreeEntry> list(String path);

    /**
     * The leaf at {@code path}; the link or submodule on the way to it if there is one.
     *
     * @throws SourceException when the tree cannot be read
     */
    Optional<TreeEntry> entry(String path);

    /**
     * The bytes of the file at {@code path}. Empty when it is not there, is not a file, or has more than
     * {@code maxBytes}; {@link #entry} tells which.
     *
     * @throws SourceException when the tree cannot be read
     */
    Optional<byte[]> read(String path, long maxBytes);
}
