package dev.orkestra.imports;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real HTTP server on the loopback that answers as it is told and notes what it was asked. */
final class WebServer implements AutoCloseable {
    /** Answers one request. */
    @FunctionalInterface
    interface Page {
        void answer(HttpExchange exchange) throws IOException;
    }

    /**
     * @param authorization what the header held; empty for none
     * @param body what was sent with it
     */
    record Asked(String method, String path, String authorization, String body) {}

    private final HttpServer server;
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile String registryAuthorization = "";
    private volatile String registryChallenge = "";

    WebServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().toString();
            asked.add(new Asked(exchange.getRequestMethod(), path, authorization == null ? "" : authorization, body));
            Page page = pages.getOrDefault(exchange.getRequestURI().getPath(), status(404));
            if (path.startsWith("/v2/") && !registryAuthorization.isEmpty()) {
                page = guarded(registryAuthorization, registryChallenge, page);
            }
            page.answer(exchange);
            exchange.close();
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** By number; {@link #byName} is another host for the same server. */
    String url() {
        return "http://127.0.0.1:" + port();
    }

    String byName() {
        return "http://localhost:" + port();
    }

    WebServer put(String path, Page page) {
        pages.put(path, page);
        return this;
    }

    /** From now on the pages of a registry are for who sends {@code authorization}. */
    void guardRegistry(String authorization, String challenge) {
        registryChallenge = challenge;
        registryAuthorization = authorization;
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    static Page text(String content) {
        return bytes(content.getBytes(StandardCharsets.UTF_8));
    }

    static Page bytes(byte[] content) {
        return exchange -> {
            exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        };
    }

    static Page status(int status, String... header) {
        return exchange -> {
            for (int i = 0; i < header.length; i += 2) {
                exchange.getResponseHeaders().add(header[i], header[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    static Page redirect(int status, String location) {
        return status(status, "Location", location);
    }

    /** {@code then} for who sends {@code authorization}; 401 with {@code challenge} for others. */
    static Page guarded(String authorization, String challenge, Page then) {
        return exchange -> (authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                        ? then
                        : status(401, "WWW-Authenticate", challenge))
                .answer(exchange);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
