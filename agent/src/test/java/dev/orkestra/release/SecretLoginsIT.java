package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.cluster.Identity;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.Settings;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Groups;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.testing.Testbed;
import dev.orkestra.web.Access;
import dev.orkestra.web.Login;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Secrets of a real API server, read as a service account that may read one of them by name. */
class SecretLoginsIT {
    private static final String NAMESPACE = "secret-logins-it";
    private static final Identity IDENTITY = new Identity(NAMESPACE, "deployer");

    private static KubeCluster cluster;
    private static GroupCluster groups;

    @BeforeAll
    static void open() throws Exception {
        cluster = KubeCluster.connect(
                new ClusterRef.Kubeconfig(Testbed.shared().adminKubeconfig(), ""), Settings.standard());
        installDefinitions();
        apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: " + NAMESPACE + "}\n");
        apply("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: deployer, namespace: " + NAMESPACE + "}\n");
        apply("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: deployer, namespace: secret-logins-it}
                rules:
                - {apiGroups: [""], resources: [secrets], resourceNames: [mine, absent], verbs: [get]}
                """);
        apply("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: deployer, namespace: secret-logins-it}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deployer}
                subjects: [{kind: ServiceAccount, name: deployer, namespace: secret-logins-it}]
                """);
        for (String name : new String[] {"mine", "theirs"}) {
            apply("apiVersion: v1\nkind: Secret\nmetadata: {name: " + name + ", namespace: " + NAMESPACE
                    + "}\nstringData: {username: ann, password: s3cr3t}\n");
        }
        groups = new GroupCluster(cluster, GroupSettings.embedded(URI.create("http://charts.test")));
    }

    /** Those of the groups, Argo's and Flux's; where another test has them installed already, they stay as they are. */
    private static void installDefinitions() throws Exception {
        ResourceType definitions = cluster.resourceType("apiextensions.k8s.io/v1", "CustomResourceDefinition");
        Set<String> missing = ConcurrentHashMap.newKeySet();
        try (Stream<Path> files = Files.list(Testbed.root().resolve("schemas/crds"))) {
            for (Path file : files.toList()) {
                ObjectNode definition = Groups.json(Files.readString(file));
                String name = definition.path("metadata").path("name").asText();
                missing.add(name);
                if (cluster.get(definitions, "", name).isEmpty()) {
                    cluster.apply(definitions, definition, ApplyOptions.of("secret-logins-it"));
                }
            }
        }
        CompletableFuture<Void> all = new CompletableFuture<>();
        try (WatchCache _ = cluster.watch(definitions, "", "", (_, definition) -> {
            Conditions.find(definition, "Established")
                    .filter(found -> found.path("status").asText().equals("True"))
                    .ifPresent(_ -> missing.remove(
                            definition.path("metadata").path("name").asText()));
            if (missing.isEmpty()) {
                all.complete(null);
            }
        })) {
            all.get(30, TimeUnit.SECONDS);
        }
        cluster.forgetResourceTypes();
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    @Test
    void theGroupsIdentityReadsTheSecretThatItMayRead() {
        assertThat(of("mine"))
                .isInstanceOfSatisfying(
                        Outcome.Done.class,
                        done -> assertThat(((Access) done.value()).login())
                                .isEqualTo(Optional.of(new Login.Basic("ann", "s3cr3t"))));
    }

    @Test
    void aSecretThatTheIdentityMayNotReadIsNotReadWithTheAgentsRights() {
        assertThat(of("theirs").toString())
                .contains(
                        "Secret secret-logins-it/theirs cannot be read",
                        "let the service account secret-logins-it/deployer read it")
                .doesNotContain("s3cr3t");
    }

    @Test
    void aSecretThatDoesNotExistIsNamed() {
        assertThat(of("absent").toString())
                .contains("Secret secret-logins-it/absent, which authSecretRef names, does not exist");
    }

    private static Outcome<Access> of(String secret) {
        return new SecretLogins(groups, IDENTITY)
                .of(new ApplicationGroup.Chart("https://charts.test", "web", "1.0.0", NAMESPACE, secret));
    }

    private static void apply(String yaml) {
        ObjectNode object = (ObjectNode) DocumentReader.read("it.yaml", yaml.getBytes(StandardCharsets.UTF_8))
                .documents()
                .getFirst()
                .root()
                .toJson();
        cluster.apply(
                cluster.resourceType(
                        object.path("apiVersion").asText(), object.path("kind").asText()),
                object,
                ApplyOptions.of("secret-logins-it").forced());
    }
}
