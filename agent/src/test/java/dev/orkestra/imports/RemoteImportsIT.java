package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.katalog.ImportAuth;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Pin;
import dev.orkestra.katalog.Provided;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real registry, and a real server of plain files. */
class RemoteImportsIT {
    private static final byte[] KATALOG = Registry.bytes("apiVersion: orkestra.orkspace.io/v1\nkind: Katalog\n");
    private static final byte[] CRD = Registry.bytes("kind: CustomResourceDefinition\n");
    private static final ImportAuth BASIC = new ImportAuth.Basic("REGISTRY_USER", "REGISTRY_PASSWORD");

    @TempDir
    Path folder;

    private final String name = "it/" + UUID.randomUUID();
    private final Map<String, String> variables = new HashMap<>();
    private Testbed testbed;
    private RegistryPush push;
    private RemoteImports imports;

    @BeforeEach
    void open() {
        testbed = Testbed.shared();
        push = new RegistryPush(testbed);
        variables.put("REGISTRY_USER", testbed.registryUser());
        variables.put("REGISTRY_PASSWORD", testbed.registryPassword());
        ImportCache cache = new ImportCache(folder, 1 << 20, () -> Instant.EPOCH);
        imports = Imports.with(Imports.LIMITS, variables, Optional.of(cache));
    }

    @AfterEach
    void close() {
        imports.close();
        push.close();
    }

    @Test
    void anArtifactIsPulledWithUserAndPassword() throws Exception {
        String digest = push.push(name, "1.0", manifest(), KATALOG, CRD);
        Provided.Files files = Imports.files(imports.provide(withPassword("1.0")));
        assertThat(files.contents()).containsOnlyKeys("katalog.yaml", "crds/web.yaml");
        assertThat(files.contents().get("katalog.yaml")).isEqualTo(KATALOG);
        assertThat(files.pin()).isEqualTo(new Pin(digest, Pin.digestOf(files.contents())));
        assertThat(Imports.files(imports.provide(withPassword(digest))).pin()).isEqualTo(files.pin());
    }

    @Test
    void anArtifactIsPulledWithoutCredentialsWhereNoneAreAskedFor() throws Exception {
        String digest = push.push(name, "1.0", manifest(), KATALOG, CRD);
        Need.OciArtifact need = Imports.artifact(testbed.publicRegistry() + "/" + name, "1.0");
        assertThat(Imports.files(imports.provide(need)).pin().resolved()).isEqualTo(digest);
    }

    @Test
    void credentialsThatAreMissingOrWrongAreToldApart() {
        Need.OciArtifact none = Imports.artifact(testbed.registry() + "/" + name, "1.0");
        assertThat(Imports.words(imports.provide(none))).startsWith("the registry asks for credentials (401)");
        variables.put("REGISTRY_PASSWORD", "wrong-one");
        assertThat(Imports.words(imports.provide(withPassword("1.0"))))
                .startsWith("the registry does not accept the credentials (401)")
                .doesNotContain("wrong-one");
        variables.put("REGISTRY_PASSWORD", "");
        assertThat(Imports.words(imports.provide(withPassword("1.0")))).contains("REGISTRY_PASSWORD");
        Need.OciArtifact token =
                Imports.artifact(testbed.registry() + "/" + name, "1.0", new ImportAuth.Token("REGISTRY_USER"));
        assertThat(Imports.words(imports.provide(token))).startsWith("the registry asks for user and password");
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        assertThat(Imports.words(imports.provide(withPassword("1.0"))))
                .startsWith("there is no such artifact or version");
        push.push(name, "1.0", manifest(), KATALOG, CRD);
        assertThat(Imports.words(imports.provide(withPassword("2.0"))))
                .startsWith("there is no such artifact or version");
    }

