package dev.orkestra.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Pictures that people look at, kept as files. {@code -Dorkestra.golden=write} writes them anew: read the diff then. */
final class Golden {
    private static final Path FOLDER = Path.of("src/test/resources/group");

    private Golden() {}

    static void check(String name, String actual) {
        Path golden = FOLDER.resolve(name);
        try {
            if ("write".equals(System.getProperty("orkestra.golden"))) {
                Files.createDirectories(golden.getParent());
                Files.writeString(golden, actual);
            }
            assertThat(actual).isEqualTo(Files.readString(golden));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
