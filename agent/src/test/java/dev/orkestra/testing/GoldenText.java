package dev.orkestra.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text that people read, held against a file below {@code src/test/resources}. */
public final class GoldenText {
    private GoldenText() {}

    /** With {@code -Dorkestra.golden=write} the file is written anew; look at the difference. */
    public static void check(String name, String actual) {
        Path golden = Path.of("src/test/resources", name);
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
