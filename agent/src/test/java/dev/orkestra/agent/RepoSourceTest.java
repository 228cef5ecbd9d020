package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.embedded.HelmTimes;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.source.GitFixture;
import dev.orkestra.source.GitMirror;
import dev.orkestra.testing.MemoryCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A commit that a run is under way with, and a mirror that is lost at any time. */
class RepoSourceTest {
    @TempDir
    Path scratch;

    private Path server;
    private GitFixture git;
    private GitMirror mirror;
    private RepoSource source;
    private ConfigRepo repo;
    private String commit;

    @BeforeEach
    void fetchOnce() {
        server = scratch.resolve("server.git");
        git = new GitFixture(server);
        commit = git.commit("main", GitFixture.content().file("a.yaml", "a: 1\n"));
        mirror = new GitMirror(scratch.resolve("cache"), InstantSource.system());
        source = new RepoSource(new MemoryCluster(), mirror, new Metrics(Map::of, new HelmTimes()::sum));
        repo = repo(git.url());
        assertThat(source.bring(repo, commit)).isEmpty();
    }

    @AfterEach
    void close() {
        mirror.close();
        git.close();
    }

    @Test
    void aLostMirrorIsFetchedAgain() throws IOException {
        delete(scratch.resolve("cache"));

        assertThat(source.bring(repo, commit)).isEmpty();
        assertThat(source.tree(repo, commit).read("a.yaml", 100)).isPresent();
    }

    @Test
    void aMirrorThatIsThereNeedsNoServer() throws IOException {
        delete(server);

        assertThat(source.bring(repo, commit)).isEmpty();
    }

    @Test
    void aServerThatIsAwayJustThenIsTheReasonAndPasses() throws IOException {
        delete(scratch.resolve("cache"));
        delete(server);

        Optional<Diagnostic> why = source.bring(repo, commit);

        assertThat(why).map(Diagnostic::code).map(ErrorCode::isTransient).contains(true);
        assertThat(why.orElseThrow().message()).contains("server.git");
    }

    @Test
    void aCommitThatIsNowhereAnyMoreIsNamed() throws IOException {
        git.point("main", git.commit("other", GitFixture.content().file("a.yaml", "a: 2\n")));
        delete(scratch.resolve("cache"));

        Diagnostic why = source.bring(repo, commit).orElseThrow();

        assertThat(why.code()).isEqualTo(ErrorCode.RefNotFound);
        assertThat(why.message()).contains(commit, "refs/heads/main");
        assertThat(List.of(why.hint())).doesNotContain("");
    }

    private static ConfigRepo repo(String url) {
        String text = """
                metadata: {name: staging, namespace: orkestra}
                spec:
                  source: {url: "%s"}
                  layers: [{path: infra, wave: 0}]
                  serviceAccountName: default
                """.formatted(url);
        ObjectNode object = (ObjectNode) DocumentReader.read("r", text.getBytes(StandardCharsets.UTF_8))
                .documents()
                .getFirst()
                .root()
                .toJson();
        return ConfigRepoParser.parse(object).configRepo().orElseThrow();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
