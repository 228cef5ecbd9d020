package dev.orkestra.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * An example of a rule: a file {@code fails*.yaml} that breaks it, with what {@code ork validate} says of it in the
 * {@code .txt} beside it, or a file {@code passes*.yaml} that does not. A folder of such a name is a repository, and is
 * checked as {@code ork validate --repo} does.
 *
 * @param rule id of the rule: the name of the folder above
 * @param path the file or folder
 */
record RuleFixture(String rule, Path path) {
    static final Path FOLDER = Path.of("src/test/resources/rules");

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
        return Files.isDirectory(path);
    }

    /** What people would run, seen from the rule's folder. */
    String command() {
        return isRepository() ? "validate --repo " + name() : "validate -f " + name();
    }

    Ran run() {
        return Ran.in(FOLDER.resolve(rule), command().split(" "));
    }

    /** Where it is written down what the command says. */
    Path golden() {
        return FOLDER.resolve(rule).resolve(name().replace(".yaml", "") + ".txt");
    }
}
