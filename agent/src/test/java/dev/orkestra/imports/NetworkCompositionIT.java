package dev.orkestra.imports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.cluster.TcpProxy;
import dev.orkestra.document.Limits;
import dev.orkestra.katalog.ComposeRequest;
import dev.orkestra.katalog.Composer;
import dev.orkestra.katalog.Composition;
import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.katalog.InputSource;
import dev.orkestra.katalog.LockFile;
import dev.orkestra.katalog.LockMode;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.process.LocalProcesses;
import dev.orkestra.source.FolderTree;
import dev.orkestra.source.GitFixture;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One Komposer with every kind of import, from a real registry, a real Git server, a real chart repository and a file
 * server, rendered by the real Helm; each server behind a port that can go away.
 */
class NetworkCompositionIT {
    private static final String ENTRY = "envs/prod/komposer.yaml";
    private static final String LOCK = "envs/prod/komposer.lock.yaml";

    @TempDir
    Path temp;

    private final Testbed testbed = Testbed.shared();
    private final String name = "net" + UUID.randomUUID().toString().substring(0, 8);
    private final Map<String, String> variables = new HashMap<>();
    private final LocalProcesses processes = new LocalProcesses();
    private RegistryPush push;
    private GitFixture git;
    private TcpProxy files;
    private TcpProxy registry;

    @BeforeEach
    void publish() throws Exception {
        variables.put("GIT_USER", testbed.gitUser());
        variables.put("GIT_PASSWORD", testbed.gitPassword());
        variables.put("REGISTRY_USER", testbed.registryUser());
        variables.put("REGISTRY_PASSWORD", testbed.registryPassword());
        files = new TcpProxy("127.0.0.1", testbed.gitUrl().getPort());
        registry = new TcpProxy(
                "127.0.0.1", URI.create("http://" + testbed.registry()).getPort());
        push = new RegistryPush(testbed);
        testbed.createRepository(name);
        git = new GitFixture(testbed.gitRoot().resolve(name + ".git"));
        publish("1");
        write("base/local.yaml", katalog("local", "Local", "1"));
        write("charts/inside/Chart.yaml", "apiVersion: v2\nname: inside\nversion: 0.1.0\n");
        write("charts/inside/templates/katalog.yaml", katalog("inside", "Inside", "{{ .Values.workers }}"));
        write("charts/inside/values.yaml", "workers: 1\n");
        write("envs/prod/values.yaml", "workers: 4\n");
        write(ENTRY, komposer());
    }

    @AfterEach
    void close() throws IOException {
        push.close();
        git.close();
        files.close();
        registry.close();
        processes.close();
        Files.deleteIfExists(testbed.chartsDir().resolve(name + ".yaml"));
    }

    /** Everything upstream, with {@code workers} as its content. */
    private void publish(String workers) throws Exception {
        byte[] pattern = katalog("pattern", "Pattern", workers).getBytes(UTF_8);
        push.push("it/" + name, "v1", Registry.manifest(Map.of("katalog.yaml", pattern)), pattern);
        git.commit("main", GitFixture.content().file("katalog.yaml", katalog("fromgit", "FromGit", workers)));
        Files.writeString(testbed.chartsDir().resolve(name + ".yaml"), katalog("web", "Web", workers));
        Path chart = temp.resolve("publish" + workers).resolve(name);
        Files.createDirectories(chart.resolve("templates"));
        Files.writeString(
                chart.resolve("Chart.yaml"), "apiVersion: v2\nname: " + name + "\nversion: 1." + workers + ".0\n");
        Files.writeString(chart.resolve("values.yaml"), "workers: " + workers + "\n");
        Files.writeString(chart.resolve("templates/katalog.yaml"), katalog("chart", "Chart", "{{ .Values.workers }}"));
        testbed.packageCharts(chart);
    }

    private static String katalog(String crd, String kind, String workers) {
        return """
                apiVersion: orkestra.orkspace.io/v1
                kind: Katalog
                metadata: {name: %s}
                spec:
                  crds:
                    %s:
                      apiTypes: {group: it.test, version: v1, kind: %s, plural: %ss}
                      operatorBox: {reconcile: {default: true, workers: %s, queue: {maxDepth: 10}}}
                """.formatted(crd, crd, kind, crd, workers);
    }

