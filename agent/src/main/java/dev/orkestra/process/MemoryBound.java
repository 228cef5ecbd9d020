package dev.orkestra.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the memory of a child, through {@code prlimit} of util-linux; where that is missing, this is said once in the
 * log. Bound is what the child may write to ({@code RLIMIT_DATA}), not its address space: programs in Go reserve a
 * gigabyte of that before they do anything (seen with Helm 3.22).
 */
public final class MemoryBound {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryBound.class);
    private static final List<Path> PLACES = List.of(Path.of("/usr/bin/prlimit"), Path.of("/bin/prlimit"));
    private static final List<String> PRLIMIT = find();

    private MemoryBound() {}

    /** {@code arguments} of a {@link Command}, run so that the child has at most {@code bytes} of its own. */
    public static List<String> within(long bytes, List<String> arguments) {
        if (PRLIMIT.isEmpty()) {
            return List.copyOf(arguments);
        }
        List<String> bounded = new ArrayList<>(PRLIMIT);
        bounded.add("--data=" + bytes);
        bounded.add("--");
        bounded.addAll(arguments);
        return List.copyOf(bounded);
    }

    private static List<String> find() {
        List<String> found = PLACES.stream()
                .filter(Files::isExecutable)
                .map(Path::toString)
                .limit(1)
                .toList();
        if (found.isEmpty()) {
            LOG.warn("prlimit of util-linux is not installed: the memory of Helm and kustomize is not bound");
        }
        return found;
    }
}
