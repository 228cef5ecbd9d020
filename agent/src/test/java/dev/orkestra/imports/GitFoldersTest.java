package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.katalog.ImportAuth;
import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Pin;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.source.GitFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What needs no server: refusals, and what folders may hold. */
class GitFoldersTest {
    @TempDir
    Path temp;

    private GitFixture repository;
    private GitFolders folders;

    @BeforeEach
    void open() {
        repository = new GitFixture(temp.resolve("repository.git"));
        folders = folders(ImportLimits.DEFAULTS, true);
    }

    @AfterEach
    void close() {
        folders.close();
        repository.close();
    }

    private GitFolders folders(ImportLimits limits, boolean localFiles) {
        return new GitFolders(temp.resolve("cache"), InstantSource.system(), _ -> Optional.empty(), limits, localFiles);
    }

    private static Need.GitFiles need(String url, String version, String folder) {
        return new Need.GitFiles(url, version, folder, Optional.empty(), Optional.empty(), null);
    }

    private Provided.Unreadable refused(Need.GitFiles need) {
        Provided answer = folders.provide(need);
        assertThat(answer).isInstanceOf(Provided.Unreadable.class);
        return (Provided.Unreadable) answer;
    }

    private Provided.Unreadable refused(String folder) {
        return refused(need(repository.url(), "main", folder));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "git@host.test:org/repo.git",
                "ssh://git@host.test/repo.git",
                "ssh://host.test/repo.git",
                "git://host.test/repo.git",
                "https://canary:canary@host.test/repo.git",
                "https://host.test/repo.git?token=canary",
                "https://host.test/re po.git",
                "https:///repo.git",
                "ext::sh -c canary",
                "../repo.git"
            })
    void otherWaysThanHttpAreRefusedWithoutRepeatingThem(String url) {
        Provided.Unreadable found = refused(need(url, "main", ""));
        assertThat(found.code()).isEqualTo(ErrorCode.ImportNotAllowed);
        assertThat(found.hint()).contains("https://host/path");
        assertThat(found.toString()).doesNotContain("canary");
    }

    @Test
    void repositoriesOnThisMachineAreReadOnlyWhereThatIsAllowed() {
        repository.commit("main", GitFixture.content().file("a.yaml", "one"));
        try (GitFolders strict = folders(ImportLimits.DEFAULTS, false)) {
            assertThat(strict.provide(need(repository.url(), "main", "")))
                    .isInstanceOfSatisfying(
                            Provided.Unreadable.class,
                            found -> assertThat(found.code()).isEqualTo(ErrorCode.ImportNotAllowed));
        }
        assertThat(folders.provide(need(repository.url(), "main", ""))).isInstanceOf(Provided.Files.class);
    }

    @Test
    void onlyFilesOfTheFolderAreHandedOutWithTheCommitAsPin() {
        String commit = repository.commit(
                "main",
                GitFixture.content()
                        .file("charts/web/Chart.yaml", "name: web")
                        .file("charts/web/templates/a.yaml", "a: 1")
                        .file("charts/webother/Chart.yaml", "name: other")
                        .symlink("README.md", "/etc/passwd"));
        Provided answer = folders.provide(need(repository.url(), "main", "charts/web/"));
        assertThat(answer).isInstanceOf(Provided.Files.class);
        Provided.Files files = (Provided.Files) answer;
        assertThat(files.contents()).containsOnlyKeys("Chart.yaml", "templates/a.yaml");
        assertThat(files.contents().get("templates/a.yaml")).isEqualTo("a: 1".getBytes(StandardCharsets.UTF_8));
        assertThat(files.pin()).isEqualTo(new Pin(commit, Pin.digestOf(files.contents())));
    }

    @Test
    void linksAndSubmodulesAreRefusedInTheFolderAndOnTheWayToIt() {
        repository.commit(
                "main",
                GitFixture.content()
                        .file("ok/a", "")
                        .file("links/a", "")
                        .symlink("links/b", "../../../etc/passwd")
                        .symlink("way", "ok")
                        .submodule("module"));
        for (String folder : new String[] {"links", "way", "way/deeper", "module", ""}) {
            assertThat(refused(folder).code()).as(folder).isEqualTo(ErrorCode.OutsideRoot);
        }
        assertThat(refused("links").message()).isEqualTo("'links/b' is a symbolic link, which imports don't follow");
        assertThat(folders.provide(need(repository.url(), "main", "ok"))).isInstanceOf(Provided.Files.class);
    }

    @Test
    void foldersThatAreNoneAreTold() {
        repository.commit("main", GitFixture.content().file("dir/file", "x"));
        assertThat(refused("dir/gone").code()).isEqualTo(ErrorCode.NotFound);
        assertThat(refused("dir/gone").message()).matches("commit [0-9a-f]{12} has no folder 'dir/gone'");
        assertThat(refused("dir/file").message()).isEqualTo("'dir/file' is a file");
        for (String folder : new String[] {"../x", "/etc", "a//b", ".git/hooks", "a\\b"}) {
            assertThat(refused(folder).code()).as(folder).isEqualTo(ErrorCode.OutsideRoot);
        }
    }

    @Test
    void tooManyFilesAndTooManyBytesNameTheirLimits() {
        GitFixture.Content many = GitFixture.content();
        for (int i = 0; i <= TreeFolder.MAX_FILES; i++) {
            many.file("many/" + i, "");
        }
        repository.commit("main", many.bytes("big/zeros", new byte[3_000]));
        assertThat(refused("many").code()).isEqualTo(ErrorCode.LimitExceeded);
        assertThat(refused("many").message()).isEqualTo("it has 10001 files; at most 10000 can be imported");
        try (GitFolders small = folders(new ImportLimits(5, 5, 2_000, Duration.ofSeconds(30)), true)) {
            assertThat(small.provide(need(repository.url(), "main", "big")))
                    .isEqualTo(
                            new Provided.Unreadable(
                                    ErrorCode.LimitExceeded,
                                    "its files have 3000 bytes; at most 2000 bytes can be imported (maxImportBytes)",
                                    "import less, or raise the limit with --limit maxImportBytes=…; the agent takes the same option"));
        }
    }

    @Test
    void aServerThatNeverAnswersEndsAtTheLimitThatIsNamed() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                GitFolders hasty = folders(new ImportLimits(5, 5, 2_000, Duration.ofSeconds(1)), false)) {
            String url = "http://127.0.0.1:" + silent.getLocalPort() + "/repo.git";
            assertThat(hasty.provide(need(url, "main", "")))
                    .isEqualTo(
                            new Provided.Unreadable(
                                    ErrorCode.ImportFailed,
                                    "the repository did not come in full within 1s (maxImportTime)",
                                    "see whether the server is well, or raise the limit with --limit maxImportTime=…; the agent takes the same option"));
        }
    }

    @Test
    void aVariableThatIsNotSetIsNamedAndNothingIsAsked() {
        Need.GitFiles need = new Need.GitFiles(
                "https://host.invalid/repo.git",
                "main",
                "",
                Optional.of(new ImportAuth.Basic("GIT_USER", "GIT_PASSWORD")),
                Optional.empty(),
                null);
        assertThat(refused(need))
                .isEqualTo(new Provided.Unreadable(
                        ErrorCode.AuthenticationFailed,
                        "its auth names the variable GIT_USER, which is not set or empty",
                        "set GIT_USER to the secret"));
    }

    @Test
    void aLockWithoutACommitIsRefused() {
        Need.GitFiles need = new Need.GitFiles(
                repository.url(), "main", "", Optional.empty(), Optional.of(new Pin("main", "sha256:00")), null);
        assertThat(refused(need).code()).isEqualTo(ErrorCode.LockMismatch);
    }

    @Test
    void whatIsGoneOrElsewhereStaysSoUnlessALockShowsThatItWasThere() throws IOException {
        try (WebServer server = new WebServer();
                WebServer other = new WebServer()) {
            server.put("/moved.git/info/refs", WebServer.redirect(301, other.url() + "/moved.git/info/refs"));
            Optional<Pin> locked = Optional.of(new Pin("0".repeat(40), "sha256:any"));
            for (String path : new String[] {"/gone.git", "/moved.git"}) {
                String url = server.url() + path;
                Need.GitFiles free = new Need.GitFiles(url, "main", "", Optional.empty(), Optional.empty(), null);
                assertThat(refused(free).code())
                        .isEqualTo(path.equals("/gone.git") ? ErrorCode.NotFound : ErrorCode.ImportNotAllowed);
                Need.GitFiles held = new Need.GitFiles(url, "main", "", Optional.empty(), locked, null);
                assertThat(refused(held).code()).isEqualTo(ErrorCode.ImportFailed);
            }
        }
    }
}
