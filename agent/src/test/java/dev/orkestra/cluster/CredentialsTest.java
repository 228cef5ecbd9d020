package dev.orkestra.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orkestra.cluster.ClusterException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsTest {
    @TempDir
    Path folder;

    private ClusterRef.Kubeconfig kubeconfig(String user, String cluster) throws IOException {
        Path file = folder.resolve("kubeconfig");
        Files.writeString(file, """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"%s}}]
                users: [{name: u, user: {%s}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """.formatted(cluster.isEmpty() ? "" : ", " + cluster, user));
        return new ClusterRef.Kubeconfig(file, "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exec | exec: {command: /bin/sh, args: ['-c', 'touch pwned']} | ''",
                "auth-provider | auth-provider: {name: gcp} | ''",
                "tokenFile | tokenFile: /etc/passwd | ''",
                "as | token: canary, as: 'system:admin' | ''",
                "insecure-skip-tls-verify | token: canary | insecure-skip-tls-verify: true",
                "proxy-url | token: canary | proxy-url: 'http://proxy.test'",
            })
    void refusesWhatRunsProgramsReadsFilesOrTrustsAnybody(String name, String user, String cluster) throws IOException {
        ClusterRef.Kubeconfig ref = kubeconfig(user, cluster);

        assertThatThrownBy(() -> KubeCluster.connect(ref, Settings.standard()))
                .isInstanceOfSatisfying(
                        ClusterException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAUTHENTICATED))
                .hasMessageContaining("uses " + name + ":")
                .hasMessageNotContaining("canary");
    }

    @Test
    void looksOnlyAtTheContextThatIsUsed() throws IOException {
        Path file = folder.resolve("two");
        Files.writeString(file, """
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
                users: [{name: good, user: {token: t}}, {name: bad, user: {exec: {command: x}}}]
                contexts:
                - {name: good, context: {cluster: c, user: good}}
                - {name: bad, context: {cluster: c, user: bad}}
                current-context: bad
                """);

        KubeCluster.connect(new ClusterRef.Kubeconfig(file, "good"), Settings.standard())
                .close();

        assertThatThrownBy(() -> KubeCluster.connect(new ClusterRef.Kubeconfig(file, ""), Settings.standard()))
                .hasMessageContaining("exec");
        assertThatThrownBy(() -> KubeCluster.connect(new ClusterRef.Kubeconfig(file, "none"), Settings.standard()))
                .hasMessageContaining("no context \"none\"");
    }

    @Test
    void saysWhatIsWrongWithoutQuotingTheFile() throws IOException {
        Path file = folder.resolve("broken");
        Files.writeString(file, "users: [{name: u, user: {token: canary");

        assertThatThrownBy(() -> KubeCluster.connect(new ClusterRef.Kubeconfig(file, ""), Settings.standard()))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("broken")
                .hasMessageNotContaining("canary");
        Path absent = folder.resolve("absent");
        assertThatThrownBy(() -> KubeCluster.connect(new ClusterRef.Kubeconfig(absent, ""), Settings.standard()))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("absent");
    }

    @Test
    void aServerThatIsNotThereIsUnreachableAndTheTokenStaysSecret() throws IOException {
        ClusterRef ref = kubeconfig("token: canary-token", "");

        try (KubeCluster cluster = KubeCluster.connect(ref, Settings.standard())) {
            assertThatThrownBy(() -> cluster.resourceType("v1", "ConfigMap"))
                    .isInstanceOfSatisfying(
                            ClusterException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE))
                    .hasMessageContaining("https://127.0.0.1:1")
                    .hasMessageNotContaining("canary");
            assertThat(cluster.requestCounts()).containsEntry(new RequestKind(Verb.DISCOVERY, 0), 1L);
        }
    }

    @Test
    void saysThatItIsNotInAPod() {
        assertThatThrownBy(() -> KubeCluster.connect(new ClusterRef.InCluster(), Settings.standard()))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("kubeconfig");
    }
}
