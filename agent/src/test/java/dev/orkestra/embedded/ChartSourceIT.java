package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.Identity;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.Settings;
import dev.orkestra.group.Groups;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.testing.Testbed;
import dev.orkestra.web.Access;
import dev.orkestra.web.Certificates;
import dev.orkestra.web.Login;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** HelmRepositories of a real API server. */
class ChartSourceIT {
    private static final String NAMESPACE = "chart-source-it";
    private static final Identity IDENTITY = new Identity(NAMESPACE, "deployer");

    private static KubeCluster cluster;

    @BeforeAll
    static void open() throws Exception {
        // Installs the definitions where they are missing.
        try (Engines _ = Engines.start(NAMESPACE + "-engines")) {
            cluster = KubeCluster.connect(
                    new ClusterRef.Kubeconfig(Testbed.shared().adminKubeconfig(), ""), Settings.standard());
        }
        apply("{apiVersion: v1, kind: Namespace, metadata: {name: " + NAMESPACE + "}}");
        apply("{apiVersion: v1, kind: ServiceAccount, metadata: " + named("deployer") + "}");
        apply(
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: " + named("deployer")
                        + ", rules: [{apiGroups: [''], resources: [secrets], resourceNames: [login, tls, odd], verbs: [get]}]}");
        apply("{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: " + named("deployer")
                + ", roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deployer}"
                + ", subjects: [{kind: ServiceAccount, name: deployer, namespace: " + NAMESPACE + "}]}");
        for (String name : new String[] {"login", "theirs"}) {
            apply("{apiVersion: v1, kind: Secret, metadata: " + named(name)
                    + ", stringData: {username: ann, password: s3cr3t}}");
        }
        apply("{apiVersion: v1, kind: Secret, metadata: " + named("odd") + ", stringData: {ca.crt: /etc/ca.crt}}");
        ObjectNode tls = Groups.json("{apiVersion: v1, kind: Secret, metadata: " + named("tls") + "}");
        tls.putObject("stringData").put("ca.crt", new Certificates("our authority").pem());
        apply(tls);
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    private static String named(String name) {
        return "{name: " + name + ", namespace: " + NAMESPACE + "}";
    }

    @Test
    void aRegistryWithUserAndPasswordAndAnAuthorityOfItsOwn() {
        Outcome<ChartSource> source =
                source("{url: \"oci://r.test/x\", type: oci, secretRef: {name: login}, certSecretRef: {name: tls}}");
        assertThat(source).isInstanceOfSatisfying(Outcome.Done.class, done -> {
            ChartSource found = (ChartSource) done.value();
            assertThat(found.url()).isEqualTo("oci://r.test/x");
            assertThat(found.access().login()).isEqualTo(Optional.of(new Login.Basic("ann", "s3cr3t")));
            assertThat(found.access().tls()).isPresent();
        });
    }

    @Test
    void withoutSecretsNothingIsShown() {
        assertThat(source("{url: \"https://r.test/x\"}"))
                .isEqualTo(Outcome.done(new ChartSource("https://r.test/x", Access.OPEN)));
    }

    @Test
    void aSecretIsReadWithTheRightsOfTheGroup() {
        assertThat(source("{url: \"https://r.test/x\", secretRef: {name: theirs}}")
                        .toString())
                .contains("Retry", "Secret chart-source-it/theirs cannot be read", "service account")
                .doesNotContain("s3cr3t");
        assertThat(source("{url: \"https://r.test/x\", secretRef: {name: odd}}").toString())
                .contains("Retry", "Secret chart-source-it/odd: ca.crt is no PEM");
    }

    @Test
    void whatIsNotReadAsItIsMeantIsRefused() {
        assertThat(source("{url: \"https://r.test/x\", type: oci}").toString()).contains("Terminal", "oci:// belongs");
        assertThat(source("{url: \"oci://r.test/x\"}").toString()).contains("Terminal", "oci:// belongs");
        assertThat(source("{url: \"oci://r.test/x\", type: oci, insecure: true}")
                        .toString())
                .contains("Terminal", "spec.insecure");
        assertThat(source("{url: \"oci://127.0.0.1:1/x\", type: oci, insecure: true}"))
                .isInstanceOf(Outcome.Done.class);
        assertThat(source("{url: \"oci://r.test/x\", type: oci, provider: aws}").toString())
                .contains("Terminal", "spec.provider");
    }

    private static Outcome<ChartSource> source(String spec) {
        ObjectNode repository = Groups.json(
                "{apiVersion: source.toolkit.fluxcd.io/v1, kind: HelmRepository, metadata: " + named("repo") + "}");
        repository.set("spec", Groups.json(spec));
        cluster.apply(
                cluster.resourceType("source.toolkit.fluxcd.io/v1", "HelmRepository"),
                repository,
                ApplyOptions.of(NAMESPACE).forced());
        ObjectNode release = Groups.json("{metadata: " + named("web")
                + ", spec: {chart: {spec: {chart: web, sourceRef: {kind: HelmRepository, name: repo}}}}}");
        return ReleaseSpec.parse(release) instanceof Outcome.Done<ReleaseSpec>(ReleaseSpec read)
                ? ChartSource.of(cluster, IDENTITY, read)
                : org.assertj.core.api.Assertions.fail("not read");
    }

    private static void apply(String yaml) {
        apply(Groups.json(yaml));
    }

    private static void apply(ObjectNode object) {
        cluster.apply(
                cluster.resourceType(
                        object.path("apiVersion").asText(), object.path("kind").asText()),
                object,
                ApplyOptions.of(NAMESPACE).forced());
    }
}
