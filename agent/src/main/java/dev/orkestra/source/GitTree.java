package dev.orkestra.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** The tree of a commit, read from Git's objects. Nothing is ever written to a working folder. */
final class GitTree implements Tree {
    private final ObjectSource objects;
    private final ObjectId root;
    /** What was looked into. Without it, reading all files of a folder would read the folder once for each of them. */
    private final Map<ObjectId, Map<String, Child>> folders = new ConcurrentHashMap<>();

    /** @param root object name of the commit's tree */
    GitTree(ObjectSource objects, ObjectId root) {
        this.objects = objects;
        this.root = root;
    }

    private record Child(FileMode mode, ObjectId object) {}

    /** A found object: a leaf, or a folder when there is no entry. */
    private record Found(@Nullable TreeEntry entry, ObjectId object) {}

    @Override
    public List<TreeEntry> list(String path) {
        return objects.reading(reader -> {
            Optional<Found> found = find(reader, path);
            if (found.isEmpty()) {
                return List.of();
            }
            TreeEntry leaf = found.get().entry();
            return leaf != null ? List.of(leaf) : walk(reader, path, found.get().object());
        });
    }

    private static List<TreeEntry> walk(ObjectReader reader, String path, ObjectId folder) throws IOException {
        String normal = TreePath.normal(path).orElse("");
        String prefix = normal.isEmpty() ? "" : normal + "/";
        List<TreeEntry> leaves = new ArrayList<>();
        try (TreeWalk walk = new TreeWalk(reader)) {
            walk.setRecursive(true);
            walk.addTree(folder);
            while (walk.next()) {
                leaves.add(entry(reader, prefix + walk.getPathString(), walk.getFileMode(0), walk.getObjectId(0)));
            }
        }
        leaves.sort(Comparator.comparing(TreeEntry::path));
        return List.copyOf(leaves);
    }

    @Override
    public Optional<TreeEntry> entry(String path) {
        return objects.reading(reader -> find(reader, path).flatMap(found -> Optional.ofNullable(found.entry())));
    }

    @Override
    public Optional<byte[]> read(String path, long maxBytes) {
        return objects.reading(reader -> {
            Optional<Found> found = find(reader, path);
            TreeEntry leaf = found.map(Found::entry).orElse(null);
            if (leaf == null || leaf.kind() != TreeEntry.Kind.FILE || leaf.sizeBytes() > maxBytes) {
                return Optional.empty();
            }
            // The size above comes from the object's header, so nothing big is inflated before it is refused.
            ObjectLoader loader = reader.open(found.orElseThrow().object());
            return Optional.of(loader.getBytes((int) Math.min(Integer.MAX_VALUE - 8L, maxBytes)));
        });
    }

    /** Goes down part by part, so that a link or a submodule on the way is seen and not followed. */
    private Optional<Found> find(ObjectReader reader, String path) throws IOException {
        if (path.isEmpty()) {
            return Optional.of(new Found(null, root));
        }
        Optional<String> normal = TreePath.normal(path);
        if (normal.isEmpty()) {
            return Optional.empty();
        }
        if (normal.get().isEmpty()) {
            return Optional.of(new Found(null, root));
        }
        String[] parts = normal.get().split("/");
        ObjectId folder = root;
        StringBuilder at = new StringBuilder();
        for (int i = 0; i < parts.length; i++) {
            at.append(i == 0 ? "" : "/").append(parts[i]);
            Optional<Found> found = child(reader, folder, parts[i], at.toString());
            if (found.isEmpty() || i == parts.length - 1) {
                return found;
            }
            TreeEntry leaf = found.get().entry();
            if (leaf != null) {
                // A file in the middle of a path leads nowhere; links and submodules are told to the caller.
                return leaf.kind() == TreeEntry.Kind.FILE ? Optional.empty() : found;
            }
            folder = found.get().object();
        }
        return Optional.empty();
    }

    private Optional<Found> child(ObjectReader reader, ObjectId folder, String name, String path) throws IOException {
        Map<String, Child> children = folders.get(folder);
        if (children == null) {
            children = children(reader, folder);
            folders.put(folder, children);
        }
        Child child = children.get(name);
        if (child == null) {
            return Optional.empty();
        }
        TreeEntry leaf = child.mode() == FileMode.TREE ? null : entry(reader, path, child.mode(), child.object());
        return Optional.of(new Found(leaf, child.object()));
    }

    private static Map<String, Child> children(ObjectReader reader, ObjectId folder) throws IOException {
        Map<String, Child> children = new HashMap<>();
        try (TreeWalk walk = new TreeWalk(reader)) {
            walk.addTree(folder);
            while (walk.next()) {
                children.putIfAbsent(walk.getNameString(), new Child(walk.getFileMode(0), walk.getObjectId(0)));
            }
        }
        return children;
    }

    private static TreeEntry entry(ObjectReader reader, String path, FileMode mode, ObjectId object)
            throws IOException {
        if (mode == FileMode.SYMLINK) {
            return new TreeEntry(path, TreeEntry.Kind.SYMLINK, 0);
        }
        if (mode == FileMode.GITLINK) {
            return new TreeEntry(path, TreeEntry.Kind.SUBMODULE, 0);
        }
        return new TreeEntry(
                path, TreeEntry.Kind.FILE, reader.getObjectSize(object, org.eclipse.jgit.lib.Constants.OBJ_BLOB));
    }
}
