package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.katalog.ImportAuth;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Pin;
import dev.orkestra.katalog.Provided;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCacheTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path temporary;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private Path folder;
    private WebServer server;

    @BeforeEach
    void open() throws IOException {
        server = new WebServer();
        folder = temporary.resolve("deep/cache");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void whatIsLockedAndKnownIsHadWithoutARequestAndWithoutTheServer() {
        server.put("/f", WebServer.text("old"));
        Need.WebFile need = Imports.file(server.url() + "/f", new ImportAuth.Token("TOKEN"));
        Pin pin;
        try (RemoteImports imports = Imports.with(Imports.LIMITS, Map.of("TOKEN", "x"), cache(1 << 20))) {
            pin = Imports.files(imports.provide(need)).pin();
        }
        server.put("/f", WebServer.text("new"));
        server.close();
        try (RemoteImports imports = Imports.with(Imports.LIMITS, Map.of(), cache(1 << 20))) {
            Provided.Files files = Imports.files(imports.provide(locked(need, pin)));
            assertThat(Imports.text(files, "f")).isEqualTo("old");
            assertThat(files.pin()).isEqualTo(pin);
        }
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void whatIsNotLockedIsAskedForAnewAndNothingOldIsHandedOut() {
        server.put("/f", WebServer.text("old"));
        Need.WebFile need = Imports.file(server.url() + "/f");
        try (RemoteImports imports = Imports.with(Imports.LIMITS, Map.of(), cache(1 << 20))) {
            Imports.files(imports.provide(need));
            server.put("/f", WebServer.text("new"));
            assertThat(Imports.text(Imports.files(imports.provide(need)), "f")).isEqualTo("new");
            server.put("/f", WebServer.status(503));
            Imports.trouble(imports.provide(need));
        }
    }

    @Test
    void anArtifactIsHadFromTheCacheByItsPin() {
        byte[] katalog = Registry.bytes("kind: Katalog\n");
        String digest = Registry.put(server, "web", "1.0", Registry.manifest(Map.of("katalog.yaml", katalog)), katalog);
        Need.OciArtifact need = Imports.artifact("127.0.0.1:" + server.port() + "/web", "1.0");
        try (RemoteImports imports = Imports.with(Imports.LIMITS, Map.of(), cache(1 << 20))) {
            Pin pin = Imports.files(imports.provide(need)).pin();
            assertThat(pin.resolved()).isEqualTo(digest);
            int requests = server.asked().size();
            assertThat(Imports.files(imports.provide(Imports.locked(need, pin))).contents())
                    .containsOnlyKeys("katalog.yaml");
            assertThat(server.asked()).hasSize(requests);
            Pin another = new Pin(digest, "sha256:" + "0".repeat(64));
            assertThat(Imports.files(imports.provide(Imports.locked(need, another)))
                            .pin())
                    .as("another pin is fetched, and whoever asked sees that it differs")
                    .isEqualTo(pin);
        }
    }

    @Test
    void othersAreCachedAsWell() {
        Need.GitFiles need =
                new Need.GitFiles("http://a.test/x.git", "main", "", Optional.empty(), Optional.empty(), null);
        Provided.Files files = Provided.Files.of(Map.of("katalog.yaml", Registry.bytes("x")), "c1");
        Need.GitFiles locked =
                new Need.GitFiles(need.url(), need.version(), "", Optional.empty(), Optional.of(files.pin()), null);
        List<Need> asked = new java.util.ArrayList<>();
        RemoteImports.Others others = new RemoteImports.Others(
                git -> {
                    asked.add(git);
                    return files;
                },
                _ -> new Provided.Absent(),
                _ -> new Provided.Absent());
        try (RemoteImports imports =
                new RemoteImports(_ -> new Provided.Absent(), Variables.NONE, Imports.LIMITS, cache(1 << 20), others)) {
            imports.provide(need);
            Imports.files(imports.provide(locked));
        }
        assertThat(asked).containsExactly(need);
    }

    @Test
    void aDamagedEntryCountsAsMissingWhateverTheDamage() throws IOException {
        Need.WebFile need = Imports.file("https://a.test/f");
        Provided.Files files = files(200);
        ImportCache cache = cache(1 << 20).orElseThrow();
        cache.keep(need, files);
        assertThat(cache.find(need, files.pin())).isPresent();
        Path entry = entries().getFirst();
        byte[] good = Files.readAllBytes(entry);
        for (int i = 0; i < good.length; i += i < 24 ? 1 : 37) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) 0x80;
            Files.write(entry, bad);
            assertThat(cache.find(need, files.pin())).as("byte %d", i).isEmpty();
            Files.write(entry, Arrays.copyOf(good, i));
            assertThat(cache.find(need, files.pin())).as("cut at %d", i).isEmpty();
        }
        cache.keep(need, files);
        assertThat(cache.find(need, files.pin())).isPresent();
    }

    @Test
    void anEntryIsForOneAddressOnePinAndTheSameVariables() {
        ImportCache cache = cache(1 << 20).orElseThrow();
        Provided.Files files = files(10);
        Need.WebFile need = Imports.file("https://a.test/f", new ImportAuth.Token("TOKEN"));
        cache.keep(need, files);
        assertThat(cache.find(need, files.pin())).isPresent();
        assertThat(cache.find(Imports.file("https://a.test/g", new ImportAuth.Token("TOKEN")), files.pin()))
                .isEmpty();
        assertThat(cache.find(Imports.file("https://a.test/f", new ImportAuth.Token("OTHER")), files.pin()))
                .isEmpty();
        assertThat(cache.find(Imports.file("https://a.test/f"), files.pin())).isEmpty();
        assertThat(cache.find(need, new Pin("other", files.pin().digest()))).isEmpty();
        assertThat(cache.find(need, new Pin("", "sha256:../../x"))).isEmpty();
    }

    @Test
    void whatNobodyAskedForLongestMakesRoom() throws IOException {
        ImportCache cache = cache(2_500).orElseThrow();
        Provided.Files files = files(1_000);
        Need.WebFile first = Imports.file("https://a.test/1");
        Need.WebFile second = Imports.file("https://a.test/2");
        Need.WebFile third = Imports.file("https://a.test/3");
        cache.keep(first, files);
        later();
        cache.keep(second, files);
        later();
        assertThat(cache.find(first, files.pin())).isPresent();
        later();
        cache.keep(third, files);
        assertThat(entries()).hasSize(2);
        assertThat(cache.find(first, files.pin())).isPresent();
        assertThat(cache.find(second, files.pin())).isEmpty();
        assertThat(cache.find(third, files.pin())).isPresent();
        cache.keep(second, files(3_000));
        assertThat(entries())
                .as("what is larger than the cache is not kept, and moves nothing")
                .hasSize(2);
    }

    @Test
    void whatAKilledProcessLeftIsRemovedAndWhatAnotherWritesIsNot() throws IOException {
        Files.createDirectories(folder);
        Path abandoned = Files.createFile(folder.resolve(".part-1"));
        Path fresh = Files.createFile(folder.resolve(".part-2"));
        Path foreign = Files.createFile(folder.resolve("README"));
        Files.setLastModifiedTime(abandoned, FileTime.from(START.minusSeconds(4_000)));
        Files.setLastModifiedTime(foreign, FileTime.from(START.minusSeconds(4_000)));
        Files.setLastModifiedTime(fresh, FileTime.from(START.minusSeconds(10)));
        cache(1 << 20).orElseThrow().keep(Imports.file("https://a.test/f"), files(1));
        assertThat(abandoned).doesNotExist();
        assertThat(fresh).exists();
        assertThat(foreign).exists();
    }

    @Test
    void aCacheThatCannotBeUsedStopsNoImport() throws IOException {
        Files.createDirectories(folder.getParent());
        Files.writeString(folder, "a file where the folder should be");
        server.put("/f", WebServer.text("x"));
        try (RemoteImports imports = Imports.with(Imports.LIMITS, Map.of(), cache(1 << 20))) {
            Need.WebFile need = Imports.file(server.url() + "/f");
            Pin pin = Imports.files(imports.provide(need)).pin();
            Imports.files(imports.provide(locked(need, pin)));
        }
    }

    private Optional<ImportCache> cache(long bytes) {
        return Optional.of(new ImportCache(folder, bytes, now::get));
    }

    private void later() {
        now.updateAndGet(time -> time.plusSeconds(60));
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.toList();
        }
    }

    private static Provided.Files files(int bytes) {
        return Provided.Files.of(Map.of("f", new byte[bytes]), "");
    }

    private static Need.WebFile locked(Need.WebFile need, Pin pin) {
        return new Need.WebFile(need.url(), need.auth(), Optional.of(pin), null);
    }
}
