package dev.orkestra.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An example of a rule: a file {@code fails*.yaml} that breaks it, with what {@code ork validate} says of it in the
 * {@code .txt} beside it, or a file {@code passes*.yaml} that does not. A folder of such a name is an example of several
 * files: {@code ork validate} runs in it. One with a {@code configrepo.yaml} is a repository, and is checked as {@code ork
 * validate --repo} does.
 *
 * @param rule id of the rule: the name of the folder above
 * @param path the file or folder
 */
record RuleFixture(String rule, Path path) {
    static final Path FOLDER = Path.of("src/test/resources/rules");

    private static final Set<String> ENTRIES = Set.of("configrepo.yaml", "komposer.yaml", "katalog.yaml");

    static List<RuleFixture> all() throws IOException {
        try (Stream<Path> paths = Files.walk(FOLDER, 2)) {
            return paths.filter(path -> FOLDER.relativize(path).getNameCount() == 2)
                    .filter(path -> name(path).startsWith("fails") || name(path).startsWith("passes"))
                    .filter(path -> Files.isDirectory(path) || name(path).endsWith(".yaml"))
                    .map(path -> new RuleFixture(name(FOLDER.relativize(path).subpath(0, 1)), path))
                    .sorted((one, other) -> one.path().compareTo(other.path()))
                    .toList();
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    String name() {
        return name(path);
    }

    boolean fails() {
        return name().startsWith("fails");
    }

    boolean isRepository() {
        return Files.exists(path.resolve("configrepo.yaml"));
    }

    /** What people would run, in {@link #folder}. */
    String command() {
        if (Files.isDirectory(path)) {
            return isRepository() ? "validate --repo " + name() : "validate";
        }
        return "validate -f " + name();
    }

    /** Where the command runs. */
    Path folder() {
        return Files.isDirectory(path) && !isRepository() ? path : FOLDER.resolve(rule);
    }

    Ran run() {
        return Ran.in(folder(), command().split(" "));
    }

    /** The files of the example, by their names in what the command says; the entry first. */
    List<Path> files() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .sorted(Comparator.<Path, Boolean>comparing(file -> !ENTRIES.contains(name(file)))
                            .thenComparing(Comparator.naturalOrder()))
                    .toList();
        }
    }

    /** Where it is written down what the command says. */
    Path golden() {
        return FOLDER.resolve(rule).resolve(name().replace(".yaml", "") + ".txt");
    }
}
