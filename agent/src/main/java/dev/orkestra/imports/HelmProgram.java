package dev.orkestra.imports;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Where the Helm program is. */
public final class HelmProgram {
    private static final String VARIABLE = "ORK_HELM";

    private HelmProgram() {}

    /**
     * What the caller was told, else what the variable {@code ORK_HELM} names, else {@code helm} in a folder of
     * {@code PATH}. Whether there is a program is looked at for {@code PATH} only: a wrong name is told, not passed over.
     */
    public static Optional<Path> find(Optional<Path> told, Variables variables) {
        return told.or(() -> variables
                        .value(VARIABLE)
                        .filter(name -> !name.isEmpty())
                        .flatMap(HelmProgram::path))
                .map(Path::toAbsolutePath)
                .or(() -> onPath(variables));
    }

    private static Optional<Path> onPath(Variables variables) {
        for (String folder : variables.value("PATH").orElse("").split(File.pathSeparator, -1)) {
            Optional<Path> program = path(folder).filter(Path::isAbsolute).map(each -> each.resolve("helm"));
            if (program.filter(HelmProgram::isProgram).isPresent()) {
                return program;
            }
        }
        return Optional.empty();
    }

    static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
