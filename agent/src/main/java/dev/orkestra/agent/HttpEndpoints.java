package dev.orkestra.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.orkestra.release.ChartRepository;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the agent answers over HTTP: {@code /healthz}, {@code /readyz}, {@code /metrics} and the staged charts below
 * {@code /charts/}, all read only and without a request body; and webhooks below {@code /hooks/}.
 */
final class HttpEndpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoints.class);
    private static final String CHARTS = "/charts/";
    /** How long a request may take to arrive. The JDK has no other switch for it, and no limit by itself. */
    private static final String MOST_SECONDS = "sun.net.httpserver.maxReqTime";

    static {
        if (System.getProperty(MOST_SECONDS) == null) {
            System.setProperty(MOST_SECONDS, "30");
        }
    }

    /** The version is part of Prometheus' text format. */
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;

    /**
     * @param address where to listen; port 0 takes a free one
     * @param notReady why the agent is not ready, or empty
     * @param metrics the page of metrics, in the text format that Prometheus reads
     * @param charts the staged charts
     * @param webhooks what answers below {@link WebhookEndpoint#PATH}
     */
    HttpEndpoints(
            InetSocketAddress address,
            Supplier<Optional<String>> notReady,
            Supplier<String> metrics,
            ChartRepository charts,
            HttpHandler webhooks)
            throws IOException {
        server = HttpServer.create(address, 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        serve("/healthz", _ -> Answer.text(200, "ok\n"));
        serve(
                "/readyz",
                _ -> notReady.get()
                        .map(reason -> Answer.text(503, reason + "\n"))
                        .orElseGet(() -> Answer.text(200, "ok\n")));
        serve("/metrics", _ -> new Answer(200, METRICS, metrics.get().getBytes(StandardCharsets.UTF_8)));
        serve(CHARTS, path -> charts(charts, path.substring(CHARTS.length())));
        server.createContext(WebhookEndpoint.PATH, webhooks);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /**
     * What is answered.
     *
     * @param type the Content-Type
     */
    private record Answer(int status, String type, byte[] body) {
        static Answer text(int status, String body) {
            return new Answer(status, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** From the path that was asked for. */
    @FunctionalInterface
    private interface Page {
        Answer of(String path) throws IOException;
    }

    /** A path that climbs does not even reach the store. */
    private static Answer charts(ChartRepository charts, String path) throws IOException {
        boolean plain = !path.isEmpty()
                && !path.startsWith("/")
                && Arrays.stream(path.split("/")).noneMatch(".."::equals);
        return (plain ? charts.read(path) : Optional.<byte[]>empty())
                .map(file -> new Answer(200, "application/octet-stream", file))
                .orElseGet(() -> Answer.text(404, "not staged here\n"));
    }

    /** The JDK's server only drops the connection of a handler that throws, and serves all paths that begin alike. */
    private void serve(String context, Page page) {
        server.createContext(context, exchange -> {
            try (exchange) {
                String method = exchange.getRequestMethod();
                if (!method.equals("GET") && !method.equals("HEAD")) {
                    exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                    exchange.sendResponseHeaders(405, -1);
                    return;
                }
                send(exchange, answer(context, page, exchange.getRequestURI().getPath()));
            }
        });
    }

    private static Answer answer(String context, Page page, String path) {
        if (!context.endsWith("/") && !path.equals(context)) {
            return Answer.text(404, "there is no such page\n");
        }
        try {
            return page.of(path);
        } catch (IOException | RuntimeException e) {
            // Its words may hold what is not for everybody.
            LOG.atError().setCause(e).addKeyValue("path", context).log("a page could not be made");
            return Answer.text(500, "this page could not be made; the agent's log says why\n");
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(answer.body().length));
        }
        if (head || answer.body().length == 0) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), answer.body().length);
        exchange.getResponseBody().write(answer.body());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
