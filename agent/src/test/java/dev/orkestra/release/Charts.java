package dev.orkestra.release;

import com.sun.net.httpserver.HttpServer;
import dev.orkestra.document.CanonicalJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A Helm repository on the loopback, and charts for it. */
final class Charts implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, StringBuilder> entries = new TreeMap<>();
    final AtomicInteger requests = new AtomicInteger();
    /** What Authorization must be; empty: nothing is asked. */
    volatile String authorization = "";

    Charts() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            String given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = files.get(exchange.getRequestURI().getPath());
            int status = !authorization.isEmpty() && !authorization.equals(given) ? 401 : body == null ? 404 : 200;
            exchange.sendResponseHeaders(status, status == 200 && body != null ? body.length : -1);
            if (status == 200 && body != null) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Publishes a chart; the index is written anew. */
    Charts publish(ChartArchive chart) throws ChartTrouble {
        ChartMetadata metadata = chart.metadata();
        byte[] bytes = chart.write(metadata.name());
        String file = "files/" + metadata.name() + "-" + metadata.version() + ".tgz";
        files.put("/" + file, bytes);
        entries.computeIfAbsent(metadata.name(), _ -> new StringBuilder())
                .append("  - {name: ")
                .append(metadata.name())
                .append(", version: \"")
                .append(metadata.version())
                .append("\", digest: ")
                .append(CanonicalJson.digest(bytes).substring(7))
                .append(", urls: [\"")
                .append(file)
                .append("\"]}\n");
        StringBuilder index = new StringBuilder("apiVersion: v1\nentries:\n");
        entries.forEach(
                (name, list) -> index.append("  ").append(name).append(":\n").append(list));
        put("/index.yaml", index.toString());
        return this;
    }

    Charts put(String path, String content) {
        return put(path, content.getBytes(StandardCharsets.UTF_8));
    }

    Charts put(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** A chart of {@code path, content} pairs. */
    static ChartArchive chart(String... pathsAndContents) {
        Map<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < pathsAndContents.length; i += 2) {
            files.put(pathsAndContents[i], pathsAndContents[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return new ChartArchive(files);
    }

    /** A chart with one manifest. */
    static ChartArchive simple(String name, String version) {
        return chart(
                "Chart.yaml",
                "apiVersion: v2\nname: " + name + "\nversion: " + version + "\n",
                "templates/config.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"{{ .Release.Name }}\"}\n");
    }

    static String text(ChartArchive chart, String path) {
        byte[] content = chart.files().get(path);
        return content == null ? "nothing" : new String(content, StandardCharsets.UTF_8);
    }
}
