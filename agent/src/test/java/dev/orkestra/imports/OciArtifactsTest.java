package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.katalog.ImportAuth;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Pin;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.web.BadServer;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against pages of an HTTP server that are what registries send. A real registry is asked in RemoteImportsIT. */
class OciArtifactsTest {
    private static final String SECRET = "s3cr3t-value";
    private static final byte[] KATALOG = Registry.bytes("kind: Katalog\n");
    private static final byte[] CRD = Registry.bytes("kind: CustomResourceDefinition\n");
    private static final ImportAuth TOKEN = new ImportAuth.Token("TOKEN");
    private static final ImportAuth BASIC = new ImportAuth.Basic("USER", "PASSWORD");
    /** ann:s3cr3t-value */
    private static final String PAIR = "Basic YW5uOnMzY3IzdC12YWx1ZQ==";

    private final Map<String, String> variables =
            new HashMap<>(Map.of("TOKEN", SECRET, "USER", "ann", "PASSWORD", SECRET));
    private WebServer server;
    private WebServer other;
    private RemoteImports imports;
    private String repository;

    @BeforeEach
    void open() throws IOException {
        server = new WebServer();
        other = new WebServer();
        imports = Imports.with(Imports.LIMITS, variables);
        repository = "127.0.0.1:" + server.port() + "/team/web";
    }

    @AfterEach
    void close() {
        imports.close();
        server.close();
        other.close();
    }

    @Test
    void eachTitledLayerIsAFileAndTheManifestIsThePin() {
        String digest = publish(Registry.manifest(files()));
        Provided.Files files = Imports.files(imports.provide(Imports.artifact(repository, "1.0")));
        assertThat(files.contents().keySet()).containsExactly("crds/web.yaml", "katalog.yaml");
        assertThat(Imports.text(files, "katalog.yaml")).isEqualTo("kind: Katalog\n");
        assertThat(files.pin()).isEqualTo(new Pin(digest, Pin.digestOf(files.contents())));
        assertThat(Imports.files(imports.provide(Imports.artifact(repository, digest)))
                        .pin())
                .isEqualTo(files.pin());
    }

    @Test
    void aLayerWithoutATitleIsNoFile() {
        ObjectNode manifest = Registry.manifest(files());
        ObjectNode untitled = Registry.layer("", Registry.bytes("never pushed"));
        ((ArrayNode) manifest.get("layers")).add(untitled);
        publish(manifest);
        assertThat(Imports.files(imports.provide(Imports.artifact(repository, "1.0")))
                        .contents())
                .hasSize(2);
    }

    @Test
    void twoTitlesOfOneBlobAreTwoFilesAndOneRequest() {
        publish(Registry.manifest(Map.of("a.yaml", CRD, "b.yaml", CRD)));
        assertThat(Imports.files(imports.provide(Imports.artifact(repository, "1.0")))
                        .contents())
                .hasSize(2);
        assertThat(server.asked()).hasSize(2);
    }

    @Test
    void aPackedFolderIsUnpacked() {
        byte[] tgz = Registry.tgz(tar -> {
            Registry.entry(tar, "./crds/web.yaml", CRD);
            Registry.entry(tar, "crds/deep/" + "x".repeat(120) + ".yaml", CRD);
        });
        publish(withFolder(tgz), tgz);
        Provided.Files files = Imports.files(imports.provide(Imports.artifact(repository, "1.0")));
        assertThat(files.contents().keySet())
                .containsExactly("crds/deep/" + "x".repeat(120) + ".yaml", "crds/web.yaml", "katalog.yaml");
    }

    @Test
    void aLockedArtifactIsPulledByItsDigestWhateverTheTagNamesToday() {
        String old = publish(Registry.manifest(files()));
        publish(Registry.manifest(Map.of("katalog.yaml", CRD)));
        Need.OciArtifact need = Imports.locked(Imports.artifact(repository, "1.0"), new Pin(old, "sha256:any"));
        assertThat(Imports.files(imports.provide(need)).pin().resolved()).isEqualTo(old);
        assertThat(server.asked()).noneMatch(asked -> asked.path().endsWith("/1.0"));
        Need.OciArtifact odd = Imports.locked(Imports.artifact(repository, "1.0"), new Pin("1.0", "sha256:any"));
        assertThat(Imports.trouble(imports.provide(odd)).code()).isEqualTo(ErrorCode.LockMismatch);
    }

