package dev.orkestra.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.katalog.ComposeRequest;
import dev.orkestra.katalog.Composer;
import dev.orkestra.katalog.Composition;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Severity;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The composer's promises, for any files. */
public final class ComposerTarget {
    private ComposerTarget() {}

    /** Called by Jazzer once: reading the schemas takes seconds there, which are none of the first input's. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput("apiVersion: orkestra.orkspace.io/v1\nkind: Katalog\n".getBytes(StandardCharsets.UTF_8));
    }

    /** Jazzer's entry point: throws when a promise is broken. The bytes are a {@link FileSet}. */
    public static void fuzzerTestOneInput(byte[] data) {
        FileSet files = FileSet.parse(data);
        Composition composition = Composer.composeWith(ComposeRequest.of(FileSet.ENTRY), need -> provide(files, need));
        Places places = Places.of(files.contents());
        switch (composition) {
            case Composition.NeedsInput needs -> throw new AssertionError("all was provided, but needs " + needs);
            case Composition.Refused(var findings) -> {
                assertThat(Diagnostic.anyError(findings))
                        .as("refused for a reason")
                        .isTrue();
                findings.forEach(finding -> check(finding, places));
            }
            case Composition.Composed composed -> {
                assertThat(Diagnostic.anyError(composed.findings())).isFalse();
                composed.findings().forEach(finding -> check(finding, places));
                composesAgain(composed.text());
            }
        }
    }

    private static void check(Diagnostic finding, Places places) {
        if (finding.severity() == Severity.ERROR) {
            assertThat(finding.at()).as("%s has a place", finding).isPresent();
        }
        places.check(finding);
    }

    /** Beside the entry, since paths in the composed Katalog are as seen from there. */
    private static final String AGAIN = "overlays/staging/again.yaml";

    /** The composed Katalog stands alone: it is what it composes to, to the byte. */
    private static void composesAgain(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(DocumentReader.read(AGAIN, bytes).findings()).isEmpty();
        Composition again = Composer.composeWith(ComposeRequest.of(AGAIN), need -> switch (need) {
            case Need.RepositoryFile(String path, var _) when path.equals(AGAIN) -> new Provided.Content(bytes);
            default -> throw new AssertionError("a composed Katalog needs nothing, but asks for " + need);
        });
        assertThat(again)
                .as("composed of %s", text)
                .isInstanceOfSatisfying(
                        Composition.Composed.class,
                        second -> assertThat(second.text()).isEqualTo(text));
    }

    private static Provided provide(FileSet files, Need need) {
        return switch (need) {
            case Need.RepositoryFile(String path, var _) ->
                Provided.of(Optional.ofNullable(files.contents().get(path)));
            case Need.RepositoryFolder(String path, var _) -> folder(files, path + "/");
            case Need.Variable _ -> new Provided.Absent();
            case Need.Rendering(Provided.Files chart, var _, var _, var _) ->
                // No Helm here: what a chart renders to is any of its files, so that the next step has something to do.
                Provided.of(chart.contents().values().stream().findFirst());
            case Need.Remote _ ->
                files.contents().containsKey(need.key())
                        ? Provided.Files.of(Map.of("file.yaml", files.contents().get(need.key())), "1")
                        : new Provided.Unreadable(ErrorCode.ImportFailed, "the server does not answer", "");
        };
    }

    private static Provided folder(FileSet files, String prefix) {
        Map<String, byte[]> below = new HashMap<>();
        files.contents().forEach((path, bytes) -> {
            if (path.startsWith(prefix) && path.length() > prefix.length()) {
                below.put(path.substring(prefix.length()), bytes);
            }
        });
        return below.isEmpty() ? new Provided.Absent() : Provided.Files.of(below, "");
    }
}
