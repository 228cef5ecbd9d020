package dev.orkestra.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.orkestra.web.Access;
import dev.orkestra.web.WebClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChartDownloadsTest {
    private final ChartDownloads downloads = new ChartDownloads();
    private HttpServer server;

    @BeforeEach
    void open() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void close() {
        downloads.close();
        server.stop(0);
    }

    private URI page(int status, String location, byte[] body) {
        server.createContext("/x", exchange -> {
            exchange.getResponseHeaders().add("Location", location);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/x");
    }

    private Optional<byte[]> get(URI uri, int most) throws Exception {
        return downloads.get(uri, uri, Access.OPEN, most, Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https:/foo",
                "https://a_b/x",
                "http://h.test:99999/x",
                "file:///etc/passwd",
                "mailto:a@b.test",
                "https://u:canary@h.test/x",
                "http://["
            })
    void redirectsThatCannotBeFollowedAreToldWithoutWhatTheyHold(String target) {
        URI from = page(302, target, new byte[0]);
        assertThatThrownBy(() -> get(from, 100))
                .isInstanceOfSatisfying(
                        ChartTrouble.class,
                        trouble -> assertThat(trouble.getMessage())
                                .contains(" redirects to ")
                                .doesNotContain("canary", "null"));
    }

    @Test
    void aRedirectNeverLeadsFromAProtectedAddressToAnother() throws Exception {
        URI from = URI.create("HTTPS://a.test/x");
        assertThat(WebClient.redirected(from, "/y")).hasToString("HTTPS://a.test/y");
        assertThatThrownBy(() -> WebClient.redirected(from, "http://a.test/y")).hasMessageContaining("not protected");
    }

    @Test
    void aBodyOfExactlyTheLimitIsReadAndOneByteMoreIsNot() throws Exception {
        URI uri = page(200, "", new byte[1 << 20]);
        assertThat(get(uri, 1 << 20))
                .hasValueSatisfying(body -> assertThat(body).hasSize(1 << 20));
        assertThatThrownBy(() -> get(uri, (1 << 20) - 1)).isInstanceOfSatisfying(ChartTrouble.class, trouble -> {
            assertThat(trouble.kind()).isEqualTo(ChartTrouble.Kind.TOO_LARGE);
            assertThat(trouble.getMessage()).endsWith(" MiB, a fixed bound");
        });
    }
}
