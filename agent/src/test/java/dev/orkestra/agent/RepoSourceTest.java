package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.embedded.HelmTimes;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.source.GitFixture;
import dev.orkestra.source.GitMirror;
import dev.orkestra.testing.MemoryCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepoSourceTest {
    @TempDir
    private Path folder;

    @Test
    void aCommitThatIsNowhereIsTroubleThatSaysSo() {
        String gone = "0123456789abcdef0123456789abcdef01234567";
        try (GitFixture git = new GitFixture(folder.resolve("git"));
                GitMirror mirror = new GitMirror(folder.resolve("cache"), InstantSource.system())) {
            String there = git.commit("main", GitFixture.content().file("a.yaml", "a: 1\n"));
            RepoSource source = new RepoSource(new MemoryCluster(), mirror, new Metrics(Map::of, new HelmTimes()::sum));
            ConfigRepo repo = repo(git.url());

            assertThat(source.missing(repo, there)).as("fetched").isEmpty();
            assertThat(source.missing(repo, gone)).hasValueSatisfying(why -> {
                assertThat(why.code()).isEqualTo(ErrorCode.RefNotFound);
                assertThat(why.code().isTransient()).as("it is waited for").isTrue();
                assertThat(why.message()).contains(gone, "is not kept");
                assertThat(why.hint()).contains("ork history staging");
            });
        }
    }

    private static ConfigRepo repo(String url) {
        String text = """
                metadata: {name: staging, namespace: orkestra, generation: 1}
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
}
