package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.group.Groups;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts that people read, kept as files. {@code -Dorkestra.golden=write} writes them anew: read the diff then. */
final class Golden {
    private Golden() {}

    static void check(String name, String actual) {
        if ("write".equals(System.getProperty("orkestra.golden"))) {
            try {
                Files.writeString(Path.of("src/test/resources", name), actual);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        assertThat(actual).isEqualTo(Groups.text("/" + name));
    }
}
