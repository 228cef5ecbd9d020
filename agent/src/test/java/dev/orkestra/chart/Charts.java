package dev.orkestra.chart;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Node;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A Helm repository on the loopback, and charts for it. */
public final class Charts implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, StringBuilder> entries = new TreeMap<>();
    public final AtomicInteger requests = new AtomicInteger();
    /** Authorization of each request; {@code "null"} for none. */
    public final List<String> given = new CopyOnWriteArrayList<>();
    /** What Authorization must be; empty: nothing is asked. */
    public volatile String authorization = "";

    public Charts() throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        server.start();
    }

    /** @param server runs, or will be started */
    public Charts(HttpServer server) {
        this.server = server;
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            String shown = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            given.add(shown);
            byte[] body = files.get(exchange.getRequestURI().getPath());
            int status = !authorization.isEmpty() && !authorization.equals(shown) ? 401 : body == null ? 404 : 200;
            exchange.sendResponseHeaders(status, status == 200 && body != null ? body.length : -1);
            if (status == 200 && body != null) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
    }

    public String url() {
        return (server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:"
                + server.getAddress().getPort();
    }

    /** Publishes a chart; the index is written anew. */
    public Charts publish(ChartArchive chart) {
        Node.MapNode metadata = DocumentReader.read(
                        "Chart.yaml", text(chart, "Chart.yaml").getBytes(StandardCharsets.UTF_8))
                .documents()
                .getFirst()
                .mapping()
                .orElseThrow();
        String name = metadata.text("name").orElseThrow();
        String version = metadata.text("version").orElseThrow();
        return publish(name, version, chart.write(name));
    }

    /** Publishes an archive as it is; the index is written anew. */
    public Charts publish(String name, String version, byte[] bytes) {
        String file = "files/" + name + "-" + version + ".tgz";
        files.put("/" + file, bytes);
        entries.computeIfAbsent(name, _ -> new StringBuilder())
                .append("  - {name: ")
                .append(name)
                .append(", version: \"")
                .append(version)
                .append("\", digest: ")
                .append(CanonicalJson.digest(bytes).substring(7))
                .append(", urls: [\"")
                .append(file)
                .append("\"]}\n");
        StringBuilder index = new StringBuilder("apiVersion: v1\nentries:\n");
        entries.forEach(
                (chart, list) -> index.append("  ").append(chart).append(":\n").append(list));
        put("/index.yaml", index.toString());
        return this;
    }

    public Charts put(String path, String content) {
        return put(path, content.getBytes(StandardCharsets.UTF_8));
    }

    public Charts put(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** A chart of {@code path, content} pairs. */
    public static ChartArchive chart(String... pathsAndContents) {
        Map<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < pathsAndContents.length; i += 2) {
            files.put(pathsAndContents[i], pathsAndContents[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return new ChartArchive(files);
    }

    /** A chart with one manifest. */
    public static ChartArchive simple(String name, String version) {
        return chart(
                "Chart.yaml",
                "apiVersion: v2\nname: " + name + "\nversion: " + version + "\n",
                "templates/config.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"{{ .Release.Name }}\"}\n");
    }

    public static String text(ChartArchive chart, String path) {
        byte[] content = chart.files().get(path);
        return content == null ? "nothing" : new String(content, StandardCharsets.UTF_8);
    }
}
