package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ork graph} does with files; no cluster is there. */
class GraphCommandTest {
    private static final String BROKEN = """
            apiVersion: orkestra.azure.microsoft.com/v1alpha1
            kind: ApplicationGroup
            metadata: {name: broken}
            spec:
              applications:
                - name: web
                  dependencies: [databse]
                  spec:
                    chart: {url: "https://charts.example.test", name: web, version: 1.0.0}
                    release: {targetNamespace: web}
                - name: database
                  dependencies: [cache]
                  spec:
                    chart: {url: "https://charts.example.test", name: database, version: 1.0.0}
                    release: {targetNamespace: web}
                - name: cache
                  dependencies: [database]
                  spec:
                    chart: {url: "https://charts.example.test", name: cache, version: 1.0.0}
                    release: {targetNamespace: web}
            """;

    @TempDir
    private Path folder;

    private void file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private Ran graph(String... more) {
        String[] words = new String[more.length + 1];
        words[0] = "graph";
        System.arraycopy(more, 0, words, 1, more.length);
        return Ran.in(folder, words);
    }

    @Test
    void errorsStandBesideThePictureWithTheirPlaces() throws IOException {
        file("group.yaml", BROKEN);
        Ran ran = graph("-f", "group.yaml");
        Golden.assertMatches("graph/broken.txt", ran.transcript("ork graph -f group.yaml"));
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(graph("-f", "group.yaml", "-o", "json").out())
                .contains(
                        "\"id\" : \"DependencyCycle\"", "\"line\" : 7", "\"impossibleDependencies\" : [ \"databse\" ]");
    }

    @Test
    void aGoodFileIsDrawnInEachForm() {
        Path group = Path.of("src/test/resources/group/bookinfo.yaml").toAbsolutePath();
        for (String form : new String[] {"text", "mermaid", "dot", "json"}) {
            Ran ran = graph(group.toString(), "-o", form);
            assertThat(ran.exitCode()).as(ran.toString()).isZero();
            assertThat(ran.err()).isEmpty();
            assertThat(ran.out()).contains("productpage");
        }
        assertThat(graph("-f", group.toString(), "--direction", "reverse", "--detail", "applications")
                        .out())
                .contains("- bookinfo", "bookinfo, reverse")
                .doesNotContain("productpage");
    }

    @Test
    void oneOfSeveralGroupsIsChosenByName() throws IOException {
        file(
                "both.yaml",
                BROKEN + "---\n" + BROKEN.replace("name: broken", "name: other").replace("databse", "database"));
        assertThat(graph("other", "-f", "both.yaml").out()).startsWith("other, forward");
        Ran none = graph("-f", "both.yaml");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("both.yaml holds several groups; name one of broken, other");
        assertThat(graph("third", "-f", "both.yaml").err())
                .contains("there is no ApplicationGroup third in both.yaml, but broken, other");
    }

    @Test
    void whatCannotBeDrawnSaysWhy() throws IOException {
        file("other.yaml", "kind: ConfigMap\n");
        file("bad.yaml", "a: [\n");
        assertThat(graph("-f", "other.yaml").err()).contains("there is no ApplicationGroup in other.yaml");
        Ran bad = graph("bad.yaml");
        assertThat(bad.err()).contains("bad.yaml:", "there is no ApplicationGroup in bad.yaml");
        assertThat(bad.exitCode()).isEqualTo(2);
        assertThat(graph("./none.yaml").err()).contains("none.yaml: there is no such file");
        assertThat(graph("web", "--kubeconfig", "none").err()).contains("there is no kubeconfig", "--kubeconfig");
        assertThat(graph().err()).contains("name a GROUP of the cluster, or a file with -f");
        file("group.yaml", BROKEN);
        assertThat(graph("-f", "group.yaml", "--direction", "rollback").err())
                .contains("a file knows neither states nor what succeeded last");
    }
}
