package dev.orkestra.imports;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.ChartTrouble;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.GoDuration;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.process.ChildProcesses;
import dev.orkestra.process.Command;
import dev.orkestra.process.Ended;
import dev.orkestra.process.MemoryBound;
import dev.orkestra.process.Programs;
import java.io.IOException;
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
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renders charts with the real Helm: {@code helm template}, a child process with an empty environment and a home of its
 * own, in a folder that only this user can read and that is gone afterwards. It knows no cluster, so {@code lookup}
 * finds nothing, and it fetches nothing. Hooks are left out, as upstream leaves them out.
 */
public final class HelmRendering {
    private static final Logger LOG = LoggerFactory.getLogger(HelmRendering.class);
    /** Upstream renders under this name, and templates see it. */
    private static final String RELEASE = "orkestra-render";
    /** Ten times what Helm takes for a small chart (50 MiB with Helm 3.22). */
    private static final long MAX_MEMORY_BYTES = 512L << 20;
    /** What file systems of Linux take of one name, in bytes. */
    private static final int MAX_NAME_BYTES = 255;

    private final ChildProcesses processes;
    private final Settings settings;

    public HelmRendering(ChildProcesses processes, Settings settings) {
        this.processes = processes;
        this.settings = settings;
    }

    /**
     * @param helm absolute path of the Helm 3 program, see {@link HelmProgram}; empty when there is none
     * @param folder where the folders of calls are made; made when absent
     * @param deadline of one call
     * @param maxOutputBytes limit of what one call prints
     */
    public record Settings(Optional<Path> helm, Path folder, Duration deadline, int maxOutputBytes) {
        public Settings {
            folder = folder.toAbsolutePath();
        }

        /** 30 s, a thousand times what a small chart takes (java-stack.md §6); 16 MiB. */
        public static Settings standard(Optional<Path> helm, Path folder) {
            return new Settings(helm, folder, Duration.ofSeconds(30), 16 << 20);
        }
    }

