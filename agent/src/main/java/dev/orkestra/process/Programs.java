package dev.orkestra.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Where programs are. */
public final class Programs {
    private Programs() {}

    /**
     * What the caller was told, else what {@code variable} names, else {@code name} in a folder of {@code PATH}. Whether
     * there is a program is looked at for {@code PATH} only: a wrong name is told, not passed over.
     *
     * @param variables values of the caller's environment
     */
    public static Optional<Path> find(
            Optional<Path> told, Function<String, Optional<String>> variables, String variable, String name) {
        return told.or(() -> variables
                        .apply(variable)
                        .filter(value -> !value.isEmpty())
                        .flatMap(Programs::path))
                .map(Path::toAbsolutePath)
                .or(() -> onPath(variables, name));
    }

    /** Whether {@code file} can be started. */
    public static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private static Optional<Path> onPath(Function<String, Optional<String>> variables, String name) {
        for (String folder : variables.apply("PATH").orElse("").split(File.pathSeparator, -1)) {
            Optional<Path> program = path(folder).filter(Path::isAbsolute).map(each -> each.resolve(name));
            if (program.filter(Programs::isProgram).isPresent()) {
                return program;
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
