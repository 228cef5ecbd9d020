package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryChecksTest {
    private static final String NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";

    @TempDir
    private Path folder;

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String environment(String name, String layers) {
        return "apiVersion: orkestra.dev/v1alpha1\nkind: ConfigRepo\nmetadata: {name: " + name
                + ", namespace: orkestra}\nspec:\n  source: {url: \"http://git.test/c.git\", ref: {branch: main}}\n"
                + "  layers: [" + layers + "]\n  serviceAccountName: " + name + "\n";
    }

    private static String configMap(String name) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: shop}\ndata: {a: b}\n";
    }

    private Ran run(String... arguments) {
        return Ran.in(folder, arguments);
    }

    @Test
    void twoEnvironmentsMayHaveTheSameObjectAndOneMayNot() throws IOException {
        file(
                "envs/two.yaml",
                environment("one", "{path: base, wave: 0}, {path: one, wave: 1}") + "---\n"
                        + environment("two", "{path: base, wave: 0}, {path: two, wave: 1}"));
        file("base/namespace.yaml", NAMESPACE);
        file("one/a.yaml", configMap("settings"));
        file("two/a.yaml", configMap("settings"));

        assertThat(run("validate", "--repo", ".").out()).isEqualTo("""
                        envs/two.yaml: ok: 'one', 2 objects in 2 waves
                        envs/two.yaml: ok: 'two', 2 objects in 2 waves
                        envs/two.yaml: ok: 2 documents
                        3 files checked: no errors, no warnings
                        """);

        file("two/b.yaml", configMap("settings"));
        Ran ran = run("validate", "--repo", ".");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out())
                .contains("two/b.yaml:1:1: error: ConfigMap/shop/settings is also written at two/a.yaml:1:1")
                .contains("ok: 'one'")
                .doesNotContain("ok: 'two'");
    }

    @Test
    void whatEnvironmentsShareIsSaidOnceAndAnErrorForEachThatItBreaks() throws IOException {
        file(
                "envs.yaml",
                environment("one", "{path: base, wave: 0}") + "---\n" + environment("two", "{path: base, wave: 0}"));
        file("base/namespace.yaml", NAMESPACE);
        file(
                "base/secret.yaml",
                "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\nstringData: {a: b}\n");

        assertThat(run("validate", "--repo", ".").out()).containsOnlyOnce("[ClearSecret]");
        Ran strict = run("validate", "--repo", ".", "--strict");
        assertThat(strict.exitCode()).isEqualTo(1);
        assertThat(strict.out().split("\\[ClearSecret]", -1)).hasSize(3);
    }

    @Test
    void aGroupWithACircleIsFoundInItsLayer() throws IOException {
        file("envs.yaml", environment("one", "{path: apps, wave: 0}"));
        file("apps/group.yaml", """
                apiVersion: orkestra.azure.microsoft.com/v1alpha1
                kind: ApplicationGroup
                metadata: {name: shop}
                spec:
                  applications:
                    - name: a
                      dependencies: [b]
                      spec:
                        chart: {url: "http://charts.test", name: a, version: 1.0.0}
                        release: {targetNamespace: shop, timeout: 5 minutes}
                    - name: b
                      dependencies: [a]
                      spec:
                        chart: {url: "http://charts.test", name: b, version: 1.0.0}
                        release: {targetNamespace: shop}
                """);

        Ran ran = run("validate", "--repo", ".");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).contains("apps/group.yaml:").contains("timeout");
        file(
                "apps/group.yaml",
                Files.readString(folder.resolve("apps/group.yaml")).replace("5 minutes", "5m"));
        assertThat(run("validate", "--repo", ".").out()).contains("a -> b -> a");
    }

    @Test
    void configReposMayStandElsewhereAndTheirFileMustHoldOne() throws IOException {
        file("repo/base/namespace.yaml", NAMESPACE);
        file("elsewhere.yaml", environment("one", "{path: base, wave: 0}"));
        file("other.yaml", NAMESPACE);

        Ran ran = run("validate", "--repo", "repo", "--config", "elsewhere.yaml");
        Ran wrong = run("validate", "--repo", "repo", "--config", "other.yaml");

        assertThat(ran.out()).contains("elsewhere.yaml: ok: 'one', 1 object in 1 wave");
        assertThat(ran.exitCode()).isZero();
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("other.yaml: it holds no ConfigRepo that is in order");
    }

    @Test
    void withoutConfigReposEveryFileIsCheckedByItselfAndThatIsSaid() throws IOException {
        file("base/namespace.yaml", NAMESPACE);
        file("charts/c/Chart.yaml", "name: c\n");
        file("charts/c/templates/x.yaml", "{{ no yaml }}");
        file("overlay/kustomization.yaml", "resources: []\n");
        file(".github/workflows/a.yaml", "on: [push]\n");

        Ran ran = run("validate", "--repo", ".");

        assertThat(ran.err()).contains("no ConfigRepo that is in order is here");
        assertThat(ran.out())
                .endsWith("1 file checked: no errors, no warnings\n")
                .contains("base/namespace.yaml: ok");
    }

    @Test
    void theRepositorysOwnSettingsHold() throws IOException {
        file("envs.yaml", environment("one", "{path: base, wave: 0}"));
        file("base/namespace.yaml", NAMESPACE);
        file(
                "base/secret.yaml",
                "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\nstringData: {a: b}\n");
        String settings = "apiVersion: orkestra.dev/v1alpha1\nkind: RuleSettings\nrules: {ClearSecret: %s}\n";

        file("orkestra-rules.yaml", settings.formatted("ignore"));
        assertThat(run("validate", "--repo", ".").out()).doesNotContain("ClearSecret");
        file("orkestra-rules.yaml", settings.formatted("error"));
        assertThat(run("validate", "--repo", ".").exitCode()).isEqualTo(1);
        file("orkestra-rules.yaml", settings.formatted("loud"));
        assertThat(run("validate", "--repo", ".").out())
                .contains("orkestra-rules.yaml:3:9: error:")
                .containsOnlyOnce("is 'loud'");
    }

    @Test
    void placesInOtherProgramsFormsAreFromTheRoot() throws IOException {
        file("repo/envs.yaml", environment("one", "{path: base, wave: 0}"));
        file(
                "repo/base/secret.yaml",
                "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\nstringData: {a: b}\n");

        JsonNode json = new ObjectMapper()
                .readTree(run("validate", "--repo", "repo", "-o", "json").out());

        assertThat(json.at("/findings/0/file").asText()).isEqualTo("base/secret.yaml");
        assertThat(json.at("/findings/0/id").asText()).isEqualTo("ClearSecret");
    }

    @Test
    void whatIsWrongWithTheConfigRepoStandsThere() throws IOException {
        file(
                "envs.yaml",
                environment("one", "{path: base, wave: 0}, {path: nowhere, wave: 1}") + "---\n"
                        + environment("one", "{path: base, wave: 0}"));
        file("base/namespace.yaml", NAMESPACE);

        Ran ran = run("validate", "--repo", ".");

        assertThat(ran.out())
                .contains("envs.yaml:6:35: error: the layer 'nowhere' is not in this commit")
                .contains("envs.yaml:9:1: error: the ConfigRepo orkestra/one is also written at envs.yaml:1:1");
        assertThat(ran.exitCode()).isEqualTo(1);
    }

    @Test
    void aChartOrAKustomizationInTheRootHidesNothing() throws IOException {
        file("Chart.yaml", "name: c\n");
        file("kustomization.yaml", "resources: []\n");
        file("bad.yaml", "a: [\n");

        assertThat(run("validate", "--repo", ".").exitCode()).isEqualTo(1);
    }

    @Test
    void aFolderWithNothingToCheckIsNoSuccess() throws IOException {
        Files.createDirectories(folder.resolve("empty"));

        Ran ran = run("validate", "--repo", "empty");

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains("there is no YAML or JSON file in empty");
    }

    @Test
    void moreEnvironmentsThanAnybodyHasAreRefused() throws IOException {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            all.append("---\n").append(environment("e" + i, "{path: base, wave: 0}"));
        }
        file("envs.yaml", all.toString());
        file("base/namespace.yaml", NAMESPACE);

        Ran ran = run("validate", "--repo", ".");

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains("the repository has 60 ConfigRepos, and 50 are checked at most");
    }

    @Test
    void wrongArgumentsEndWithTwo() throws IOException {
        file("a.yaml", NAMESPACE);

        assertThat(run("validate", "--repo", "nowhere").exitCode()).isEqualTo(2);
        assertThat(run("validate", "--repo", "a.yaml").err()).contains("--repo a.yaml is not a folder");
        assertThat(run("validate", "--repo", ".", "-f", "a.yaml").err()).contains("name no files with it");
        assertThat(run("validate", "--config", "a.yaml").err()).contains("--config goes with --repo");
    }
}
