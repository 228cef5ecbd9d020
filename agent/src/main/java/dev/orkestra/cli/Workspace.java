package dev.orkestra.cli;

import dev.orkestra.document.Limits;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.source.FolderTree;
import dev.orkestra.source.SourceException;
import dev.orkestra.source.TreeEntry;
import dev.orkestra.source.TreePath;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * The repository around a file, read as the agent reads a commit: what is a link or lies outside is no file of it.
 * Without a {@code .git} on the way up, the repository is the whole file system.
 *
 * @param root top folder of the repository, without links
 * @param folder working directory, without links
 * @param entry the file that people named, from the root
 * @param named the name that they gave it
 * @param limits for each file
 */
record Workspace(Path root, Path folder, String entry, Path named, Limits limits) {
    /**
     * The repository around {@code named}.
     *
     * @throws IOException there is no such file, or the way to it is closed; {@link #reason} says which
     */
    static Workspace around(Path folder, Path named, Limits limits) throws IOException {
        Path here = folder.toRealPath();
        Path written = folder.resolve(named).toAbsolutePath();
        // As Git sees it: a link of the repository is an entry of it, wherever it leads.
        Optional<Path> repository = repositoryOf(written.normalize());
        if (repository.isPresent() && !hasDetour(written)) {
            String entry = slashes(repository.get().relativize(written.normalize()));
            return new Workspace(repository.get().toRealPath(), here, entry, named, limits);
        }
        Path file = written.toRealPath();
        Path root = repositoryOf(file).orElse(file.getRoot());
        return new Workspace(root, here, slashes(root.relativize(file)), named, limits);
    }

    private static Optional<Path> repositoryOf(Path file) {
        for (Path up = file.getParent(); up != null; up = up.getParent()) {
            if (Files.exists(up.resolve(".git"))) {
                return Optional.of(up);
            }
        }
        return Optional.empty();
    }

    /** Whether a {@code ..} behind a link makes the written path another place than it seems. */
    private static boolean hasDetour(Path written) throws IOException {
        Path parent = written.getParent();
        return parent != null
                && !parent.equals(parent.normalize())
                && !parent.toRealPath().equals(parent.normalize().toRealPath());
    }

    /** What kept a file from being opened, as people say it. */
    static String reason(IOException trouble) {
        return switch (trouble) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "permission denied, for the file or a folder above it";
            case FileSystemException failed
            when failed.getReason() != null -> "it cannot be opened: " + failed.getReason();
            default -> "it cannot be opened";
        };
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

    /** What stands at {@code path}, which is relative to the root. Never waits for a pipe or a device. */
    Provided read(String path) {
        Optional<String> problem = TreePath.problem(path);
        if (problem.isPresent()) {
            return unreadable("its path " + problem.get(), "give it a plain name");
        }
        try {
            FolderTree tree = new FolderTree(root);
            Optional<TreeEntry> found = tree.entry(path);
            return found.isPresent() ? read(tree, found.get()) : notAFile(root.resolve(path));
        } catch (SourceException e) {
            String why = e.getCause() instanceof IOException cause ? reason(cause) : String.valueOf(e.getMessage());
            return unreadable(why, "see its permissions and those of its folders");
        }
    }

    private Provided read(FolderTree tree, TreeEntry entry) {
        return switch (entry.kind()) {
            case FILE ->
                tree.read(entry.path(), limits.maxBytes())
                        .<Provided>map(Provided.Content::new)
                        .orElseGet(() -> tooLarge(entry));
            case SYMLINK -> unreadable("a link stands on the way", "links are not followed; name the file itself");
            case SUBMODULE -> unreadable("this lies in a submodule", "files of submodules cannot be imported");
        };
    }

    private Provided tooLarge(TreeEntry entry) {
        Diagnostic finding = limits.tooLarge(entry.path(), entry.sizeBytes());
        return new Provided.Unreadable(finding.code(), finding.message(), finding.hint());
    }

    /** Nothing, or what no commit can hold. */
    private static Provided notAFile(Path path) {
        try {
            BasicFileAttributes there =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return there.isDirectory()
                    ? unreadable("this is a folder", "name a file")
                    : unreadable("this is a pipe, a socket or a device", "name a file");
        } catch (IOException e) {
            return new Provided.Absent();
        }
    }

    private static Provided unreadable(String message, String hint) {
        return new Provided.Unreadable(ErrorCode.NotFound, message, hint);
    }
}