    @Test
    void aTagThatMovesDoesNotMoveWhatIsLocked() throws Exception {
        push.push(name, "1.0", manifest(), KATALOG, CRD);
        Provided.Files before = Imports.files(imports.provide(withPassword("1.0")));
        String moved = push.push(name, "1.0", Registry.manifest(Map.of("katalog.yaml", CRD)), CRD);
        assertThat(Imports.files(imports.provide(withPassword("1.0"))).pin().resolved())
                .isEqualTo(moved);
        try (RemoteImports fresh = Imports.with(Imports.LIMITS, variables)) {
            Provided.Files locked = Imports.files(fresh.provide(Imports.locked(withPassword("1.0"), before.pin())));
            assertThat(locked.pin()).isEqualTo(before.pin());
        }
    }

    @Test
    void anIndexAndAnImageAreToldApartFromAnArtifact() throws Exception {
        String digest = push.push(name, "1.0", manifest(), KATALOG, CRD);
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        index.put("schemaVersion", 2).put("mediaType", "application/vnd.oci.image.index.v1+json");
        index.putArray("manifests")
                .addObject()
                .put("mediaType", "application/vnd.oci.image.manifest.v1+json")
                .put("digest", digest)
                .put("size", Registry.bytes(manifest().toString()).length);
        push.manifest(name, "all", index, "application/vnd.oci.image.index.v1+json");
        assertThat(Imports.words(imports.provide(withPassword("all")))).startsWith("this is an index of several");
        ObjectNode image = manifest();
        image.get("layers").forEach(layer -> ((ObjectNode) layer).remove("annotations"));
        push.push(name, "image", image, KATALOG, CRD);
        assertThat(Imports.words(imports.provide(withPassword("image")))).startsWith("it holds no files");
    }

    @Test
    void aPackedFolderIsPulled() throws Exception {
        byte[] tgz = Registry.tgz(tar -> Registry.entry(tar, "crds/web.yaml", CRD));
        ObjectNode manifest = Registry.manifest(Map.of("katalog.yaml", KATALOG));
        ((ArrayNode) manifest.get("layers")).add(Registry.folder("crds", tgz));
        push.push(name, "1.0", manifest, KATALOG, tgz);
        assertThat(Imports.files(imports.provide(withPassword("1.0"))).contents())
                .containsOnlyKeys("katalog.yaml", "crds/web.yaml");
    }

    @Test
    void whatIsLockedAndCachedNeedsNeitherServerNorCredentials() throws Exception {
        push.push(name, "1.0", manifest(), KATALOG, CRD);
        Provided.Files before = Imports.files(imports.provide(withPassword("1.0")));
        variables.clear();
        assertThat(Imports.files(imports.provide(Imports.locked(withPassword("1.0"), before.pin())))
                        .contents())
                .containsOnlyKeys("katalog.yaml", "crds/web.yaml");
    }

    @Test
    void aPlainFileIsFetchedFromAFileServer() throws IOException {
        String file = "it-" + UUID.randomUUID() + ".yaml";
        Path published = Files.write(testbed.chartsDir().resolve(file), KATALOG);
        try {
            Provided.Files files = Imports.files(imports.provide(Imports.file(testbed.chartsUrl() + "/" + file)));
            assertThat(files.contents()).containsOnlyKeys(file);
            assertThat(files.pin().digest()).isEqualTo(Pin.digestOf(Map.of(file, KATALOG)));
        } finally {
            Files.delete(published);
        }
        assertThat(Imports.words(imports.provide(Imports.file(testbed.chartsUrl() + "/" + file))))
                .startsWith("there is no such file (404)");
        assertThat(Imports.words(imports.provide(Imports.file(testbed.gitUrl() + "/x.git/HEAD"))))
                .startsWith("the server asks for credentials (401)");
    }

    private Need.OciArtifact withPassword(String version) {
        return Imports.artifact(testbed.registry() + "/" + name, version, BASIC);
    }

    private static ObjectNode manifest() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("katalog.yaml", KATALOG);
        files.put("crds/web.yaml", CRD);
        return Registry.manifest(files);
    }
}
