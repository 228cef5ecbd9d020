package dev.orkestra.katalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Pointers;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComposerTest {
    private static final String BOOKS = """
            book:
              apiTypes: {group: shop.test, version: v1, kind: Book, plural: books}
              labels: {team: core}
              operatorBox:
                runtime: {finalizers: [a]}
                reconcile:
                  workers: 3
                  onReconcile:
                    deployments: [{name: d1}]
                    services: [{name: s1}]
            """;

    private static String crd(String name, String kind, String more) {
        return name + ":\n  apiTypes: {group: shop.test, version: v1, kind: " + kind + ", plural: " + name + "s}\n"
                + more.indent(2);
    }

    @Test
    void asksForTheEntryThenForAllItsImportsAtOnce() {
        ComposeRequest request = ComposeRequest.of("envs/prod/komposer.yaml");
        assertThat(Composer.compose(request))
                .isEqualTo(
                        new Composition.NeedsInput(List.of(new Need.RepositoryFile("envs/prod/komposer.yaml", null))));

        String text =
                Repository.HEAD + "kind: Komposer\nmetadata: {name: p}\nimports:\n  files:\n    - ../../base/a.yaml\n"
                        + "    - url: ./b.yaml\n    - ../../base/a.yaml\n";
        Composition answer =
                Composer.compose(request.with("envs/prod/komposer.yaml", new Provided.Content(text.getBytes(UTF_8))));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Composition.NeedsInput.class,
                        needs -> assertThat(needs.needs())
                                .extracting(Object::toString)
                                .containsExactly(
                                        "RepositoryFile[path=base/a.yaml, askedBy=envs/prod/komposer.yaml:6:7]",
                                        "RepositoryFile[path=envs/prod/b.yaml, askedBy=envs/prod/komposer.yaml:7:12]"));
    }

    @Test
    void mergesAnOverrideFieldByFieldAndWarnsOfWhatHasNoEffect() {
        Repository repository = new Repository()
                .katalog("base/books.yaml", "books", BOOKS)
                .komposer("prod/komposer.yaml", List.of("../base/books.yaml"), """
                        book:
                          labels: {team: ops}
                          operatorBox:
                            runtime: {finalizers: [b, a]}
                            reconcile:
                              workers: 8
                              onReconcile:
                                deployments: [{name: d2}]
                        """);

        Composition.Composed composed = repository.composed("prod/komposer.yaml");
        JsonNode book = composed.katalog().toJson().at("/spec/crds/book");

        assertThat(book.at("/operatorBox/reconcile/workers").asInt()).isEqualTo(8);
        assertThat(book.at("/operatorBox/runtime/finalizers")).hasToString("[\"a\",\"b\"]");
        assertThat(book.at("/operatorBox/reconcile/onReconcile")).hasToString("{\"deployments\":[{\"name\":\"d2\"}]}");
        assertThat(book.at("/labels")).hasToString("{\"team\":\"core\"}");
        assertThat(composed.files()).containsExactly("prod/komposer.yaml", "base/books.yaml");
        assertThat(composed.findings())
                .singleElement()
                .hasToString(
                        "prod/komposer.yaml:9:7: warning: the override of labels has no effect (the imported value stays; change it"
                                + " in the imported Katalog) [IgnoredOverride]");
    }

    @Test
    void everyNodeKeepsThePlaceThatWroteIt() {
        Repository repository = new Repository()
                .katalog("base/books.yaml", "books", BOOKS)
                .komposer(
                        "komposer.yaml", List.of("base/books.yaml"), "book: {operatorBox: {reconcile: {workers: 8}}}");

        var katalog = repository.composed("komposer.yaml").katalog();

        assertThat(Pointers.keyPosition(katalog, "/spec/crds/book")).hasToString("base/books.yaml:6:5");
        assertThat(Pointers.keyPosition(katalog, "/spec/crds/book/operatorBox/reconcile/onReconcile"))
                .hasToString("base/books.yaml:13:11");
        assertThat(Pointers.keyPosition(katalog, "/spec/crds/book/operatorBox/reconcile/workers"))
                .hasToString("komposer.yaml:8:38");
        assertThat(Pointers.keyPosition(katalog, "/metadata")).hasToString("komposer.yaml:3:1");
    }

    @Test
    void anOverrideThatSaysTheSameIsNoOccasionForAWarning() {
        assertThat(new Repository()
                        .katalog("a.yaml", "a", BOOKS)
                        .komposer("k.yaml", List.of("a.yaml"), "book: {labels: {team: core}}")
                        .findings("k.yaml"))
                .isEmpty();
    }

    @Test
    void anOverrideCanDisableButNotEnableAndZeroIsNotSet() {
        Repository repository = new Repository()
                .katalog("a.yaml", "a", crd("one", "One", "enabled: false") + crd("two", "Two", "enabled: true"))
                .komposer("k.yaml", List.of("a.yaml"), """
                        one: {enabled: true}
                        two: {enabled: false, operatorBox: {reconcile: {workers: 0}}, apiTypes: {group: x}}
                        """);

        Composition.Composed composed = repository.composed("k.yaml");

        JsonNode crds = composed.katalog().toJson().at("/spec/crds");
        assertThat(crds.at("/one/enabled").asBoolean()).isFalse();
        assertThat(crds.at("/two/enabled").asBoolean()).isFalse();
        assertThat(crds.at("/two/apiTypes/group").asText()).isEqualTo("shop.test");
        assertThat(composed.findings())
                .extracting(f -> f.position() + " " + f.message())
                .containsExactly(
                        "k.yaml:8:11 the override of enabled has no effect",
                        "k.yaml:9:53 the override of operatorBox.reconcile.workers has no effect",
                        "k.yaml:9:67 the override of apiTypes has no effect");
    }

    @Test
    void theConfigMapCarriesTheSameTextForTheSameContent() throws Exception {
        Repository one = new Repository().katalog("a.yaml", "a", BOOKS).komposer("k.yaml", List.of("a.yaml"), "");
        Repository other = new Repository()
                .katalog("a.yaml", "a", BOOKS.replace("labels: {team: core}", "labels:\n    'team':  core"))
                .komposer("k.yaml", List.of("a.yaml"), "");

        ObjectNode configMap = one.composed("k.yaml").configMap();

        assertThat(configMap).isEqualTo(other.composed("k.yaml").configMap());
        assertThat(configMap.at("/metadata/name").asText()).isEqualTo("orkestra-katalog");
        assertThat(configMap.at("/metadata/namespace").asText()).isEqualTo("orkestra");
        assertThat(configMap
                        .at("/metadata/annotations/argocd.argoproj.io~1sync-wave")
                        .asText())
                .isEqualTo("1");
        String text = configMap.at("/data/katalog.yaml").asText();
        assertThat(configMap.at("/metadata/annotations/orkestra.dev~1checksum").asText())
                .isEqualTo(CanonicalJson.digest(text.getBytes(UTF_8)));
        JsonNode read = DocumentReader.read("x", text.getBytes(UTF_8))
                .documents()
                .getFirst()
                .root()
                .toJson();
        assertThat(read).isEqualTo(one.composed("k.yaml").katalog().toJson());
        assertThat(read.path("kind").asText()).isEqualTo("Katalog");
        assertThat(read.has("imports")).isFalse();
        assertThat(new Repository()
                        .file("k.yaml", Repository.HEAD + "kind: Katalog\nmetadata: {name: k, namespace: ops}\n")
                        .composed("k.yaml")
                        .configMap()
                        .at("/metadata/namespace")
                        .asText())
                .isEqualTo("ops");
    }

    @Test
    void importedEntriesTakeAlongWhatTheirKatalogSaysForAll() {
        Repository repository =
                new Repository().file("a.yaml", Repository.HEAD + """
                        kind: Katalog
                        metadata: {name: a, version: "1.2", description: all books}
                        crossAccess: false
                        spec:
                          finalizers: [shop.test/keep]
                          crds:
                            book:
                              apiTypes: {group: shop.test, version: v1, kind: Book, plural: books}
                        """).komposer("k.yaml", List.of("a.yaml"), "");

        assertThat(repository.composed("k.yaml").katalog().toJson().at("/spec/crds/book"))
                .hasToString(
                        "{\"apiTypes\":{\"group\":\"shop.test\",\"version\":\"v1\",\"kind\":\"Book\",\"plural\":\"books\"},"
                                + "\"katalogName\":\"a\",\"katalogDescription\":\"all books\",\"katalogVersion\":\"1.2\","
                                + "\"katalogNamespace\":\"default\",\"crossAccess\":false,"
                                + "\"operatorBox\":{\"runtime\":{\"finalizers\":[\"shop.test/keep\"]}}}");
    }

    @Test
    void oneCrdFromTwoFilesIsAnErrorThatNamesBothPlaces() {
        assertThat(new Repository()
                        .katalog("a.yaml", "a", crd("book", "Book", ""))
                        .katalog("b.yaml", "b", crd("Book", "Other", ""))
                        .komposer("k.yaml", List.of("a.yaml", "b.yaml", "a.yaml"), "")
                        .findings("k.yaml"))
                .containsExactly(
                        "b.yaml:6:5: error: the CRD 'book' is already declared at a.yaml:6:5 (rename one of the two,"
                                + " or import only one) [DuplicateCrd]");
    }

    @Test
    void onlyFilesOfTheRepositoryThatHoldAKatalogCanBeImported() {
        assertThat(new Repository()
                        .komposer("envs/k.yaml", List.of(), "")
                        .file("envs/motif.yaml", Repository.HEAD + "kind: Motif\nmetadata: {name: m}\n")
                        .file("envs/pod.yaml", "apiVersion: v1\nkind: Pod\n")
                        .file("envs/empty.yaml", "")
                        .file("envs/prod.yaml", Repository.HEAD + """
                                kind: Komposer
                                metadata: {name: prod}
                                imports:
                                  files:
                                    - k.yaml
                                    - motif.yaml
                                    - pod.yaml
                                    - empty.yaml
                                    - nowhere.yaml
                                    - ../../etc/passwd
                                    - /etc/passwd
                                    - https://shop.test/katalog.yaml
                                    - $KATALOG
                                  registry: ["oci://shop.test/books:1"]
                                  helm: [{repo: "https://shop.test"}]
                                """)
                        .findings("envs/prod.yaml"))
                .containsExactly(
                        "envs/empty.yaml:1:1: error: the file is empty (write a Katalog into it) [MissingField]",
                        "envs/pod.yaml:2:1: error: kind 'Pod' is no kind of Orkestra's (Katalog and Komposer can be composed)"
                                + " [UnknownKind]",
                        "envs/prod.yaml:6:7: error: a Komposer cannot import another Komposer (import the Katalogs that it"
                                + " imports) [ImportNotAllowed]",
                        "envs/prod.yaml:7:7: error: a Komposer cannot import a Motif (import a Katalog) [ImportNotAllowed]",
                        "envs/prod.yaml:10:7: error: the file envs/nowhere.yaml is not there (check the path; it is relative to"
                                + " the folder of the file that names it) [NotFound]",
                        "envs/prod.yaml:11:7: error: the import '../../etc/passwd' leads out of the repository (name a file of"
                                + " this repository, relative to the folder of the file that names it) [OutsideRoot]",
                        "envs/prod.yaml:12:7: error: the import '/etc/passwd' leads out of the repository (name a file of this"
                                + " repository, relative to the folder of the file that names it) [OutsideRoot]",
                        "envs/prod.yaml:13:7: error: https://shop.test/katalog.yaml is not in the lock file envs/prod.lock.yaml"
                                + " (write the lock file and commit it: ork compose -f envs/prod.yaml --lock) [NotLocked]",
                        "envs/prod.yaml:14:7: error: $KATALOG: only files of the repository can be imported here"
                                + " [ImportNotAllowed]",
                        "envs/prod.yaml:15:14: error: oci://shop.test/books@1 is not in the lock file envs/prod.lock.yaml"
                                + " (write the lock file and commit it: ork compose -f envs/prod.yaml --lock) [NotLocked]",
                        "envs/prod.yaml:16:17: error: a Helm repository holds many charts, and this import names none"
                                + " (add 'chart') [MissingField]");
    }

    @Test
    void aKatalogCannotImport() {
        assertThat(new Repository()
                        .file(
                                "k.yaml",
                                Repository.HEAD + "kind: Katalog\nmetadata: {name: k}\nimports: {files: [a.yaml]}\n")
                        .findings("k.yaml"))
                .containsExactly(
                        "k.yaml:4:1: error: a Katalog cannot import (make it a Komposer, or let a Komposer import"
                                + " both) [ImportNotAllowed]");
        assertThat(new Repository()
                        .file("k.yaml", Repository.HEAD + "kind: Katalog\nmetadata: {name: k}\nimports: {}\n")
                        .findings("k.yaml"))
                .isEmpty();
    }

    @Test
    void warnsOfAKomposerThatComposesNothingAndOfDocumentsThatNobodyReads() {
        assertThat(new Repository()
                        .file("k.yaml", Repository.HEAD + "kind: Komposer\nmetadata: {name: k}\n---\na: 1\n")
                        .findings("k.yaml"))
                .containsExactly(
                        "k.yaml:1:1: warning: this Komposer composes nothing: it has no imports and no spec.crds (import a"
                                + " Katalog under imports.files) [MissingField]",
                        "k.yaml:5:1: warning: this document is ignored: a file holds one Komposer (move it to a file of its"
                                + " own) [ExtraDocument]");
    }

    @Test
    void composesTheBlocksBesideTheCrdsEachByItsRule() {
        Repository repository = new Repository()
                .file("a.yaml", Repository.HEAD + """
                        kind: Katalog
                        metadata: {name: a}
                        lifecycle: {maturity: stable}
                        security:
                          conversion: {enabled: true}
                          certManager: {autoRotate: false}
                        notification: {enabled: true, teams: {one: {slack: [a]}, two: {slack: [a]}}}
                        providers: [{name: x, version: "1"}]
                        notes: {functions: [{name: n1, expression: a}, {name: n2, expression: a}]}
                        gateway: {enabled: true}
                        """)
                .file("b.yaml", Repository.HEAD + """
                        kind: Katalog
                        metadata: {name: b}
                        lifecycle: {maturity: stable, compatibility: {kubernetes: ">=1.30"}}
                        security:
                          certManager: {autoRotate: true}
                        providers: [{name: x, version: "2"}, {name: z}]
                        """)
                .file("k.yaml", Repository.HEAD + """
                        kind: Komposer
                        metadata: {name: k}
                        imports: {files: [a.yaml, b.yaml]}
                        security: {conversion: {enabled: false}}
                        notification: {enabled: false, teams: {two: {slack: [k]}}}
                        notes: {functions: [{name: n2, expression: k}]}
                        spec: {crds: {own: {apiTypes: {kind: Pod}}}}
                        """);

        Composition.Composed composed = repository.composed("k.yaml");

        JsonNode json = composed.katalog().toJson();
        assertThat(json.at("/lifecycle/compatibility/kubernetes").asText()).isEqualTo(">=1.30");
        assertThat(json.at("/security"))
                .hasToString("{\"conversion\":{\"enabled\":false},\"certManager\":{\"autoRotate\":true}}");
        assertThat(json.at("/notification"))
                .hasToString("{\"enabled\":true,\"teams\":{\"one\":{\"slack\":[\"a\"]},\"two\":{\"slack\":[\"k\"]}}}");
        assertThat(json.at("/providers")).hasToString("[{\"name\":\"x\",\"version\":\"1\"},{\"name\":\"z\"}]");
        assertThat(json.at("/notes/functions"))
                .hasToString("[{\"name\":\"n1\",\"expression\":\"a\"},{\"name\":\"n2\",\"expression\":\"k\"}]");
        assertThat(composed.findings())
                .singleElement()
                .hasToString(
                        "k.yaml:6:16: warning: notification.enabled of the import at a.yaml:8:16 stays (change it in the imported"
                                + " Katalog) [IgnoredOverride]");
    }

    @Test
    void namesThatClashBetweenImportsAreErrors() {
        Repository repository = new Repository()
                .file(
                        "a.yaml",
                        Repository.HEAD
                                + "kind: Katalog\nmetadata: {name: a}\nnotes: {functions: [{name: nn, expression:"
                                + " a}]}\nprofiles: {hpa: [{name: p}]}\n")
                .file(
                        "b.yaml",
                        Repository.HEAD
                                + "kind: Katalog\nmetadata: {name: b}\nnotes: {functions: [{name: nn, expression:"
                                + " b}]}\n")
                .file(
                        "k.yaml",
                        Repository.HEAD + "kind: Komposer\nmetadata: {name: k}\nimports: {files: [a.yaml, b.yaml]}\n"
                                + "profiles: {hpa: [{name: p}]}\n");

        assertThat(repository.findings("k.yaml"))
                .containsExactly(
                        "b.yaml:4:21: error: the note 'nn' is already declared at a.yaml:4:21 (rename one of the two) [DuplicateName]",
                        "k.yaml:5:18: error: the profile 'p' is already declared at a.yaml:5:18 (rename one of the two)"
                                + " [DuplicateName]");
    }

    @Test
    void namesEachFurtherFileThatIsMissingWhereItIsNamed() {
        assertThat(new Repository().file("k.yaml", Repository.HEAD + """
                                kind: Katalog
                                metadata: {name: k}
                                notes: {include: notes.yaml}
                                spec:
                                  imports: [{motif: m.yaml}]
                                  crds:
                                    a: {crdFile: a.yaml}
                                    b: {crdFile: b.yaml, apiTypes: {group: g, version: v1, kind: B, plural: bs}}
                                    c: {crdFile: c.yaml, enabled: false}
                                """).findings("k.yaml"))
                .extracting(text -> text.substring(0, text.lastIndexOf(" (")))
                .containsExactly(
                        "k.yaml:4:18: error: the file notes.yaml is not there",
                        "k.yaml:6:21: error: the file m.yaml is not there",
                        "k.yaml:8:18: error: the file a.yaml is not there",
                        "k.yaml:9:18: error: the file b.yaml is not there");
    }

    @Test
    void anEntryThatCannotBeReadIsRefusedWithItsFindings() {
        assertThat(new Repository().findings("k.yaml"))
                .singleElement()
                .asString()
                .startsWith("k.yaml:1:1: error: the file k.yaml is not there");
        assertThat(new Repository().file("k.yaml", "a: [").findings("k.yaml"))
                .singleElement()
                .asString()
                .contains("[NotYaml]");
        assertThat(new Repository()
                        .file("k.yaml", "apiVersion: orkestra.orkspace.io/v2\nkind: Katalog\n")
                        .findings("k.yaml"))
                .singleElement()
                .asString()
                .startsWith("k.yaml:1:1: error: apiVersion 'orkestra.orkspace.io/v2' is not");
        assertThat(new Repository()
                        .file("k.yaml", Repository.HEAD + "kind: E2E\n")
                        .findings("k.yaml"))
                .singleElement()
                .asString()
                .contains("an E2E cannot be composed");
    }

    @Test
    void aKatalogTooLargeForAConfigMapIsRefused() {
        assertThat(new Repository()
                        .katalog("k.yaml", "k", crd("book", "Book", "description: " + "x".repeat(1_000_001)))
                        .findings("k.yaml"))
                .singleElement()
                .asString()
                .contains("[TooLarge]");
    }
}
