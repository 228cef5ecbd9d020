package dev.orkestra.source;

/**
 * A leaf of a tree.
 *
 * @param path path from the root, separated by slashes
 * @param kind what it is
 * @param sizeBytes size of a file; 0 for the other kinds
 */
public record TreeEntry(String path, Kind kind, long sizeBytes) {
    /** The kinds of leaves. Only files are ever read. */
    public enum Kind {
        FILE,
        SYMLINK,
        SUBMODULE
    }
}
