package dev.orkestra.katalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.Limits;
import dev.orkestra.outcome.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One folder below {@code katalog/compose}: a small repository, what its network holds, and what comes of composing it.
 *
 * <p>Files that are not part of the repository:
 *
 * <ul>
 *   <li>{@code entry}: the path to compose; without it {@code komposer.yaml}, else {@code katalog.yaml}
 *   <li>{@code needs.txt}: a line for each thing that is no file of the repository, {@code KEY => ANSWER}. The key is
 *       {@link Need#key()}, with credentials {@code with VARIABLE} or {@code with USER:PASSWORD} behind it; for what Helm
 *       renders {@code render: NAME}, with the chart's name, since the real key is a digest. The answer is a file or a folder of this case, for a folder perhaps with {@code @ RESOLVED} behind it;
 *       {@code absent}; {@code unreadable CODE MESSAGE | HINT}; for a variable its value
 *   <li>{@code lock-mode}: a {@link LockMode}; without it {@code CHECKED}
 *   <li>{@code limits}: {@code NAME=VALUE} lines for {@link ImportLimits}, and {@code maxNodes} of {@link Limits}
 *   <li>{@code schema}: a {@link SchemaMode}; without it {@code ANY}
 *   <li>{@code expected.yaml}, {@code findings.txt}, {@code pins.txt}: what comes of it
 * </ul>
 */
final class CompositionCase implements InputSource {
    private static final Set<String> OUTSIDE =
            Set.of("entry", "needs.txt", "lock-mode", "limits", "schema", "expected.yaml", "findings.txt", "pins.txt");

    private static final String MAX_NODES = "maxNodes=";

    private final Path folder;
    private final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, String> answers = new LinkedHashMap<>();
    private final Set<String> unused;

    CompositionCase(Path folder) {
        this.folder = folder;
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(path).toString().replace('\\', '/'), Files.readAllBytes(path));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lines("needs.txt").forEach(line -> {
            String[] sides = line.split(" => ", 2);
            answers.put(sides[0], sides[1]);
        });
        unused = new TreeSet<>(answers.keySet());
    }

    Path folder() {
        return folder;
    }

    /** Lines of {@code needs.txt} that nothing has asked for. */
    Set<String> unused() {
        return unused;
    }

    ComposeRequest request() {
        String entry = lines("entry")
                .findFirst()
                .orElse(files.containsKey("komposer.yaml") ? "komposer.yaml" : "katalog.yaml");
        return ComposeRequest.of(entry)
                .withLimits(documentLimits(), limits())
                .withLock(LockMode.valueOf(lines("lock-mode").findFirst().orElse("CHECKED")))
                .withSchema(SchemaMode.valueOf(lines("schema").findFirst().orElse("ANY")));
    }

    private Limits documentLimits() {
        Limits defaults = Limits.DEFAULTS;
        int nodes = lines("limits")
                .filter(line -> line.startsWith(MAX_NODES))
                .map(line -> Integer.parseInt(line.substring(MAX_NODES.length())))
                .findFirst()
                .orElse(defaults.maxNodes());
        return new Limits(
                defaults.maxBytes(), defaults.maxDepth(), defaults.maxAliases(), defaults.maxDocuments(), nodes);
    }

    private ImportLimits limits() {
        ImportLimits limits = ImportLimits.DEFAULTS;
        for (String line :
                lines("limits").filter(line -> !line.startsWith(MAX_NODES)).toList()) {
            String name = line.substring(0, line.indexOf('='));
            long value = Long.parseLong(line.substring(line.indexOf('=') + 1));
            limits = switch (name) {
                case "maxImportDepth" ->
                    new ImportLimits((int) value, limits.maxImports(), limits.maxImportBytes(), limits.maxImportTime());
                case "maxImports" ->
                    new ImportLimits(
                            limits.maxImportDepth(), (int) value, limits.maxImportBytes(), limits.maxImportTime());
                case "maxImportBytes" ->
                    new ImportLimits(limits.maxImportDepth(), limits.maxImports(), value, limits.maxImportTime());
                case "maxImportTime" ->
                    new ImportLimits(
                            limits.maxImportDepth(),
                            limits.maxImports(),
                            limits.maxImportBytes(),
                            Duration.ofSeconds(value));
                default -> throw new IllegalArgumentException("no such limit: " + name);
            };
        }
        return limits;
    }

    /** A file of this case that is no part of the repository; empty where it is missing. */
    Optional<String> text(String name) {
        return Optional.ofNullable(files.get(name)).map(bytes -> new String(bytes, UTF_8));
    }

    private Stream<String> lines(String name) {
        return text(name).stream().flatMap(String::lines).filter(line -> !line.isBlank());
    }

    @Override
    public Provided provide(Need need) {
        String name = name(need);
        String answer = answers.get(name);
        unused.remove(name);
        return switch (need) {
            case Need.RepositoryFile(String path, var _)
            when answer == null -> Provided.of(Optional.ofNullable(OUTSIDE.contains(path) ? null : files.get(path)));
            case Need.RepositoryFolder(String path, var _)
            when answer == null -> below(path).isEmpty() ? new Provided.Absent() : Provided.Files.of(below(path), "");
            case Need.Variable _
            when answer != null && !answer.equals("absent") && !answer.startsWith("unreadable ") ->
                new Provided.Content(answer.getBytes(UTF_8));
            case Need.Rendering rendering
            when answer != null && files.containsKey(answer) ->
                new Provided.Content(rendered(text(answer).orElseThrow(), rendering));
            case Need _
            when answer == null -> throw new AssertionError("needs.txt of " + folder + " has no answer for " + name);
            case Need _ -> answer(answer);
        };
    }

    private static String name(Need need) {
        return switch (need) {
            case Need.Rendering rendering -> "render: " + chartName(rendering);
            case Need.Remote remote
            when remote.auth().isPresent() ->
                remote.key()
                        + switch (remote.auth().get()) {
                            case ImportAuth.Token(String variable) -> " with " + variable;
                            case ImportAuth.Basic(String user, String password) -> " with " + user + ":" + password;
                        };
            default -> need.key();
        };
    }

    private Provided answer(String answer) {
        if (answer.equals("absent")) {
            return new Provided.Absent();
        }
        if (answer.startsWith("unreadable ")) {
            String[] words = answer.split(" ", 3);
            String[] text = words[2].split(" \\| ", 2);
            return new Provided.Unreadable(ErrorCode.valueOf(words[1]), text[0], text.length > 1 ? text[1] : "");
        }
        String[] parts = answer.split(" @ ", 2);
        Map<String, byte[]> contents =
                files.containsKey(parts[0]) ? Map.of("file", files.get(parts[0])) : below(parts[0]);
        if (contents.isEmpty()) {
            throw new AssertionError("needs.txt of " + folder + ": there is no " + parts[0]);
        }
        return Provided.Files.of(contents, parts.length > 1 ? parts[1] : "");
    }

    private Map<String, byte[]> below(String path) {
        String prefix = path.isEmpty() ? "" : path + "/";
        Map<String, byte[]> below = new TreeMap<>();
        files.forEach((name, bytes) -> {
            if (name.startsWith(prefix)) {
                below.put(name.substring(prefix.length()), bytes);
            }
        });
        return below;
    }

    private static String chartName(Need.Rendering rendering) {
        byte[] chart = rendering.chart().contents().getOrDefault("Chart.yaml", new byte[0]);
        return new String(chart, UTF_8)
                .lines()
                .filter(line -> line.startsWith("name: "))
                .map(line -> line.substring("name: ".length()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("a chart to render has no Chart.yaml with a name"));
    }

    /** The answer with what Helm was given in the place of {@code @VALUE_FILES@} and {@code @VALUES@}. */
    private static byte[] rendered(String text, Need.Rendering rendering) {
        var valueFiles = JsonNodeFactory.instance.arrayNode().addAll(rendering.valueFiles());
        return text.replace("@VALUE_FILES@", CanonicalJson.text(valueFiles))
                .replace("@VALUES@", CanonicalJson.text(rendering.values()))
                .getBytes(UTF_8);
    }
}
