package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.katalog.ImportAuth;
import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Pin;
import dev.orkestra.katalog.Provided;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Imports for tests, with small limits, and what is asked of them. */
final class Imports {
    /** Long enough for a machine under load, short enough to wait for. */
    static final ImportLimits LIMITS = new ImportLimits(5, 100, 1 << 20, Duration.ofSeconds(20));

    static final ImportLimits HASTY = new ImportLimits(5, 100, 1 << 20, Duration.ofMillis(700));

    static final RemoteImports.Others NO_OTHERS = new RemoteImports.Others(
            _ -> new Provided.Absent(), _ -> new Provided.Absent(), _ -> new Provided.Absent());

    private Imports() {}

    static RemoteImports with(ImportLimits limits, Map<String, String> variables) {
        return with(limits, variables, Optional.empty());
    }

    static RemoteImports with(ImportLimits limits, Map<String, String> variables, Optional<ImportCache> cache) {
        return new RemoteImports(
                _ -> new Provided.Absent(), name -> Optional.ofNullable(variables.get(name)), limits, cache, NO_OTHERS);
    }

    static Need.WebFile file(String url) {
        return new Need.WebFile(url, Optional.empty(), Optional.empty(), null);
    }

    static Need.WebFile file(String url, ImportAuth auth) {
        return new Need.WebFile(url, Optional.of(auth), Optional.empty(), null);
    }

    static Need.OciArtifact artifact(String repository, String version) {
        return new Need.OciArtifact(repository, version, Optional.empty(), Optional.empty(), null);
    }

    static Need.OciArtifact artifact(String repository, String version, ImportAuth auth) {
        return new Need.OciArtifact(repository, version, Optional.of(auth), Optional.empty(), null);
    }

    static Need.OciArtifact locked(Need.OciArtifact need, Pin pin) {
        return new Need.OciArtifact(need.repository(), need.version(), need.auth(), Optional.of(pin), null);
    }

    static Provided.Files files(Provided answer) {
        assertThat(answer).isInstanceOf(Provided.Files.class);
        return (Provided.Files) answer;
    }

    static String text(Provided.Files files, String path) {
        assertThat(files.contents()).containsKey(path);
        return new String(files.contents().get(path), StandardCharsets.UTF_8);
    }

    static Provided.Unreadable trouble(Provided answer) {
        assertThat(answer).isInstanceOf(Provided.Unreadable.class);
        return (Provided.Unreadable) answer;
    }

    /** As people read it, with the ports of the servers left out. */
    static String words(Provided answer) {
        Provided.Unreadable trouble = trouble(answer);
        return (trouble.message() + " (" + trouble.hint() + ") [" + trouble.code() + "]")
                .replaceAll(":[0-9]{4,5}\\b", ":PORT");
    }

    /** Texts that people read, kept as files. {@code -Dorkestra.golden=write} writes them anew: read the diff then. */
    static void golden(String name, String actual) {
        Path file = Path.of("src/test/resources/imports", name);
        try {
            if ("write".equals(System.getProperty("orkestra.golden"))) {
                Files.writeString(file, actual);
            }
            assertThat(actual).isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
