package dev.orkestra.cli;

import dev.orkestra.document.Limits;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.source.FolderTree;
import dev.orkestra.source.SourceException;
import dev.orkestra.source.TreeEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The repository around a file, read as the agent reads a commit: what is a link or lies outside is no file of it.
 * Without a {@code .git} on the way up, the repository is the whole file system.
 *
 * @param root top folder of the repository, without links
 * @param folder working directory, without links
 * @param entry the file that people named, from the root
 * @param named the name that they gave it
 */
record Workspace(Path root, Path folder, String entry, Path named) {
    /**
     * The repository around {@code named}.
     *
     * @throws IOException there is no such file
     */
    static Workspace around(Path folder, Path named) throws IOException {
        Path file = folder.resolve(named).toRealPath();
        Path root = file.getRoot();
        for (Path up = file.getParent(); up != null; up = up.getParent()) {
            if (Files.exists(up.resolve(".git"))) {
                root = up;
                break;
            }
        }
        return new Workspace(root, folder.toRealPath(), slashes(root.relativize(file)), named);
    }

    private static String slashes(Path path) {
        return path.toString().replace(path.getFileSystem().getSeparator(), "/");
    }

    /** How people know the file at {@code path}. */
    String shownAs(String path) {
        if (path.equals(entry)) {
            return named.toString();
        }
        Path file = root.resolve(path);
        return named.isAbsolute() ? file.toString() : slashes(folder.relativize(file));
    }

    /** What stands at {@code path}, which is relative to the root. */
    Provided read(String path) {
        try {
            FolderTree tree = new FolderTree(root);
            Optional<TreeEntry> found = tree.entry(path);
            if (found.isPresent()) {
                return read(tree, found.get());
            }
        } catch (SourceException e) {
            return unreadable("cannot be read", "check its permissions");
        }
        return Files.isDirectory(root.resolve(path))
                ? unreadable("this is a folder", "name a file")
                : new Provided.Absent();
    }

    private static Provided read(FolderTree tree, TreeEntry entry) {
        int maxBytes = Limits.DEFAULTS.maxBytes();
        return switch (entry.kind()) {
            case FILE ->
                entry.sizeBytes() > maxBytes
                        ? new Provided.Unreadable(
                                ErrorCode.TooLarge,
                                "the file has " + entry.sizeBytes() + " bytes; at most " + maxBytes + " are read",
                                "split it")
                        : Provided.of(tree.read(entry.path(), maxBytes));
            case SYMLINK -> unreadable("a link stands on the way", "links are not followed; name the file itself");
            case SUBMODULE -> unreadable("this lies in a submodule", "files of submodules cannot be imported");
        };
    }

    private static Provided unreadable(String message, String hint) {
        return new Provided.Unreadable(ErrorCode.NotFound, message, hint);
    }
}