    private String komposer() {
        String web = "http://127.0.0.1:" + files.port();
        return """
                apiVersion: orkestra.orkspace.io/v1
                kind: Komposer
                metadata: {name: prod}
                imports:
                  registry:
                    - url: oci://127.0.0.1:%d/it/%s:v1
                      auth: {type: basic, usernameFromEnv: REGISTRY_USER, passwordFromEnv: REGISTRY_PASSWORD}
                    - url: %s/git/%s.git@main
                      auth: {type: basic, usernameFromEnv: GIT_USER, passwordFromEnv: GIT_PASSWORD}
                  files:
                    - ../../base/local.yaml
                    - %s/charts/%s.yaml
                  helm:
                    - {repo: "%s/charts", chart: %s, version: "^1.0"}
                    - {repo: ../../charts/inside, valueFiles: [values.yaml]}
                """.formatted(registry.port(), name, web, name, web, name, web, name);
    }

    private void write(String path, String text) throws IOException {
        Path file = temp.resolve("repo").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Composition compose(LockMode mode, String cache) {
        ImportServices services = new ImportServices(
                processes, Optional.of(testbed.helm()), InstantSource.system(), ImportLimits.DEFAULTS);
        FolderTree tree = new FolderTree(temp.resolve("repo"));
        try (OpenImports elsewhere =
                services.open(asked -> Optional.ofNullable(variables.get(asked)), temp.resolve(cache))) {
            InputSource source = need -> switch (need) {
                case Need.RepositoryFile file -> Provided.of(tree.read(file.path(), Limits.DEFAULTS.maxBytes()));
                case Need.RepositoryFolder folder ->
                    new TreeFolder(tree, ImportLimits.DEFAULTS, "the repository").read(folder.path(), "");
                default -> elsewhere.provide(need);
            };
            return Composer.composeWith(ComposeRequest.of(ENTRY).withLock(mode), source);
        }
    }

    private static Composition.Composed composed(Composition composition) {
        assertThat(composition).as(composition.toString()).isInstanceOf(Composition.Composed.class);
        return (Composition.Composed) composition;
    }

    private static List<String> refused(Composition composition) {
        assertThat(composition).isInstanceOf(Composition.Refused.class);
        return ((Composition.Refused) composition)
                .findings().stream().map(Diagnostic::toString).toList();
    }

    private Composition.Composed lock() throws IOException {
        Composition.Composed composed = composed(compose(LockMode.IGNORED, "first"));
        write(LOCK, new LockFile(composed.pins()).print());
        return composed;
    }

    @Test
    void everyKindOfImportComesTogetherAndIsPinned() throws Exception {
        Composition.Composed composed = lock();

        assertThat(composed.katalog()
                        .map("spec")
                        .orElseThrow()
                        .map("crds")
                        .orElseThrow()
                        .entries())
                .containsOnlyKeys("pattern", "fromgit", "local", "web", "chart", "inside");
        assertThat(composed.text()).contains("workers: 4");
        assertThat(composed.pins().keySet()).hasSize(4);
        assertThat(composed(compose(LockMode.REQUIRED, "second")).text()).isEqualTo(composed.text());
    }

    @Test
    void withoutALockFileEachNetworkImportIsRefusedWhereItStands() {
        assertThat(refused(compose(LockMode.REQUIRED, "first")))
                .hasSize(4)
                .allMatch(
                        finding -> finding.contains("is not in the lock file " + LOCK) && finding.contains("NotLocked"))
                .extracting(finding -> finding.substring(0, finding.indexOf(": ")))
                .containsExactly(ENTRY + ":6:12", ENTRY + ":8:12", ENTRY + ":12:7", ENTRY + ":14:14");
    }

    @Test
    void whatMovesUpstreamMovesNothingThatIsLockedAndAChangedFileIsRefused() throws Exception {
        Composition.Composed before = lock();
        publish("7");

        List<String> findings = refused(compose(LockMode.REQUIRED, "second"));
        assertThat(findings)
                .singleElement()
                .asString()
                .startsWith(ENTRY + ":12:7: error: ")
                .contains("[LockMismatch]");

        // The cache still has what the lock file names; only the changed file could not be had without it.
        assertThat(composed(compose(LockMode.REQUIRED, "first")).text()).isEqualTo(before.text());
        assertThat(lock().text().split("workers: 7", -1))
                .as("all four, once they are locked anew")
                .hasSize(5);
    }

    @Test
    void withEveryServerAwayALockedEnvironmentStillComposes() throws Exception {
        Composition.Composed before = lock();
        files.goAway();
        registry.goAway();
        variables.clear();

        assertThat(composed(compose(LockMode.REQUIRED, "first")).text()).isEqualTo(before.text());
        variables.putAll(Map.of("GIT_USER", "a", "GIT_PASSWORD", "b", "REGISTRY_USER", "c", "REGISTRY_PASSWORD", "d"));
        assertThat(refused(compose(LockMode.REQUIRED, "empty")))
                .hasSize(4)
                .allMatch(text -> text.contains("[ImportFailed]"));
    }
}
