package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.source.GitFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ork plan --offline}: commits and folders compared without a cluster. */
class OfflinePlanTest {
    @TempDir
    Path temp;

    private Path folder;

    private static final String CONFIG = """
            apiVersion: orkestra.dev/v1alpha1
            kind: ConfigRepo
            metadata: {name: staging, namespace: orkestra}
            spec:
              source: {url: "http://git.test/config.git"}
              layers: [{path: infra, wave: 0}, {path: apps, wave: 2}]
              serviceAccountName: staging
            """;

    private static final String INFRA = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: gadgets.example.test}
            spec:
              group: example.test
              scope: Namespaced
              names: {kind: Gadget, plural: gadgets}
              versions:
                - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings, namespace: shop}
            data: {color: blue}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: announcement, namespace: shop}
            """;

    private static final String APPS = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                    - name: side
                      image: side:1
                    - name: web
                      image: web:1
                      env: [{name: COLOR, value: blue}]
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata:
              name: db
              namespace: shop
              annotations: {argocd.argoproj.io/sync-options: Replace=true}
            spec:
              serviceName: db
              selector: {matchLabels: {app: db}}
              template:
                metadata: {labels: {app: db}}
                spec: {containers: [{name: db, image: "db:1"}]}
              volumeClaimTemplates:
                - metadata: {name: data}
                  spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
            ---
            apiVersion: v1
            kind: Secret
            metadata:
              name: login
              namespace: shop
              annotations:
                kubectl.kubernetes.io/last-applied-configuration: '{"stringData":{"password":"canary-one"}}'
            stringData: {password: canary-one}
            ---
            apiVersion: orkestra.azure.microsoft.com/v1alpha1
            kind: ApplicationGroup
            metadata: {name: bookinfo}
            spec:
              applications:
                - name: ambassador
                  spec:
                    chart: {url: "https://charts.test", name: ambassador, version: 6.6.0}
                    release: {targetNamespace: ambassador, values: {replicas: 1}}
                - name: bookinfo
                  dependencies: [ambassador]
                  spec:
                    chart: {url: "https://charts.test", name: bookinfo, version: v1}
                    release: {targetNamespace: bookinfo}
                - name: old
                  spec:
                    chart: {url: "https://charts.test", name: old, version: 0.1.0}
                    release: {targetNamespace: old}
            """;

    @BeforeEach
    void prepare() throws IOException {
        folder = temp.resolve("work");
        try (GitFixture git = new GitFixture(folder.resolve(".git"))) {
            git.commit(
                    "main",
                    GitFixture.content()
                            .file("platform/configrepo.yaml", CONFIG)
                            .file("infra/base.yaml", INFRA)
                            .file("apps/shop.yaml", APPS));
        }
        Path config = folder.resolve(".git/config");
        Files.writeString(config, Files.readString(config).replace("bare = true", "bare = false"));
        Files.writeString(folder.resolve(".git/HEAD"), "ref: refs/heads/main\n");
        file("platform/configrepo.yaml", CONFIG);
        file("infra/base.yaml", INFRA);
        file("apps/shop.yaml", APPS);
    }

    private void file(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void edit(String path, String from, String to) throws IOException {
        String text = Files.readString(folder.resolve(path));
        assertThat(text).contains(from);
        file(path, text.replace(from, to));
    }

    private Ran plan(String... more) {
        String[] words = new String[more.length + 4];
        System.arraycopy(new String[] {"plan", "--offline", "--repo", "."}, 0, words, 0, 4);
        System.arraycopy(more, 0, words, 4, more.length);
        return Ran.in(folder, words);
    }

    /** Without what differs from run to run: the folder, and the commit whose time is now. */
    private String clean(String text) {
        return text.replace(folder.toString(), "FOLDER").replaceAll("\\b[0-9a-f]{40}\\b", "COMMIT");
    }

    private void change() throws IOException {
        edit("apps/shop.yaml", "value: blue", "value: red");
        edit("apps/shop.yaml", "image: web:1", "image: web:2");
        edit("apps/shop.yaml", "storage: 1Gi", "storage: 2Gi");
        edit("apps/shop.yaml", "canary-one", "canary-two");
        edit("apps/shop.yaml", "version: 6.6.0", "version: 6.7.9");
        edit("apps/shop.yaml", "name: old", "name: fresh");
        edit("infra/base.yaml", "{name: v1, served: true, storage: true,", "{name: v2, served: true, storage: true,");
        edit("infra/base.yaml", "name: announcement", "name: news");
    }

    @Test
    void showsWhatTheWorkingTreeChangesAgainstHead() throws IOException {
        change();
        Ran ran = plan();
        assertThat(ran.exitCode()).as(ran.toString()).isEqualTo(1);
        Golden.assertMatches("plan/offline.txt", clean(ran.out()));
        Golden.assertMatches("plan/offline.json", clean(plan("-o", "json").out()));
        Golden.assertMatches("plan/offline.md", clean(plan("-o", "markdown").out()));
    }

    @Test
    void noValueOfASecretIsInAnyForm() throws IOException {
        change();
        for (String form : new String[] {"text", "json", "markdown"}) {
            assertThat(plan("-o", form).toString())
                    .doesNotContain("canary")
                    .contains("data.password")
                    .contains("last-applied-configuration");
        }
    }

    @Test
    void nothingChangesWithoutAChange() throws IOException {
        Ran ran = plan();
        assertThat(ran.exitCode()).as(ran.toString()).isZero();
        Golden.assertMatches("plan/offline-nothing.txt", clean(ran.out()));
    }

    @Test
    void aCommitWhoseOnlyChangeIsAHookIsAChangeAndShowsAllHooksThatRun() throws IOException {
        String hooks = hook("migrate", "PreSync") + hook("alarm", "SyncFail");
        Files.createDirectories(temp.resolve("old"));
        copyWithHooks(temp.resolve("old"), hooks);
        copyWithHooks(temp.resolve("same"), hooks);
        copyWithHooks(temp.resolve("new"), hooks.replace("image: shop:1", "image: shop:2"));

        Ran same = Ran.in(temp, "plan", "--offline", "--repo", ".", "--from", "old", "--to", "same");
        assertThat(same.exitCode()).as(same.toString()).isZero();
        assertThat(same.out()).as("there is no run, so no hook runs").doesNotContain("migrate", "hook");

        Ran changed = Ran.in(temp, "plan", "--offline", "--repo", ".", "--from", "old", "--to", "new");
        assertThat(changed.exitCode()).as(changed.toString()).isEqualTo(1);
        assertThat(changed.out())
                .contains("Job.batch/shop/migrate  runs once", "Job.batch/shop/alarm  runs once, if the run has failed")
                .contains("0 to create, 0 to update, 0 to replace, 0 to prune", "2 hooks");
    }

    private static String hook(String name, String type) {
        return """
                ---
                apiVersion: batch/v1
                kind: Job
                metadata: {name: %s, namespace: shop, annotations: {argocd.argoproj.io/hook: %s}}
                spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: shop:1}]}}}
                """.formatted(name, type);
    }

    private static void copyWithHooks(Path root, String hooks) throws IOException {
        for (String part : new String[] {"platform", "infra", "apps"}) {
            Files.createDirectories(root.resolve(part));
        }
        Files.writeString(root.resolve("platform/configrepo.yaml"), CONFIG);
        Files.writeString(root.resolve("infra/base.yaml"), INFRA);
        Files.writeString(root.resolve("apps/shop.yaml"), APPS + hooks);
    }

    @Test
    void aChangeThatTheApiServerWillRefuseIsTold() throws IOException {
        edit("apps/shop.yaml", "app: web", "app: shop");
        assertThat(plan().out())
                .contains("the API server will refuse it, as these cannot be changed: spec.selector")
                .contains("0 to replace");
    }

    @Test
    void whatIsOverTheBudgetWaits() throws IOException {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            many.append("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: m" + i + ", namespace: shop"
                    + (i == 0 ? ", annotations: {orkestra.dev/prune: disabled}" : "") + "}\n");
        }
        many.append("---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n");
        file("infra/many.yaml", many.toString());
        Path before = temp.resolve("before");
        Golden.copy(folder, before);
        Files.delete(folder.resolve("infra/many.yaml"));
        Ran ran = plan("--from", before.toString());
        assertThat(ran.exitCode()).as(ran.toString()).isEqualTo(1);
        Golden.assertMatches("plan/offline-prune.txt", clean(ran.out()).replace(temp.toString(), "TEMP"));
    }

    @Test
    void aLayerThatIsNewIsNoMistakeOfTheOlderSide() throws IOException {
        edit("platform/configrepo.yaml", "path: apps", "path: other");
        file("other/shop.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: only, namespace: shop}\n");
        assertThat(plan().out()).contains("+ ConfigMap/shop/only", "1 to create");
    }

    @Test
    void foldersCanBeComparedWithoutGit() throws IOException {
        Path one = temp.resolve("one");
        Golden.copy(folder, one);
        edit("infra/base.yaml", "color: blue", "color: red");
        Ran ran = Ran.in(temp, "plan", "--offline", "--repo", "work", "--from", "one", "--to", "work", "staging");
        assertThat(ran.out()).contains("data.color: \"blue\" -> \"red\"", "infra/base.yaml:14:8", "1 to update");
    }

    @Test
    void twoCommitsAreComparedWhateverTheFolderHolds() throws IOException {
        String first;
        String second;
        try (GitFixture git = new GitFixture(folder.resolve(".git"))) {
            first = git.commit(
                    "side",
                    GitFixture.content()
                            .file("c.yaml", CONFIG)
                            .file("infra/a.yaml", INFRA)
                            .file("apps/a.yaml", APPS));
            second = git.commit(
                    "side",
                    GitFixture.content()
                            .file("c.yaml", CONFIG)
                            .file("infra/a.yaml", INFRA.replace("color: blue", "color: red"))
                            .file("apps/a.yaml", APPS));
        }
        Ran ran = plan("--from", first, "--to", "side");
        assertThat(ran.out()).contains(first + " -> " + second, "data.color: \"blue\" -> \"red\"", "1 to update");
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        assertThat(plan("production").err())
                .contains("there is no ConfigRepo production in the repository; there is staging");
        assertThat(plan("--from", "nowhere").err()).contains("--from nowhere is neither a commit");
        assertThat(plan("--out", "x").err()).contains("--out saves what can be applied");
        assertThat(plan("--config", "none.yaml").err()).contains("--config none.yaml: there is no such file");
        Files.delete(folder.resolve("platform/configrepo.yaml"));
        assertThat(plan().err()).contains("there is no ConfigRepo that is in order in the repository");
        file("apps/bad.yaml", "kind: X\n");
        file("config.yaml", CONFIG);
        Ran bad = plan();
        assertThat(bad.err()).contains("apps/bad.yaml:1:1: error: apiVersion is missing", "not in order");
        assertThat(bad.exitCode()).isEqualTo(2);
        assertThat(Ran.in(folder, "plan", "--repo", ".", "--from", "HEAD", "staging")
                        .err())
                .contains("are for --offline");
    }
}
