package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.Settings;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.testing.Testbed;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandIT {
    private static final ResourceType CONFIG_REPOS =
            new ResourceType("orkestra.dev", "v1alpha1", "ConfigRepo", "configrepos", true);
    private static final ResourceType LEASES = new ResourceType("coordination.k8s.io", "v1", "Lease", "leases", true);
    private static final ResourceType NAMESPACES = new ResourceType("", "v1", "Namespace", "namespaces", false);

    @TempDir
    Path folder;

    private final String namespace =
            "explain-it-" + UUID.randomUUID().toString().substring(0, 8);
    private final KubeCluster cluster =
            KubeCluster.connect(new ClusterRef.Kubeconfig(Testbed.shared().adminKubeconfig(), ""), Settings.standard());

    private record Ran(int exitCode, String out, String err) {}

    @BeforeEach
    void prepare() {
        apply(NAMESPACES, "{apiVersion: v1, kind: Namespace, metadata: {name: " + namespace + "}}");
        apply(CONFIG_REPOS, """
                apiVersion: orkestra.dev/v1alpha1
                kind: ConfigRepo
                metadata: {name: staging, namespace: %s}
                spec:
                  source: {url: "http://git.test/config.git"}
                  layers: [{path: infra}]
                  serviceAccountName: staging
                """.formatted(namespace));
    }

    @AfterEach
    void remove() {
        cluster.delete(NAMESPACES, "", namespace, "");
        cluster.close();
    }

    private void apply(ResourceType type, String yaml) {
        ObjectNode object = (ObjectNode) DocumentReader.read("object", yaml.getBytes(StandardCharsets.UTF_8))
                .documents()
                .getFirst()
                .root()
                .toJson();
        cluster.apply(type, object, ApplyOptions.of("explain-it"));
    }

    private Ran explain(String... more) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of(
                "explain",
                "-n",
                namespace,
                "--kubeconfig",
                Testbed.shared().adminKubeconfig().toString()));
        arguments.addAll(List.of(more));
        int code = Ork.run(
                new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false, folder),
                arguments.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    @Test
    void anEnvironmentThatNobodyHasLookedAtSaysSo() {
        Ran ran = explain("staging");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).startsWith(namespace + "/staging: no agent has looked at it yet\n");
    }

    @Test
    void aLeaseThatNobodyRenewsIsTheFirstThingToKnow() {
        apply(LEASES, """
                apiVersion: coordination.k8s.io/v1
                kind: Lease
                metadata: {name: orkestra-agent, namespace: %s}
                spec: {holderIdentity: agent-1, renewTime: "2026-01-01T00:00:00.000000Z", leaseDurationSeconds: 15}
                """.formatted(namespace));

        assertThat(explain("staging").out())
                .contains("nothing happens: the agent agent-1 does not renew its lease")
                .contains("2026-01-01T00:00:15Z");
    }

    @Test
    void aNameThatIsNotThereIsTroubleWithTheNextStep() {
        Ran ran = explain("stagign");

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains("there is no ConfigRepo stagign").contains("kubectl get configrepos -A");
    }
}