    @Test
    void storageBehindARedirectSeesNoCredentials() {
        publish(Registry.manifest(Map.of("katalog.yaml", KATALOG)));
        String blob = "/v2/team/web/blobs/" + CanonicalJson.digest(KATALOG);
        server.put(blob, WebServer.redirect(307, other.url() + "/bucket?signature=x"));
        other.put("/bucket", WebServer.bytes(KATALOG));
        server.guardRegistry(PAIR, "Basic realm=\"r\"");
        Imports.files(imports.provide(Imports.artifact(repository, "1.0", BASIC)));
        assertThat(other.asked()).extracting(WebServer.Asked::authorization).containsExactly("");
        assertThat(server.asked())
                .last()
                .extracting(WebServer.Asked::authorization)
                .isEqualTo(PAIR);
    }

    @Test
    void credentialsAreShownOnlyToARegistryThatAsks() {
        publish(Registry.manifest(files()));
        Imports.files(imports.provide(Imports.artifact(repository, "1.0", BASIC)));
        assertThat(server.asked()).extracting(WebServer.Asked::authorization).containsOnly("");
    }

    @Test
    void aTokenIsGotForUserAndPasswordAndOnlyForPulling() {
        publish(Registry.manifest(files()));
        server.guardRegistry(
                "Bearer short-lived", challenge(other.url() + "/token", "repository:team/web:pull,push,delete"));
        other.put("/token", WebServer.guarded(PAIR, "Basic", WebServer.text("{\"token\":\"short-lived\"}")));
        Imports.files(imports.provide(Imports.artifact(repository, "1.0", BASIC)));
        assertThat(other.asked())
                .extracting(WebServer.Asked::path)
                .containsExactly("/token?service=reg.test&scope=repository%3Ateam%2Fweb%3Apull");
        assertThat(server.asked()).extracting(WebServer.Asked::authorization).doesNotContain(PAIR);
    }

    @Test
    void aTokenIsGotWithoutCredentialsWhereNoneAreNeeded() {
        publish(Registry.manifest(files()));
        server.guardRegistry("Bearer anonymous", challenge(other.url() + "/token", "x"));
        other.put("/token", WebServer.text("{\"access_token\":\"anonymous\"}"));
        Imports.files(imports.provide(Imports.artifact(repository, "1.0")));
    }

    @Test
    void aTokenIsChangedForAShortLivedOne() {
        publish(Registry.manifest(files()));
        server.guardRegistry("Bearer short-lived", challenge(other.url() + "/token", "x"));
        other.put("/token", WebServer.text("{\"access_token\":\"short-lived\"}"));
        Imports.files(imports.provide(Imports.artifact(repository, "1.0", TOKEN)));
        assertThat(other.asked())
                .containsExactly(new WebServer.Asked(
                        "POST",
                        "/token",
                        "",
                        "grant_type=refresh_token&client_id=orkestra&service=reg.test"
                                + "&scope=repository%3Ateam%2Fweb%3Apull&refresh_token=" + SECRET));
    }

    @Test
    void aTokenIsUsedAsItIsWhereItCannotBeChanged() {
        publish(Registry.manifest(files()));
        server.guardRegistry("Bearer " + SECRET, challenge(other.url() + "/token", "x"));
        other.put("/token", WebServer.status(405));
        Imports.files(imports.provide(Imports.artifact(repository, "1.0", TOKEN)));
    }

    @Test
    void aTokenIsNotPostedAlongARedirect() {
        publish(Registry.manifest(files()));
        server.guardRegistry("Bearer short-lived", challenge(server.url() + "/token", "x"));
        server.put("/token", WebServer.redirect(307, other.url() + "/steal"));
        assertThat(Imports.words(imports.provide(Imports.artifact(repository, "1.0", TOKEN))))
                .contains("answered 307");
        assertThat(other.asked()).isEmpty();
    }

    @Test
    void aTokenServerThatIsNotProtectedSeesNothing() throws Exception {
        publish(Registry.manifest(files()));
        server.guardRegistry("Bearer short-lived", challenge("http://tokens.test/token", "x"));
        assertThat(Imports.words(imports.provide(Imports.artifact(repository, "1.0", BASIC))))
                .isEqualTo("the registry wants credentials to go to http://tokens.test/token, which is not protected"
                        + " (ask whoever runs the registry to give its tokens over https) [AuthenticationFailed]");
    }