    /** What Helm prints for the chart: a stream of YAML documents. */
    public Provided provide(Need.Rendering need) {
        Optional<ObjectNode> values = HelmValues.of(need);
        if (values.isEmpty()) {
            return failed("a layer of values is no mapping", "write keys and values, such as 'replicas: 2'");
        }
        Optional<Provided.Unreadable> refused = refused(need.chart());
        if (refused.isPresent()) {
            return refused.get();
        }
        Path call = null;
        try {
            call = Files.createTempDirectory(
                    Files.createDirectories(settings.folder()),
                    "render",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return rendered(call, need.chart(), values.get());
        } catch (FileAlreadyExistsException e) {
            return failed("the chart has a file where it has a folder too", "rename one of them");
        } catch (IOException e) {
            // A full disk may be emptied, so this may pass. Its text may hold the folder's path.
            return new Provided.Unreadable(
                    ErrorCode.ImportFailed,
                    "the chart cannot be handed to Helm (" + e.getClass().getSimpleName() + ")",
                    "see whether there is room for temporary files");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Provided.Unreadable(ErrorCode.ImportFailed, "the rendering was interrupted", "try again");
        } finally {
            if (call != null) {
                delete(call);
            }
        }
    }

    private Optional<Provided.Unreadable> refused(Provided.Files chart) {
        if (settings.helm().isEmpty()) {
            return Optional.of(failed(
                    "Helm is needed to render it, and there is none",
                    "install Helm 3, or name the program with --helm or in the variable ORK_HELM"));
        }
        if (!Programs.isProgram(settings.helm().get())) {
            return Optional.of(failed(
                    "Helm is needed to render it, and " + settings.helm().get() + " is no program",
                    "name Helm 3 with --helm or in the variable ORK_HELM"));
        }
        try {
            return ChartSchemas.leadingOut(chart.contents())
                    .map(reference -> new Provided.Unreadable(
                            ErrorCode.OutsideRoot,
                            "a schema of the chart refers to something outside of it: " + reference,
                            "write what it refers to into the schema"));
        } catch (ChartTrouble e) {
            return Optional.of(
                    e.kind() == ChartTrouble.Kind.TOO_LARGE
                            ? new Provided.Unreadable(ErrorCode.LimitExceeded, String.valueOf(e.getMessage()), e.hint())
                            : failed(String.valueOf(e.getMessage()), e.hint()));
        }
    }

    private Provided rendered(Path call, Provided.Files chart, ObjectNode values)
            throws IOException, InterruptedException {
        Path folder = call.resolve("chart");
        for (Map.Entry<String, byte[]> file : chart.contents().entrySet()) {
            Optional<Path> resolved = resolved(folder, file.getKey());
            if (resolved.isEmpty()) {
                return failed(
                        "the chart has a file whose name cannot be written here: '" + shown(file.getKey()) + "'",
                        "set LC_ALL=C.UTF-8 for names beyond ASCII, or rename it; at most " + MAX_NAME_BYTES
                                + " bytes a name");
            }
            Path place = resolved.get();
            if (!place.startsWith(folder) || place.equals(folder)) {
                return new Provided.Unreadable(
                        ErrorCode.OutsideRoot, "a file of the chart leads out of it", "rename it");
            }
            Files.createDirectories(place.getParent());
            Files.write(place, file.getValue(), StandardOpenOption.CREATE_NEW);
        }
        Path valuesFile = call.resolve("values.json");
        Files.write(valuesFile, CanonicalJson.bytes(values), StandardOpenOption.CREATE_NEW);
        Ended ended = processes.run(new Command(
                arguments(folder, valuesFile),
                environment(Files.createDirectory(call.resolve("home"))),
                call,
                new byte[0],
                settings.deadline(),
                settings.maxOutputBytes()));
        return switch (ended.how()) {
            case DEADLINE ->
                // On a busy machine this may pass.
                new Provided.Unreadable(
                        ErrorCode.ImportFailed,
                        "Helm did not end within " + GoDuration.text(settings.deadline())
                                + ", a fixed bound, and was stopped",
                        "look for endless loops in the chart's templates, and whether the machine is overloaded");
            case TOO_MUCH_OUTPUT ->
                new Provided.Unreadable(
                        ErrorCode.LimitExceeded,
                        "Helm printed more than " + (settings.maxOutputBytes() >> 20)
                                + " MiB, a fixed bound, and was stopped",
                        "let the chart render less");
            case EXITED ->
                ended.succeeded()
                        ? new Provided.Content(ended.standardOutput().getBytes(StandardCharsets.UTF_8))
                        : outOfMemory(ended.standardError())
                                ? failed(
                                        "Helm needs more than " + (MAX_MEMORY_BYTES >> 20)
                                                + " MiB of memory, a fixed bound, and was stopped",
                                        "look for templates that build lists or text without end")
                                : HelmWords.unreadable(ended.standardError(), folder.toString());
        };
    }

    /** Empty for names that this machine has no characters for, or that are too long for it. */
    private static Optional<Path> resolved(Path folder, String name) {
        for (String part : name.split("/", -1)) {
            if (part.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(folder.resolve(name).normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static String shown(String name) {
        String start = name.length() > 60 ? name.substring(0, 60) + "…" : name;
        return start.replaceAll("\\p{Cntrl}", "?");
    }

    /** Go's runtime says it in lines of its own; a template that speaks of it does so in Helm's line of the error. */
    private static boolean outOfMemory(String standardError) {
        return standardError
                .lines()
                .anyMatch(line -> line.startsWith("fatal error: ") && line.contains("out of memory")
                        || line.startsWith("runtime: out of memory")
                        || line.startsWith("runtime/cgo: pthread_create failed"));
    }

    /** {@code --no-hooks}: upstream reads the release's manifest, which has none. */
    private List<String> arguments(Path folder, Path values) {
        List<String> helm = List.of(
                settings.helm().orElseThrow().toString(),
                "template",
                RELEASE,
                folder.toString(),
                "--include-crds",
                "--no-hooks",
                "--values",
                values.toString());
        return MemoryBound.within(MAX_MEMORY_BYTES, helm);
    }

    /** {@code GOMAXPROCS}: each thread takes 8 MiB of the memory for its stack, on machines with many cores too. */
    private static Map<String, String> environment(Path home) {
        return Map.of(
                "GOMAXPROCS", "2",
                "HOME", home.toString(),
                "TMPDIR", home.toString(),
                "HELM_CACHE_HOME", home.resolve("cache").toString(),
                "HELM_CONFIG_HOME", home.resolve("config").toString(),
                "HELM_DATA_HOME", home.resolve("data").toString(),
                "KUBECONFIG", home.resolve("none").toString());
    }

    private static Provided.Unreadable failed(String message, String hint) {
        return new Provided.Unreadable(ErrorCode.RenderFailed, message, hint);
    }

    /** What cannot be deleted is left to whoever tidies up temporary files: the rendering itself is done. */
    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            LOG.warn("a folder of a rendering cannot be removed: {}", folder);
        }
    }
}
