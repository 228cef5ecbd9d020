package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelmProgramTest {
    @TempDir
    Path temp;

    private static Optional<Path> find(Optional<Path> told, Map<String, String> variables) {
        return HelmProgram.find(told, name -> Optional.ofNullable(variables.get(name)));
    }

    @Test
    void whatIsToldGoesBeforeTheVariableAndThatBeforeThePath() throws IOException {
        Path none = Files.createDirectory(temp.resolve("none"));
        Path folder = Files.createDirectory(temp.resolve("bin"));
        Path program = Files.createFile(
                folder.resolve("helm"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        String path = none + ":" + folder;
        Map<String, String> both = Map.of("ORK_HELM", "/opt/helm", "PATH", path);
        assertThat(find(Optional.of(Path.of("/told/helm")), both)).contains(Path.of("/told/helm"));
        assertThat(find(Optional.empty(), both)).contains(Path.of("/opt/helm"));
        assertThat(find(Optional.empty(), Map.of("PATH", path))).contains(program);
        assertThat(find(Optional.empty(), Map.of("PATH", none + "::relative", "ORK_HELM", "")))
                .isEmpty();
        assertThat(find(Optional.empty(), Map.of())).isEmpty();
    }
}
