package dev.orkestra.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A folder as it stands, for {@code --repo}. Links are entries, as in Git; {@code .git} is left out, and a folder
 * with a
 * {@code .git} of its own below the root counts as a submodule, as it would in the commit.
 */
public final class FolderTree implements Tree {
    private final Path root;

    /** @param root an existing folder */
    public FolderTree(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    @Override
    public List<TreeEntry> list(String path) {
        Optional<TreeEntry> leaf = entry(path);
        if (leaf.isPresent()) {
            return List.of(leaf.get());
        }
        Optional<Path> folder = resolve(path);
        if (folder.isEmpty() || !Files.isDirectory(folder.get(), LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        List<TreeEntry> found = new ArrayList<>();
        try {
            Files.walkFileTree(folder.get(), EnumSet.noneOf(FileVisitOption.class), Integer.MAX_VALUE, visitor(found));
        } catch (IOException e) {
            throw SourceException.ofOnePart(
                    "cannot list " + (path.isEmpty() ? "the folder" : path) + ": " + reason(path, e), e);
        }
        found.sort(Comparator.comparing(TreeEntry::path));
        return List.copyOf(found);
    }

    private SimpleFileVisitor<Path> visitor(List<TreeEntry> found) {
        return new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                if (folder.getFileName() != null
                        && folder.getFileName().toString().equals(".git")) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                if (isSubmodule(folder)) {
                    found.add(new TreeEntry(relative(folder), TreeEntry.Kind.SUBMODULE, 0));
                    return FileVisitResult.SKIP_SUBTREE;
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                entryOf(file, attributes).ifPresent(found::add);
                return FileVisitResult.CONTINUE;
            }
        };
    }

    @Override
    public Optional<TreeEntry> entry(String path) {
        Optional<Path> wanted = resolve(path);
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        Path at = root;
        for (Path part : root.relativize(wanted.get())) {
            at = at.resolve(part);
            Optional<BasicFileAttributes> attributes = attributes(at);
            if (attributes.isEmpty()) {
                return Optional.empty();
            }
            if (attributes.get().isDirectory() && !at.equals(root)) {
                if (isSubmodule(at)) {
                    return Optional.of(new TreeEntry(relative(at), TreeEntry.Kind.SUBMODULE, 0));
                }
            } else {
                // A file in the middle of a path leads nowhere; a link there is told to the caller.
                Optional<TreeEntry> leaf = entryOf(at, attributes.get());
                return leaf.filter(
                        it -> it.kind() == TreeEntry.Kind.SYMLINK || it.path().equals(relative(wanted.get())));
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<byte[]> read(String path, long maxBytes) {
        Optional<TreeEntry> entry = entry(path);
        if (entry.isEmpty()
                || entry.get().kind() != TreeEntry.Kind.FILE
                || entry.get().sizeBytes() > maxBytes) {
            return Optional.empty();
        }
        Path file = root.resolve(entry.get().path());
        Set<java.nio.file.OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try (InputStream stream = Channels.newInputStream(Files.newByteChannel(file, options))) {
            byte[] bytes = stream.readNBytes((int) Math.min(Integer.MAX_VALUE - 8L, maxBytes + 1));
            return bytes.length > maxBytes ? Optional.empty() : Optional.of(bytes);
        } catch (IOException e) {
            throw SourceException.ofOnePart("cannot read " + path + ": " + reason(path, e), e);
        }
    }

    /** What the system says, and of which file if it is another than {@code asked}; never the root's own path. */
    private String reason(String asked, IOException trouble) {
        if (!(trouble instanceof FileSystemException failed)) {
            return "input or output failed";
        }
        String why = failed instanceof AccessDeniedException
                ? "permission denied"
                : failed.getReason() == null ? "it is not there any more" : failed.getReason();
        String file = failed.getFile() == null || !Path.of(failed.getFile()).startsWith(root)
                ? asked
                : relative(Path.of(failed.getFile()));
        return file.equals(asked) ? why : file + ": " + why;
    }

    private Optional<Path> resolve(String path) {
        return path.isEmpty() ? Optional.of(root) : TreePath.normal(path).map(root::resolve);
    }

    private Optional<TreeEntry> entryOf(Path file, BasicFileAttributes attributes) {
        if (attributes.isSymbolicLink()) {
            return Optional.of(new TreeEntry(relative(file), TreeEntry.Kind.SYMLINK, 0));
        }
        // Sockets, pipes and devices cannot be in a commit; reading one could block for ever.
        return attributes.isRegularFile() && !relative(file).equals(".git")
                ? Optional.of(new TreeEntry(relative(file), TreeEntry.Kind.FILE, attributes.size()))
                : Optional.empty();
    }

    private boolean isSubmodule(Path folder) {
        return !folder.equals(root) && Files.exists(folder.resolve(".git"), LinkOption.NOFOLLOW_LINKS);
    }

    private String relative(Path path) {
        return root.relativize(path).toString().replace(java.io.File.separatorChar, '/');
    }

    private Optional<BasicFileAttributes> attributes(Path path) {
        try {
            return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw SourceException.ofOnePart("cannot read " + relative(path) + ": " + reason(relative(path), e), e);
        }
    }
}
