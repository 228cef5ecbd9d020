package dev.orkestra.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Node;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The details as text and as JSON have golden files beside those of the other forms; here are the odd cases. */
class KatalogDetailsTest {
    private static KatalogDetails of(String text) {
        Node root = DocumentReader.read("k.yaml", text.getBytes(UTF_8))
                .documents()
                .getFirst()
                .root();
        return KatalogDetails.of((Node.MapNode) root);
    }

    @Test
    void whatIsOnACircleNeverStarts() {
        assertThat(of("spec: {crds: {a: {dependsOn: [b]}, b: {dependsOn: [a]}, c: {}, d: {dependsOn: [c, a]}}}")
                        .startOrder())
                .containsExactly(List.of("c"));
        assertThat(of("spec: {crds: {a: {dependsOn: [b, B, gone]}, b: {}, c: {dependsOn: {a: healthy, b: started}}}}")
                        .startOrder())
                .containsExactly(List.of("b"), List.of("a"), List.of("c"));
    }

    @Test
    void aDocumentOfOddTypesHasDetailsToo() {
        KatalogDetails details = of("""
                notes: {functions: [1, {name: 2}]}
                profiles: {reconciler: x, pdb: [{name: own}, 3]}
                spec:
                  crds:
                    a: {apiTypes: [x], dependsOn: 4, operatorBox: {observe: {watch: [{kind: 5}]}, reconcile: {queue: 6}}}
                    b: null
                """);

        assertThat(details.crds()).singleElement().satisfies(crd -> {
            assertThat(crd.permissions()).isEmpty();
            assertThat(crd.values()).extracting(KatalogDetails.Value::name).startsWith("workers", "resync");
        });
        assertThat(details.profiles()).containsOnlyKeys("pdb");
        assertThat(of("a: 1").crds()).isEmpty();
    }

    @Test
    void whatAHookMakesAndWhatAnotherReadsAreGrantedOnce() {
        KatalogDetails details = of("""
                spec:
                  crds:
                    a:
                      apiTypes: {kind: secret}
                      operatorBox:
                        observe: {cross: [{crd: b}]}
                        reconcile:
                          onCreate: {secrets: [{name: x}], groups: [{name: g, secrets: [{name: y}]}]}
                    b: {apiTypes: {group: g.io, version: v1, kind: Box, plural: boxes}}
                """);

        assertThat(details.crds().getFirst().permissions())
                .extracting(each -> each.resource() + " " + String.join(" ", each.verbs()))
                .containsExactly(
                        "secrets get list watch create update patch delete",
                        "secrets/finalizers update",
                        "secrets/status get update patch",
                        "boxes get list watch");
    }

    @ParameterizedTest
    @CsvSource({
        "Ingress, ingresses",
        "NetworkPolicy, networkpolicies",
        "ComponentStatus, componentstatuses",
        "Gateway, gateways",
        "Pod, pods",
        "Box, boxes",
        "StorageClass, storageclasses"
    })
    void aPluralIsMadeAsTheBuiltInOnesAre(String kind, String plural) {
        assertThat(Permissions.pluralOf(kind)).isEqualTo(plural);
    }
}
