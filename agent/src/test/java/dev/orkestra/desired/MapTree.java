package dev.orkestra.desired;

import dev.orkestra.source.Tree;
import dev.orkestra.source.TreeEntry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A tree in memory. What the real trees do with odd paths is proven in {@code dev.orkestra.source}. */
public final class MapTree implements Tree {
    private final TreeMap<String, TreeEntry> entries = new TreeMap<>();
    private final TreeMap<String, byte[]> contents = new TreeMap<>();

    public MapTree file(String path, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        entries.put(path, new TreeEntry(path, TreeEntry.Kind.FILE, bytes.length));
        contents.put(path, bytes);
        return this;
    }

    public MapTree leaf(String path, TreeEntry.Kind kind) {
        entries.put(path, new TreeEntry(path, kind, 0));
        return this;
    }

    @Override
    public List<TreeEntry> list(String path) {
        String prefix = path.isEmpty() ? "" : path + "/";
        return entries.values().stream()
                .filter(entry -> entry.path().startsWith(prefix) || entry.path().equals(path))
                .toList();
    }

    @Override
    public Optional<TreeEntry> entry(String path) {
        return Optional.ofNullable(entries.get(path));
    }

    @Override
    public Optional<byte[]> read(String path, long maxBytes) {
        return Optional.ofNullable(contents.get(path)).filter(bytes -> bytes.length <= maxBytes);
    }
}
