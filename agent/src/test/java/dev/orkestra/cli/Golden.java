package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Golden files. With {@code -Dorkestra.golden=write} they are written anew; look at the difference. */
final class Golden {
    private static final Path FOLDER = Path.of("src/test/resources/cli");

    private Golden() {}

    static Path folder() {
        return FOLDER;
    }

    static void assertMatches(String name, String text) throws IOException {
        Path golden = FOLDER.resolve(name);
        if ("write".equals(System.getProperty("orkestra.golden"))) {
            Files.createDirectories(golden.getParent());
            Files.writeString(golden, text);
        }
        assertThat(text).isEqualTo(Files.readString(golden));
    }

    /** Copies a folder with all that is below it. */
    static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
