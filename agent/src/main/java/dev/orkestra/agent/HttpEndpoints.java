package dev.orkestra.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.orkestra.release.ChartRepository;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * What the agent answers over HTTP: {@code /healthz}, {@code /readyz}, {@code /metrics} and the staged charts below
 * {@code /charts/}. Read only; nothing here takes a request body.
 */
final class HttpEndpoints implements AutoCloseable {
    private final HttpServer server;

    /**
     * @param address where to listen; port 0 takes a free one
     * @param notReady why the agent is not ready, or empty
     * @param metrics the page of metrics, in the text format that Prometheus reads
     * @param charts the staged charts
     */
    HttpEndpoints(
            InetSocketAddress address,
            Supplier<Optional<String>> notReady,
            Supplier<String> metrics,
            ChartRepository charts)
            throws IOException {
        server = HttpServer.create(address, 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/healthz", exchange -> text(exchange, 200, "ok\n"));
        server.createContext("/readyz", exchange -> {
            Optional<String> reason = notReady.get();
            text(exchange, reason.isEmpty() ? 200 : 503, reason.orElse("ok") + "\n");
        });
        server.createContext("/metrics", exchange -> text(exchange, 200, metrics.get()));
        server.createContext("/charts/", exchange -> {
            String path = exchange.getRequestURI().getPath().substring("/charts/".length());
            Optional<byte[]> file = charts.read(path);
            if (file.isPresent()) {
                bytes(exchange, 200, "application/octet-stream", file.get());
            } else {
                text(exchange, 404, "not staged here\n");
            }
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static void text(HttpExchange exchange, int status, String body) throws IOException {
        bytes(exchange, status, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
    }

    private static void bytes(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", type);
            if (method.equals("HEAD")) {
                exchange.sendResponseHeaders(status, -1);
                return;
            }
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
