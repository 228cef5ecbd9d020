package dev.orkestra.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What each target begins with: the files of the sample repository and of the tests, and what was found before. */
enum Corpus {
    DOCUMENT(DocumentTarget.class, DocumentTarget::fuzzerTestOneInput) {
        @Override
        Map<String, byte[]> seeds() {
            Map<String, byte[]> seeds = new TreeMap<>(yamlBelow(SAMPLE));
            seeds.putAll(yamlBelow(RESOURCES));
            return seeds;
        }
    },
    TEMPLATE(TemplateTarget.class, TemplateTarget::fuzzerTestOneInput) {
        @Override
        Map<String, byte[]> seeds() {
            Map<String, byte[]> seeds = new TreeMap<>(yamlBelow(SAMPLE));
            seeds.putAll(yamlBelow(RESOURCES));
            seeds.values().removeIf(bytes -> !new String(bytes, UTF_8).contains("{{"));
            return seeds;
        }
    },
    COMPOSER(ComposerTarget.class, ComposerTarget::fuzzerTestOneInput) {
        @Override
        Map<String, byte[]> seeds() {
            Map<String, byte[]> seeds = new TreeMap<>();
            Path operators = SAMPLE.resolve("operator-definitions");
            addSets(operators, operators.resolve("overlays"), seeds);
            Path cases = RESOURCES.resolve("katalog");
            addSets(cases, cases, seeds);
            return seeds;
        }
    };

    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Path SAMPLE = Path.of("../sample-repo");

    private final Class<?> target;
    private final Consumer<byte[]> entryPoint;

    Corpus(Class<?> target, Consumer<byte[]> entryPoint) {
        this.target = target;
        this.entryPoint = entryPoint;
    }

    /** Inputs from files that are there for another reason, by a name that people can find them under. */
    abstract Map<String, byte[]> seeds();

    /** Inputs that broke a promise once, and such as reach far. */
    Map<String, byte[]> regressions() {
        return filesBelow(folder(), "");
    }

    /** The committed part. */
    Path folder() {
        return RESOURCES.resolve("fuzz").resolve(label());
    }

    Class<?> target() {
        return target;
    }

    String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    void run(byte[] input) {
        entryPoint.accept(input);
    }

    /** One set for each file below {@code entries}: the file itself as the entry, and all bases below {@code root}. */
    private static void addSets(Path root, Path entries, Map<String, byte[]> seeds) {
        Map<String, byte[]> bases = yamlBelow(root.resolve("base"));
        yamlBelow(entries).forEach((name, bytes) -> {
            Path from = Objects.requireNonNull(Path.of(name).getParent());
            Map<String, byte[]> set = new LinkedHashMap<>();
            set.put(FileSet.ENTRY, bytes);
            bases.forEach((base, content) -> set.put(
                    Path.of(FileSet.ENTRY)
                            .resolveSibling(from.relativize(Path.of(base)))
                            .normalize()
                            .toString(),
                    content));
            seeds.put(name, new FileSet(set).bytes());
        });
    }

    private static Map<String, byte[]> yamlBelow(Path folder) {
        return filesBelow(folder, ".yaml");
    }

    private static Map<String, byte[]> filesBelow(Path folder, String suffix) {
        Map<String, byte[]> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.toString().endsWith(suffix)) {
                    found.put(file.toString(), Files.readAllBytes(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