    @Test
    void refusalsSayWhatToDo() {
        StringBuilder said = new StringBuilder();
        for (int status : new int[] {401, 403, 404, 400, 429, 500}) {
            server.put("/v2/team/web/manifests/1.0", WebServer.status(status, "WWW-Authenticate", "Basic realm=\"r\""));
            say(said, "manifest " + status);
        }
        publish(Registry.manifest(files()));
        for (int status : new int[] {401, 404, 500}) {
            server.put("/v2/team/web/blobs/" + CanonicalJson.digest(CRD), WebServer.status(status));
            say(said, "blob " + status);
        }
        server.guardRegistry("Bearer short-lived", challenge(other.url() + "/token", "x"));
        for (int status : new int[] {400, 401, 403, 404, 503}) {
            other.put("/token", WebServer.status(status));
            say(said, "token " + status);
        }
        other.put("/token", WebServer.text("{\"token\":\"" + SECRET + "\\n\"}"));
        say(said, "token with a line break");
        other.put("/token", WebServer.text("{" + SECRET));
        say(said, "token that is no JSON");
        other.put("/token", WebServer.bytes(new byte[] {0, 0, (byte) 0xff, (byte) 0xfe, 0, 0, 0, 0}));
        say(said, "token with a character that is none");
        other.put("/token", WebServer.text("{\"token\":\"not-the-one\"}"));
        say(said, "token that is not accepted");
        server.guardRegistry("Bearer short-lived", challenge("nowhere", "x"));
        say(said, "token from nowhere");
        assertThat(said.toString()).doesNotContain(SECRET);
        Imports.golden("registry-refusals.txt", said.toString());
    }

    @Test
    void anArtifactThatIsNotAsItSaysIsRefused() {
        StringBuilder said = new StringBuilder();
        broken(said, "an index", manifest -> {
            manifest.remove("layers");
            manifest.putArray("manifests");
        });
        broken(said, "no layers", manifest -> manifest.remove("layers"));
        broken(said, "no titles", manifest -> manifest.putArray("layers"));
        broken(said, "no digest", manifest -> layer(manifest).remove("digest"));
        broken(said, "another hash", manifest -> layer(manifest).put("digest", "sha512:" + "0".repeat(128)));
        broken(said, "a digest with a path", manifest -> layer(manifest).put("digest", "sha256:../../x"));
        broken(said, "a size below zero", manifest -> layer(manifest).put("size", -1));
        broken(said, "a size that is no number", manifest -> layer(manifest).put("size", "many"));
        broken(said, "a size over any", manifest -> layer(manifest).put("size", Long.MAX_VALUE));
        broken(said, "a size that is too small", manifest -> layer(manifest).put("size", 3));
        broken(said, "a size that is too large", manifest -> layer(manifest).put("size", 300));
        for (String title :
                List.of("../x", "/etc/passwd", "a/../../x", "C:\\x", "a//b", ".", "a\u0007", "x".repeat(600))) {
            broken(
                    said,
                    "the title " + title.replaceAll("x{9,}", "x…").replace("\u0007", "BEL"),
                    manifest -> ((ObjectNode) layer(manifest).get("annotations"))
                            .put("org.opencontainers.image.title", title));
        }
        broken(
                said,
                "a file twice",
                manifest -> ((ArrayNode) manifest.get("layers")).add(Registry.layer("katalog.yaml", CRD)));
        broken(said, "too many layers", manifest -> {
            ArrayNode layers = manifest.putArray("layers");
            for (int i = 0; i < 1_001; i++) {
                layers.add(Registry.layer("f" + i, CRD));
            }
        });
        publish(Registry.manifest(files()));
        server.put(
                "/v2/team/web/blobs/" + CanonicalJson.digest(CRD), WebServer.text("kind: CustomResourceDefinitioN\n"));
        say(said, "a blob with other content");
        String other = publish(Registry.manifest(Map.of("katalog.yaml", CRD)));
        server.put("/v2/team/web/manifests/" + other, WebServer.text("{}"));
        said.append("a digest with another manifest\n  ");
        said.append(Imports.words(imports.provide(Imports.artifact(repository, other))))
                .append('\n');
        for (String text : List.of("", "[]", "nothing", "[".repeat(100_000))) {
            server.put("/v2/team/web/manifests/1.0", WebServer.text(text));
            say(said, "the manifest " + text.substring(0, Math.min(7, text.length())));
        }
        byte[] beyondUnicode = {0, 0, (byte) 0xff, (byte) 0xfe, 0, 0, 0, 0};
        server.put("/v2/team/web/manifests/1.0", WebServer.bytes(beyondUnicode));
        say(said, "the manifest with a character that is none");
        Imports.golden("artifacts.txt", said.toString());
    }

