package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ork validate --repo} with layers that kustomize builds. */
class KustomizeLayersIT {
    @TempDir
    private Path folder;

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Ran validate(Map<String, String> environment) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(
                new PrintWriter(out, true), new PrintWriter(err, true), false, false, false, folder, environment);
        int exitCode = Ork.run(terminal, "validate", "--repo", ".");
        return new Ran(exitCode, out.toString(), err.toString());
    }

    private void repository() throws IOException {
        file("environment.yaml", """
                apiVersion: orkestra.dev/v1alpha1
                kind: ConfigRepo
                metadata: {name: staging, namespace: orkestra}
                spec:
                  source: {url: "http://git.test/c.git"}
                  layers: [{path: apps/overlays/staging}]
                  serviceAccountName: staging
                  allow: {kinds: [{kind: ConfigMap}, {kind: Namespace}], namespaces: [shop]}
                """);
        file("apps/base/kustomization.yaml", "resources: [shop.yaml]\n");
        file("apps/base/shop.yaml", """
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: settings, namespace: shop}
                data: {a: b}
                """);
        file("apps/overlays/staging/kustomization.yaml", "resources: [../../base]\n");
        file("apps/overlays/production/kustomization.yaml", "resources: [../../base]\n");
    }

    private Map<String, String> withProgram() {
        return Map.of(
                "ORK_KUSTOMIZE",
                Testbed.shared().kustomize().toString(),
                "XDG_CACHE_HOME",
                folder.resolve(".cache").toString());
    }

    @Test
    void whatALayerIsBuiltFromIsCoveredAndOtherKustomizationsAreLeftOut() throws IOException {
        repository();
        assertThat(validate(withProgram()).transcript("ork validate --repo .")).isEqualTo("""
                $ ork validate --repo .
                --- standard output
                environment.yaml: ok: 'staging', 2 objects in 1 wave
                environment.yaml: ok: 1 document
                2 files checked: no errors, no warnings
                --- standard error
                ork validate: left out, for Helm or kustomize alone knows what they mean: apps/overlays/production/
                exit code 0
                """);
    }

    @Test
    void findingsStandAtTheLineOfTheOverlayThatCausedThem() throws IOException {
        repository();
        file("apps/overlays/staging/kustomization.yaml", """
                resources:
                  - ../../base
                  - roles.yaml
                  - twice.yaml
                patches:
                  - path: settings.yaml
                configMapGenerator:
                  - name: elsewhere
                    namespace: kube-system
                    literals: [a=b]
                """);
        file("apps/overlays/staging/roles.yaml", """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: all}
                """);
        file("apps/overlays/staging/twice.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: plain, namespace: default}
                """);
        file("apps/overlays/staging/settings.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: settings
                  namespace: shop
                  annotations:
                    argocd.argoproj.io/sync-wave: "1"
                    orkestra.orkspace.io/sync-wave: "2"
                """);
        Golden.assertMatches(
                "validate/kustomize-findings.txt", validate(withProgram()).transcript("ork validate --repo ."));
    }

    @Test
    void withoutTheProgramItIsNamedWithTheWayToGiveIt() throws IOException {
        repository();
        assertThat(validate(Map.of("XDG_CACHE_HOME", folder.resolve(".cache").toString()))
                        .out())
                .contains(
                        "apps/overlays/staging/kustomization.yaml:1:1: error: kustomize is needed to build this folder, and"
                                + " there is none (install kustomize 5, or name the program with --kustomize or in the variable"
                                + " ORK_KUSTOMIZE) [ImportFailed]");
    }
}
