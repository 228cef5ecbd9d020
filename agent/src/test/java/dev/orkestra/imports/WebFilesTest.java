package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.katalog.ImportAuth;
import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Pin;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.web.BadServer;
import dev.orkestra.web.Login;
import dev.orkestra.web.WebClient;
import dev.orkestra.web.WebTrouble;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebFilesTest {
    private static final String SECRET = "s3cr3t-value";
    private static final ImportAuth TOKEN = new ImportAuth.Token("TOKEN");
    private static final ImportAuth BASIC = new ImportAuth.Basic("USER", "PASSWORD");

    private final Map<String, String> variables = new LinkedHashMap<>();
    private WebServer server;
    private WebServer other;
    private RemoteImports imports;

    @BeforeEach
    void open() throws IOException {
        server = new WebServer();
        other = new WebServer();
        imports = Imports.with(Imports.LIMITS, variables);
        variables.put("TOKEN", SECRET);
        variables.put("USER", "ann");
        variables.put("PASSWORD", SECRET);
    }

    @AfterEach
    void close() {
        imports.close();
        server.close();
        other.close();
    }

    @Test
    void aFileIsFetchedAndPinnedByItsContent() {
        server.put("/team/katalog.yaml", WebServer.text("kind: Katalog\n"));
        Provided.Files files =
                Imports.files(imports.provide(Imports.file(server.url() + "/team/katalog.yaml?ref=main")));
        assertThat(Imports.text(files, "katalog.yaml")).isEqualTo("kind: Katalog\n");
        assertThat(files.pin()).isEqualTo(new Pin("", Pin.digestOf(files.contents())));
    }

    @Test
    void anEmptyFileIsAFile() {
        server.put("/", WebServer.bytes(new byte[0]));
        assertThat(Imports.files(imports.provide(Imports.file(server.url()))).contents())
                .hasSize(1);
    }

    @Test
    void aTokenIsSentAsBearer() {
        server.put("/f", WebServer.guarded("Bearer " + SECRET, "Bearer", WebServer.text("x")));
        Imports.files(imports.provide(Imports.file(server.url() + "/f", TOKEN)));
    }

    @Test
    void aLineBreakAfterATokenIsNoPartOfIt() {
        variables.put("TOKEN", SECRET + "\n");
        server.put("/f", WebServer.guarded("Bearer " + SECRET, "Bearer", WebServer.text("x")));
        Imports.files(imports.provide(Imports.file(server.url() + "/f", TOKEN)));
    }

    @Test
    void userAndPasswordAreSentAsBasic() {
        String pair =
                Base64.getEncoder().encodeToString(("ann:" + SECRET).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        server.put("/f", WebServer.guarded("Basic " + pair, "Basic", WebServer.text("x")));
        Imports.files(imports.provide(Imports.file(server.url() + "/f", BASIC)));
    }

    @Test
    void aPasswordIsNotNeeded() {
        server.put("/f", WebServer.guarded("Basic YW5uOg==", "Basic", WebServer.text("x")));
        Imports.files(imports.provide(Imports.file(server.url() + "/f", new ImportAuth.Basic("USER", ""))));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsFollowed(int status) {
        server.put("/old", WebServer.redirect(status, "new"));
        server.put("/new", WebServer.text("x"));
        Provided.Files files = Imports.files(imports.provide(Imports.file(server.url() + "/old")));
        assertThat(Imports.text(files, "old")).isEqualTo("x");
    }

    @Test
    void credentialsFollowARedirectWithinTheirOrigin() {
        server.put("/old", WebServer.redirect(302, "/new"));
        server.put("/new", WebServer.guarded("Bearer " + SECRET, "Bearer", WebServer.text("x")));
        Imports.files(imports.provide(Imports.file(server.url() + "/old", TOKEN)));
    }

    @Test
    void credentialsAreNotSentToAnotherPortNorToAnotherNameOfTheSameHost() {
        server.put("/port", WebServer.redirect(302, other.url() + "/f"));
        server.put("/name", WebServer.redirect(302, server.byName() + "/f"));
        server.put("/f", WebServer.text("x"));
        other.put("/f", WebServer.text("x"));
        Imports.files(imports.provide(Imports.file(server.url() + "/port", TOKEN)));
        Imports.files(imports.provide(Imports.file(server.url() + "/name", TOKEN)));
        assertThat(other.asked()).extracting(WebServer.Asked::authorization).containsExactly("");
        assertThat(server.asked().getLast().authorization()).isEmpty();
    }

    @Test
    void credentialsDoNotComeBackThroughAnotherHost() {
        server.put("/old", WebServer.redirect(302, other.url() + "/back"));
        other.put("/back", WebServer.redirect(302, server.url() + "/delete-everything"));
        server.put("/delete-everything", WebServer.text("x"));
        Imports.files(imports.provide(Imports.file(server.url() + "/old", TOKEN)));
        assertThat(server.asked()).extracting(WebServer.Asked::authorization).containsExactly("Bearer " + SECRET, "");
    }

    @Test
    void fiveRedirectsAreFollowedAndNotSix() {
        for (int i = 0; i < 6; i++) {
            server.put("/" + i, WebServer.redirect(302, "/" + (i + 1)));
        }
        server.put("/6", WebServer.text("x"));
        Imports.files(imports.provide(Imports.file(server.url() + "/1")));
        assertThat(Imports.words(imports.provide(Imports.file(server.url() + "/0"))))
                .contains("more than 5 times");
    }

    @Test
    void aRedirectNeverLeadsToAnUnprotectedAddress() throws Exception {
        URI from = URI.create("https://a.test/x");
        assertThat(WebClient.redirected(from, "//b.test/y")).hasToString("https://b.test/y");
        Assertions.assertThatThrownBy(() -> WebClient.redirected(from, "http://a.test/y?token=" + SECRET))
                .isInstanceOf(WebTrouble.class)
                .hasMessage("from https:// to http://a.test/y, which is not protected");
    }

    @Test
    void refusalsSayWhatToDo() {
        StringBuilder said = new StringBuilder();
        for (int status : new int[] {401, 403, 404, 410, 400, 429, 500, 503}) {
            server.put("/f", WebServer.status(status));
            said.append(status)
                    .append("\n  ")
                    .append(Imports.words(imports.provide(Imports.file(server.url() + "/f"))));
            said.append("\n  ").append(Imports.words(imports.provide(Imports.file(server.url() + "/f", TOKEN))));
            said.append("\n  ").append(Imports.words(imports.provide(Imports.file(server.url() + "/f", BASIC))));
            said.append('\n');
        }
        assertThat(said.toString()).doesNotContain(SECRET);
        Imports.golden("refusals.txt", said.toString());
    }

    @Test
    void otherTroubleSaysWhatToDo() throws IOException {
        StringBuilder said = new StringBuilder();
        other.put("/f", WebServer.status(401));
        for (String target : List.of(
                "file:///etc/passwd",
                "gopher://a.test/",
                "http://ann:" + SECRET + "@a.test/",
                "http://[",
                "http:///nowhere",
                other.url() + "/f?token=" + SECRET)) {
            server.put("/f", WebServer.redirect(302, target));
            said.append("redirect to ")
                    .append(target.replaceAll(":[0-9]+/", ":PORT/"))
                    .append("\n  ");
            said.append(Imports.words(imports.provide(Imports.file(server.url() + "/f", TOKEN))))
                    .append('\n');
        }
        for (String url : List.of(
                "https://ann:" + SECRET + "@a.test/x",
                "https://ann@a.test/x",
                "https://ann:p#" + SECRET + "@a.test/x",
                "https://ann:p%" + SECRET + "@a.test/x",
                "ftp://a.test/x",
                "file:///etc/passwd",
                "https:///x",
                "https://a.test:99999/x",
                "https://a.test/ x",
                "")) {
            said.append(url)
                    .append("\n  ")
                    .append(Imports.words(imports.provide(Imports.file(url))))
                    .append('\n');
        }
        assertThat(said.toString().replaceAll("(?m)^\\S.*", "")).doesNotContain(SECRET);
        Imports.golden("addresses.txt", said.toString());
    }

    @Test
    void aVariableThatCannotBeUsedIsNamedAndNotShown() {
        StringBuilder said = new StringBuilder();
        for (String value :
                new String[] {null, "", " \n", SECRET + "\r\nX-Evil: 1", SECRET + " 2", SECRET + "\u00e9"}) {
            variables.put("TOKEN", value);
            said.append(Imports.words(imports.provide(Imports.file(server.url() + "/f", TOKEN))))
                    .append('\n');
        }
        variables.put("USER", "ann:" + SECRET);
        said.append(Imports.words(imports.provide(Imports.file(server.url() + "/f", BASIC))))
                .append('\n');
        variables.put("USER", "ann");
        variables.put("PASSWORD", "");
        said.append(Imports.words(imports.provide(Imports.file(server.url() + "/f", BASIC))))
                .append('\n');
        assertThat(said.toString()).doesNotContain(SECRET);
        assertThat(server.asked()).as("nothing was sent").isEmpty();
        Imports.golden("variables.txt", said.toString());
    }

    @Test
    void credentialsHaveNoText() {
        assertThat(new Login.Basic("ann", SECRET).toString() + new Login.Bearer(SECRET))
                .doesNotContain(SECRET);
    }

    @Test
    void aBodyWithoutEndEndsAtTheLimit() throws IOException {
        String megabyte = "x".repeat(1 << 16);
        for (String head : List.of("Content-Length: 999999999999999", "X-Length: none", "Content-Length: 100000000")) {
            try (BadServer bad =
                    new BadServer(BadServer.endless("HTTP/1.1 200 OK\r\n" + head + "\r\n\r\n", megabyte))) {
                assertThat(Imports.words(imports.provide(Imports.file(bad.url()))))
                        .isEqualTo(
                                "has more than 1 MiB (maxImportBytes) (import less, or raise the limit with --limit maxImportBytes=…; the agent takes the same option)"
                                        + " [LimitExceeded]");
            }
        }
    }

    @Test
    void aFileOfExactlyTheLimitIsRead() {
        server.put("/f", WebServer.bytes(new byte[1 << 20]));
        assertThat(Imports.files(imports.provide(Imports.file(server.url() + "/f")))
                        .contents()
                        .get("f"))
                .hasSize(1 << 20);
        server.put("/f", WebServer.bytes(new byte[(1 << 20) + 1]));
        assertThat(Imports.trouble(imports.provide(Imports.file(server.url() + "/f")))
                        .code())
                .isEqualTo(ErrorCode.LimitExceeded);
    }

    @Test
    void theBodyOfARefusalOrARedirectIsNotRead() throws IOException {
        String refusal = "HTTP/1.1 403 No\r\nContent-Length: 999999999999\r\n\r\n";
        try (BadServer bad = new BadServer(BadServer.endless(refusal, "x".repeat(1 << 16)))) {
            assertThat(Imports.words(imports.provide(Imports.file(bad.url())))).contains("(403)");
        }
        server.put("/f", WebServer.text("x"));
        String redirect = "HTTP/1.1 302 Go\r\nContent-Length: 999999999999\r\nLocation: " + server.url() + "/f\r\n\r\n";
        try (BadServer bad = new BadServer(BadServer.endless(redirect, "x".repeat(1 << 16)))) {
            Imports.files(imports.provide(Imports.file(bad.url())));
        }
    }

    @Test
    void aServerThatTakesItsTimeEndsAtTheDeadline() throws IOException {
        for (BadServer.Fault fault : List.of(BadServer.HANGS, BadServer.DRIPS, BadServer.DRIPS_HEADERS)) {
            try (BadServer bad = new BadServer(fault);
                    RemoteImports hasty = Imports.with(Imports.HASTY, variables)) {
                long began = System.nanoTime();
                assertThat(Imports.words(hasty.provide(Imports.file(bad.url()))))
                        .isEqualTo(
                                "the server did not answer in full within 700ms (maxImportTime) (see whether it is well"
                                        + " and can be reached from here, or raise the limit with --limit maxImportTime=…; the agent takes the same option)"
                                        + " [ImportFailed]");
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
            }
        }
    }

    @Test
    void theDeadlineIsForAllRedirectsTogether() throws IOException {
        try (BadServer bad = new BadServer(BadServer.HANGS);
                RemoteImports hasty =
                        Imports.with(new ImportLimits(5, 100, 1 << 20, Duration.ofSeconds(3)), variables)) {
            server.put("/f", WebServer.redirect(302, bad.url() + "/g"));
            assertThat(Imports.words(hasty.provide(Imports.file(server.url() + "/f"))))
                    .startsWith("http://127.0.0.1:PORT/g, to which it redirects, did not answer in full within 3s");
        }
    }

    @Test
    void aBrokenLineIsTroubleThatMayPass() throws IOException {
        List<BadServer.Fault> faults = List.of(
                BadServer.says(""),
                BadServer.says("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"),
                BadServer.says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
                BadServer.says("SSH-2.0-OpenSSH\r\n"),
                BadServer.endless("HTTP/1.1 200 OK\r\n", "X-Header: " + "y".repeat(1000) + "\r\n"));
        for (BadServer.Fault fault : faults) {
            try (BadServer bad = new BadServer(fault)) {
                Provided.Unreadable trouble = Imports.trouble(imports.provide(Imports.file(bad.url())));
                assertThat(trouble.code()).isEqualTo(ErrorCode.ImportFailed);
                assertThat(trouble.message()).startsWith("the server cannot be reached: ");
            }
        }
    }

    @Test
    void nobodyAtAnAddressIsTroubleThatMayPass() throws IOException {
        BadServer gone = new BadServer(BadServer.HANGS);
        gone.close();
        assertThat(Imports.words(imports.provide(Imports.file(gone.url()))))
                .startsWith("the server cannot be reached: ")
                .endsWith("[ImportFailed]");
        assertThat(Imports.words(imports.provide(Imports.file("http://no-such-host.invalid/"))))
                .startsWith("the server cannot be reached: ")
                .endsWith("[ImportFailed]");
    }

    @Test
    void whoeverIsInterruptedGetsAnAnswerAndStaysInterrupted() throws Exception {
        try (BadServer bad = new BadServer(BadServer.HANGS)) {
            Thread.currentThread().interrupt();
            Provided answer = imports.provide(Imports.file(bad.url()));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(Imports.trouble(answer).code()).isEqualTo(ErrorCode.ImportFailed);
        }
    }

    @Test
    void aLockedFileThatIsGoneIsTroubleThatMayPass() {
        Need.WebFile gone = Imports.file(server.url() + "/gone");
        assertThat(Imports.trouble(imports.provide(gone)).code()).isEqualTo(ErrorCode.NotFound);
        Need.WebFile locked =
                new Need.WebFile(gone.url(), Optional.empty(), Optional.of(new Pin("", "sha256:any")), null);
        Provided.Unreadable found = Imports.trouble(imports.provide(locked));
        assertThat(found.code()).isEqualTo(ErrorCode.ImportFailed);
        assertThat(found.message()).isEqualTo("there is no such file (404)");
    }
}