    @Test
    void whatIsTooLargeIsNotEvenFetched() throws IOException {
        byte[] big = new byte[600_000];
        byte[] more = new byte[600_001];
        publish(Registry.manifest(Map.of("a", big, "b", more)), big, more);
        assertThat(Imports.trouble(imports.provide(Imports.artifact(repository, "1.0")))
                        .code())
                .isEqualTo(ErrorCode.LimitExceeded);
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void aRegistryWithoutEndOrHasteEndsAtTheLimit() throws IOException {
        try (BadServer bad = new BadServer(BadServer.endless("HTTP/1.1 200 OK\r\nX: y\r\n\r\n", "[".repeat(65_536)))) {
            assertThat(Imports.trouble(imports.provide(Imports.artifact("127.0.0.1:" + bad.port() + "/a", "1")))
                            .code())
                    .isEqualTo(ErrorCode.LimitExceeded);
        }
        for (BadServer.Fault fault : List.of(BadServer.HANGS, BadServer.DRIPS)) {
            try (BadServer bad = new BadServer(fault);
                    RemoteImports hasty = Imports.with(Imports.HASTY, variables)) {
                assertThat(Imports.words(hasty.provide(Imports.artifact("127.0.0.1:" + bad.port() + "/a", "1"))))
                        .contains("(maxImportTime)");
            }
        }
    }

    private void broken(StringBuilder said, String name, Consumer<ObjectNode> change) {
        ObjectNode manifest = Registry.manifest(files());
        change.accept(manifest);
        publish(manifest);
        say(said, name);
    }

    private static ObjectNode layer(ObjectNode manifest) {
        return (ObjectNode) manifest.get("layers").get(0);
    }

    private void say(StringBuilder said, String name) {
        said.append(name).append('\n');
        String alone = Imports.words(imports.provide(Imports.artifact(repository, "1.0")));
        said.append("  ").append(alone).append('\n');
        for (ImportAuth auth : List.of(TOKEN, BASIC)) {
            String words = Imports.words(imports.provide(Imports.artifact(repository, "1.0", auth)));
            if (!words.equals(alone)) {
                said.append("  ").append(words).append('\n');
            }
        }
    }

    private String publish(ObjectNode manifest, byte[]... more) {
        Registry.put(server, "team/web", "1.0", manifest, more);
        return Registry.put(server, "team/web", "1.0", manifest, KATALOG, CRD);
    }

    private static Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("katalog.yaml", KATALOG);
        files.put("crds/web.yaml", CRD);
        return files;
    }

    private static ObjectNode withFolder(byte[] tgz) {
        ObjectNode manifest = Registry.manifest(Map.of("katalog.yaml", KATALOG));
        ((ArrayNode) manifest.get("layers")).add(Registry.folder("crds", tgz));
        return manifest;
    }

    private static String challenge(String realm, String scope) {
        return "Bearer realm=\"" + realm + "\",service=\"reg.test\",scope=\"" + scope + "\"";
    }

    @Test
    void aLockedArtifactThatIsGoneIsTroubleThatMayPass() {
        Need.OciArtifact need = Imports.artifact(repository, "1.0");
        assertThat(Imports.trouble(imports.provide(need)).code()).isEqualTo(ErrorCode.NotFound);
        Pin pin = new Pin("sha256:" + "0".repeat(64), "sha256:any");
        assertThat(Imports.words(imports.provide(Imports.locked(need, pin))))
                .startsWith("there is no such artifact or version (404) (it was there when it was locked: see whether")
                .endsWith("[ImportFailed]");
    }
}
