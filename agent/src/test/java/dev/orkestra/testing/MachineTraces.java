package dev.orkestra.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What programs can leave on a machine, each as one line of text: network namespaces, links, routes, mounts, cgroups,
 * sockets, files of container tools, processes.
 *
 * <p>Others may run clusters on the same machine, and their pods come and go meanwhile. A thing that a living process
 * uses is therefore not taken for something left behind, unless that process names {@code folder}.
 */
record MachineTraces(Set<String> lines) {
    private static final Pattern CONTAINERD = Pattern.compile("-address\\s+(/\\S+)/containerd\\.sock");

    /** All there is now; of processes, those whose command line or environment mentions {@code folder}. */
    static MachineTraces now(Path folder) {
        Set<String> lines = new TreeSet<>();
        add(lines, "network namespace ", names(Path.of("/run/netns")));
        add(lines, "link ", names(Path.of("/sys/class/net")));
        add(lines, "route ", routes());
        add(lines, "mount ", mounts());
        add(lines, "cgroup ", cgroups());
        add(lines, "shim socket ", names(Path.of("/run/containerd/s")));
        add(lines, "CNI note ", names(Path.of("/var/lib/cni/results")));
        add(lines, "pod log link ", names(Path.of("/var/log/containers")));
        add(lines, "process ", processesMentioning(folder));
        return new MachineTraces(lines);
    }

    /** What is here and was not in {@code before}, without what living processes of others use. */
    Set<String> leftSince(MachineTraces before) {
        Set<String> left = new TreeSet<>(lines);
        left.removeAll(before.lines());
        if (!left.isEmpty()) {
            left.removeIf(usedByOthers());
        }
        return left;
    }

    private static Predicate<String> usedByOthers() {
        Set<String> namespaces = namespacesInUse();
        String commands = String.join("\n", commandLines());
        String sockets = text(Path.of("/proc/net/unix"));
        Set<String> containerds = new HashSet<>();
        Matcher matcher = CONTAINERD.matcher(commands);
        while (matcher.find()) {
            containerds.add(matcher.group(1) + "/");
        }
        return line -> {
            String thing = line.substring(line.lastIndexOf(' ') + 1);
            if (line.startsWith("network namespace ") || line.startsWith("link ") || line.startsWith("route ")) {
                return namespaces.contains(thing);
            }
            if (line.startsWith("shim socket ")) {
                return sockets.contains("/run/containerd/s/" + thing);
            }
            if (line.startsWith("mount ")) {
                return namespaces.contains(String.valueOf(Path.of(thing).getFileName()))
                        || containerds.stream().anyMatch(thing::startsWith);
            }
            if (line.startsWith("CNI note ") || line.startsWith("pod log link ")) {
                // Both end in a container's id, and a living container's shim has it in its command line.
                return Stream.of(thing.split("[-.]")).anyMatch(part -> part.length() == 64 && commands.contains(part));
            }
            return false;
        };
    }

    /** Named network namespaces in which a process lives. A link or route of a testbed is called like its namespace. */
    private static Set<String> namespacesInUse() {
        Set<Object> used = new HashSet<>();
        for (Path process : processes()) {
            Object namespace = inode(process.resolve("ns/net"));
            if (namespace != null) {
                used.add(namespace);
            }
        }
        Set<String> names = new HashSet<>();
        for (String name : names(Path.of("/run/netns"))) {
            if (used.contains(inode(Path.of("/run/netns", name)))) {
                names.add(name);
            }
        }
        return names;
    }

    private static @Nullable Object inode(Path file) {
        try {
            return Files.getAttribute(file, "unix:ino");
        } catch (IOException e) {
            return null; // the process ended meanwhile
        }
    }

    private static List<String> routes() {
        // Columns: interface, destination, gateway (both as hexadecimal).
        return text(Path.of("/proc/net/route"))
                .lines()
                .skip(1)
                .map(line -> line.split("\\s+"))
                .map(column -> column[1] + " via " + column[2] + " dev " + column[0])
                .toList();
    }

    private static List<String> mounts() {
        return text(Path.of("/proc/self/mountinfo"))
                .lines()
                .map(line -> line.split(" ")[4])
                .toList();
    }

    private static List<String> cgroups() {
        Path root = Path.of("/sys/fs/cgroup");
        return Stream.concat(Stream.of(root), names(root).stream().map(root::resolve))
                .flatMap(folder -> names(folder).stream().map(folder::resolve))
                .filter(Files::isDirectory)
                .map(Path::toString)
                .filter(path -> path.contains("/ork-"))
                .toList();
    }

    private static List<String> processesMentioning(Path folder) {
        long self = ProcessHandle.current().pid();
        return processes().stream()
                .filter(process -> !process.endsWith(Long.toString(self)))
                .filter(process -> text(process.resolve("cmdline")).contains(folder.toString())
                        || text(process.resolve("environ")).contains(folder.toString()))
                .map(process -> text(process.resolve("cmdline")).replace('\0', ' '))
                .toList();
    }

    private static List<String> commandLines() {
        return processes().stream()
                .map(process -> text(process.resolve("cmdline")).replace('\0', ' '))
                .toList();
    }

    private static List<Path> processes() {
        return names(Path.of("/proc")).stream()
                .filter(name -> name.chars().allMatch(Character::isDigit))
                .map(name -> Path.of("/proc", name))
                .toList();
    }

    private static void add(Set<String> lines, String kind, List<String> things) {
        things.forEach(thing -> lines.add(kind + thing));
    }

    private static List<String> names(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::getFileName)
                    .filter(Objects::nonNull)
                    .map(Path::toString)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The content, or nothing when the process that the file speaks of has ended or belongs to another user. */
    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
