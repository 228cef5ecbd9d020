package dev.orkestra.kustomize;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.process.ChildProcesses;
import dev.orkestra.process.Command;
import dev.orkestra.process.Ended;
import dev.orkestra.process.MemoryBound;
import dev.orkestra.process.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds with the real kustomize: a child process with an empty environment and a home of its own, in a folder that only
 * this user can read, that holds nothing but the inputs, and that is gone afterwards.
 *
 * <p>What would be fetched or run is refused before ({@link InputWalk}). Should that have a hole, this holds: plugins
 * and Helm stay off as kustomize has them by itself, files are read from below a kustomization only, there is no
 * {@code PATH} and so no Git, and web addresses are asked of a proxy that is not there.
 */
public final class KustomizeProgram implements KustomizeBuild {
    private static final Logger LOG = LoggerFactory.getLogger(KustomizeProgram.class);
    /** Several times what a thousand objects take (60 MiB with kustomize 5.8). */
    private static final long MAX_MEMORY_BYTES = 384L << 20;

    /** From here on Go's collector works harder, also where nothing bounds the child from outside. */
    private static final String SOFT_LIMIT = "192MiB";

    /** What file systems of Linux take of one name, in bytes. */
    private static final int MAX_NAME_BYTES = 255;

    private static final String NO_PROXY = "http://127.0.0.1:9";

    private final ChildProcesses processes;
    private final Settings settings;
    /** One child at a time: their memory comes on top of that of this process. */
    private final Semaphore turn = new Semaphore(1, true);

    public KustomizeProgram(ChildProcesses processes, Settings settings) {
        this.processes = processes;
        this.settings = settings;
    }

    /**
     * @param kustomize absolute path of the program; empty when there is none
     * @param folder where the folders of calls are made; made when absent
     * @param deadline of one call
     * @param maxOutputBytes limit of what one call prints
     */
    public record Settings(Optional<Path> kustomize, Path folder, Duration deadline, int maxOutputBytes) {
        public Settings {
            folder = folder.toAbsolutePath();
        }

        /** 60 s, forty times what a thousand objects take; 64 MiB, as the layers may hold. */
        public static Settings standard(Optional<Path> kustomize, Path folder) {
            return new Settings(kustomize, folder, Duration.ofSeconds(60), 64 << 20);
        }
    }

    /** Removes what builds left behind that were killed: it may hold what generators of Secrets were given. */
    public void tidy() {
        if (Files.isDirectory(settings.folder())) {
            delete(settings.folder());
        }
    }

    /** What the caller was told, else what the variable {@code ORK_KUSTOMIZE} names, else {@code kustomize} on the path. */
    public static Optional<Path> find(Optional<Path> told, Function<String, Optional<String>> variables) {
        return Programs.find(told, variables, "ORK_KUSTOMIZE", "kustomize");
    }

