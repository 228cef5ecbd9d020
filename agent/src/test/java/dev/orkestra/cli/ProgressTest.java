package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final StringWriter err = new StringWriter();

    private Terminal terminal(boolean live) {
        PrintWriter writer = new PrintWriter(err, true);
        return new Terminal(writer, writer, false, false, live, Path.of("").toAbsolutePath(), Map.of());
    }

    private static Need oci(String repository) {
        return new Need.OciArtifact(repository, "1.2.0", Optional.empty(), Optional.empty(), null);
    }

    @Test
    void saysOnATerminalWhatIsFetchedAndClearsItAfterwards() {
        Progress progress = new Progress(terminal(true), need -> {
            assertThat(err.toString()).isEqualTo("fetching oci://registry.test/patterns/postgres@1.2.0");
            return new Provided.Absent();
        });

        assertThat(progress.provide(oci("registry.test/patterns/postgres"))).isEqualTo(new Provided.Absent());
        assertThat(err.toString()).isEqualTo("fetching oci://registry.test/patterns/postgres@1.2.0\r\u001B[K");
    }

    @Test
    void staysOnOneLineAndShowsNoControlCharacters() {
        new Progress(terminal(true), _ -> new Provided.Absent()).provide(oci("r\u001B[2J/" + "x".repeat(200)));

        assertThat(err.toString()).endsWith("x…\r\u001B[K").startsWith("fetching oci://r\uFFFD[2J/");
        assertThat(err.toString().indexOf('\r')).isLessThan(80);
    }

    @Test
    void saysNothingElsewhereNorOfWhatIsAtHand() {
        new Progress(terminal(false), _ -> new Provided.Absent()).provide(oci("registry.test/p"));
        new Progress(terminal(true), _ -> new Provided.Absent()).provide(new Need.RepositoryFile("a.yaml", null));

        assertThat(err.toString()).isEmpty();
    }

    @Test
    void clearsTheLineWhenAnythingBreaks() {
        Progress progress = new Progress(terminal(true), _ -> {
            throw new IllegalStateException("a defect");
        });

        assertThatThrownBy(() -> progress.provide(oci("registry.test/p"))).hasMessage("a defect");
        assertThat(err.toString()).endsWith("\r\u001B[K");
    }
}
