package dev.orkestra.imports;

import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.source.SourceException;
import dev.orkestra.source.Tree;
import dev.orkestra.source.TreeEntry;
import dev.orkestra.source.TreePath;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads all files below a folder of a tree, such as a chart. Links and submodules among them are refused, not left out:
 * a chart without one of its files would render something else.
 */
public final class TreeFolder {
    /** As many as a chart may have, see {@link dev.orkestra.chart.ChartArchive}. */
    static final int MAX_FILES = 10_000;

    private final Tree tree;
    private final ImportLimits limits;
    private final String holder;

    /** @param holder whose tree it is, for messages: {@code commit 1a2b3c4} */
    public TreeFolder(Tree tree, ImportLimits limits, String holder) {
        this.tree = tree;
        this.limits = limits;
        this.holder = holder;
    }

    /**
     * The files below {@code folder}, by their paths from there.
     *
     * @param folder from the root, without {@code ..}; empty for all
     * @param resolved for the pin
     */
    public Provided read(String folder, String resolved) {
        String prefix = folder.isEmpty() ? "" : folder + "/";
        try {
            List<TreeEntry> entries = tree.list(folder);
            Optional<Provided.Unreadable> refused = refused(entries, prefix);
            return refused.isPresent() ? refused.get() : read(entries, prefix, resolved);
        } catch (SourceException e) {
            return new Provided.Unreadable(
                    ErrorCode.ImportFailed, "the files of " + holder + " cannot be read", "try again");
        }
    }

    private Provided read(List<TreeEntry> entries, String prefix, String resolved) {
        Map<String, byte[]> files = new TreeMap<>();
        for (TreeEntry entry : entries) {
            Optional<byte[]> content = tree.read(entry.path(), limits.maxImportBytes());
            if (content.isEmpty()) {
                return new Provided.Unreadable(
                        ErrorCode.ImportFailed, "the file " + entry.path() + " cannot be read", "try again");
            }
            files.put(entry.path().substring(prefix.length()), content.get());
        }
        return Provided.Files.of(files, resolved);
    }

    /** What must not be read, told before anything is. */
    private Optional<Provided.Unreadable> refused(List<TreeEntry> entries, String prefix) {
        if (entries.isEmpty()) {
            return Optional.of(new Provided.Unreadable(
                    ErrorCode.NotFound,
                    prefix.isEmpty() ? holder + " has no files" : holder + " has no folder '" + named(prefix) + "'",
                    "check the folder, and the version that is imported"));
        }
        for (TreeEntry entry : entries) {
            if (entry.kind() != TreeEntry.Kind.FILE) {
                String what = entry.kind() == TreeEntry.Kind.SYMLINK ? "a symbolic link" : "a submodule";
                return Optional.of(new Provided.Unreadable(
                        ErrorCode.OutsideRoot,
                        "'" + entry.path() + "' is " + what + ", which imports don't follow",
                        "put the files themselves into the folder"));
            }
            if (!entry.path().startsWith(prefix)) {
                return Optional.of(new Provided.Unreadable(
                        ErrorCode.NotFound, "'" + named(prefix) + "' is a file", "name the folder that it lies in"));
            }
            if (TreePath.problem(entry.path()).isPresent()) {
                return Optional.of(new Provided.Unreadable(
                        ErrorCode.OutsideRoot, "it holds a file with a name that no folder can have", "rename it"));
            }
        }
        return tooMuch(entries);
    }

    private Optional<Provided.Unreadable> tooMuch(List<TreeEntry> entries) {
        if (entries.size() > MAX_FILES) {
            return Optional.of(new Provided.Unreadable(
                    ErrorCode.LimitExceeded,
                    "it has " + entries.size() + " files; at most " + MAX_FILES + " can be imported",
                    "import a folder of it"));
        }
        long bytes = entries.stream().mapToLong(TreeEntry::sizeBytes).sum();
        return bytes > limits.maxImportBytes()
                ? Optional.of(Limit.bytes("its files have " + bytes + " bytes", limits))
                : Optional.empty();
    }

    private static String named(String prefix) {
        return prefix.substring(0, prefix.length() - 1);
    }
}