    @Override
    public Built build(BuildInputs inputs) {
        if (settings.kustomize().isEmpty()) {
            return NONE.build(inputs);
        }
        if (!Programs.isProgram(settings.kustomize().get())) {
            return new Built.Failed(
                    ErrorCode.ImportFailed,
                    "kustomize is needed to build this folder, and "
                            + settings.kustomize().get() + " is no program",
                    "name kustomize 5 with --kustomize or in the variable ORK_KUSTOMIZE");
        }
        Path call = null;
        try {
            call = Files.createTempDirectory(
                    Files.createDirectories(settings.folder()),
                    "build",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return built(call.toRealPath(), inputs);
        } catch (FileAlreadyExistsException | InvalidPathException e) {
            return new Built.Failed(
                    ErrorCode.InvalidName,
                    "a file that the kustomization names cannot be written here under its name",
                    "set LC_ALL=C.UTF-8 for names beyond ASCII, or rename it; names that differ in their case only are"
                            + " one file on some machines");
        } catch (IOException e) {
            // A full disk may be emptied, so this may pass. Its text may hold the folder's path.
            return new Built.Failed(
                    ErrorCode.ImportFailed,
                    "the folder cannot be handed to kustomize (" + e.getClass().getSimpleName() + ")",
                    "see whether there is room for temporary files");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Built.Failed(ErrorCode.ImportFailed, "the build was interrupted", "try again");
        } finally {
            if (call != null) {
                delete(call);
            }
        }
    }

    private Built built(Path call, BuildInputs inputs) throws IOException, InterruptedException {
        Path repository = Files.createDirectory(call.resolve("repo"));
        for (Map.Entry<String, byte[]> file : inputs.files().entrySet()) {
            Path place = repository.resolve(file.getKey()).normalize();
            if (!place.startsWith(repository) || place.equals(repository)) {
                throw new IllegalArgumentException("an input leads out of the repository: " + file.getKey());
            }
            checkName(file.getKey());
            Files.createDirectories(Objects.requireNonNull(place.getParent(), "it lies in the repository"));
            Files.write(place, file.getValue(), StandardOpenOption.CREATE_NEW);
        }
        Path top = Files.createDirectory(call.resolve("top"));
        Files.writeString(top.resolve("kustomization.yaml"), top(inputs), StandardOpenOption.CREATE_NEW);
        Command command = new Command(
                arguments(top),
                environment(Files.createDirectory(call.resolve("home"))),
                call,
                new byte[0],
                settings.deadline(),
                settings.maxOutputBytes());
        turn.acquire();
        Ended ended;
        try {
            ended = processes.run(command);
        } finally {
            turn.release();
        }
        return switch (ended.how()) {
            case DEADLINE ->
                new Built.Failed(
                        ErrorCode.ImportFailed,
                        "kustomize did not end within " + settings.deadline().toSeconds()
                                + " s, a fixed bound, and was stopped",
                        "see whether the machine is overloaded, or split the folder");
            case TOO_MUCH_OUTPUT ->
                new Built.Failed(
                        ErrorCode.LimitExceeded,
                        "kustomize printed more than " + (settings.maxOutputBytes() >> 20)
                                + " MiB, a fixed bound, and was stopped",
                        "split the folder");
            case EXITED -> exited(ended, call, repository);
        };
    }

    private static void checkName(String path) {
        for (String part : path.split("/", -1)) {
            if (part.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
                throw new InvalidPathException(path, "a name is too long");
            }
        }
    }

    private static Built exited(Ended ended, Path call, Path repository) {
        if (ended.succeeded()) {
            return new Built.Objects(ended.standardOutput());
        }
        if (outOfMemory(ended.standardError())) {
            return new Built.Failed(
                    ErrorCode.LimitExceeded,
                    "kustomize needs more than " + (MAX_MEMORY_BYTES >> 20)
                            + " MiB of memory, a fixed bound, and was stopped",
                    "split the folder");
        }
        return new Built.Refused(ended.standardError()
                .replace(repository + "/", "")
                .replace(repository.toString(), "")
                .replace(BuildInputs.PREFIX, "")
                .replace(call.toString(), ""));
    }

    /** Kustomize starts from a folder of ours, so that origins are annotated whatever the commit says of it. */
    private static String top(BuildInputs inputs) {
        String folder = inputs.folder().isEmpty() ? "../repo" : BuildInputs.PREFIX + inputs.folder();
        ObjectNode top = JsonNodeFactory.instance.objectNode();
        top.putArray("resources").add(folder);
        ArrayNode metadata = top.putArray("buildMetadata");
        TreeSet<String> all = new TreeSet<>(inputs.metadata());
        all.add("originAnnotations");
        all.forEach(metadata::add);
        return CanonicalJson.text(top);
    }

    private List<String> arguments(Path top) {
        return MemoryBound.within(
                MAX_MEMORY_BYTES,
                List.of(
                        settings.kustomize().orElseThrow().toString(),
                        "build",
                        "--load-restrictor",
                        "LoadRestrictionsRootOnly",
                        top.toString()));
    }

    private static Map<String, String> environment(Path home) {
        return Map.of(
                "GOMAXPROCS",
                "2",
                "GOMEMLIMIT",
                SOFT_LIMIT,
                "HOME",
                home.toString(),
                "TMPDIR",
                home.toString(),
                "XDG_CONFIG_HOME",
                home.toString(),
                "HTTP_PROXY",
                NO_PROXY,
                "HTTPS_PROXY",
                NO_PROXY);
    }

    /** Go's runtime says it in lines of its own. */
    private static boolean outOfMemory(String standardError) {
        return standardError
                .lines()
                .anyMatch(line -> line.startsWith("fatal error: ") && line.contains("out of memory")
                        || line.startsWith("runtime: out of memory")
                        || line.startsWith("runtime/cgo: pthread_create failed"));
    }

    /** What cannot be deleted is left to whoever tidies up temporary files: the build itself is done. */
    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("a folder of a build cannot be removed: {}", folder);
        }
    }
}
