package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    private Path folder;

    @Test
    void anOldFileKeepsItsPermissionsAndOpenReadersTheirText() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        try (var reader = Files.newBufferedReader(file)) {
            assertThat(WholeFile.write(file, "new")).isEmpty();
            assertThat(reader.readLine()).isEqualTo("old");
        }
        assertThat(file).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(names()).containsExactly("a.yaml");
    }

    @Test
    void aLinkStaysOneAndItsTargetIsWritten() throws IOException {
        Path target = Files.writeString(folder.resolve("target.yaml"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), target);

        assertThat(WholeFile.write(link, "new")).isEmpty();

        assertThat(link).isSymbolicLink();
        assertThat(target).hasContent("new");
    }

    @Test
    void whatIsNoFileIsLeftAlone() throws IOException {
        assertThat(WholeFile.write(Path.of("/dev/null"), "new")).contains("it is there and is not a file");
        assertThat(WholeFile.write(folder, "new")).contains("it is there and is not a file");
        assertThat(WholeFile.write(folder.resolve("nowhere/a.yaml"), "new")).contains("its folder is not there");
        assertThat(names()).isEmpty();
    }

    @Test
    void nothingIsLeftBesideAFileThatCannotBeReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "old");

        assertThat(WholeFile.write(file.resolve("b.yaml"), "new")).isPresent();

        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("a.yaml");
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }
}
