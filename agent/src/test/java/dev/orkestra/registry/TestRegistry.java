package dev.orkestra.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.orkestra.document.CanonicalJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A registry on the loopback that answers as the distribution specification says, and lets its answers be spoilt. A real
 * one is asked in the tests called IT.
 */
public final class TestRegistry implements AutoCloseable {
    private final HttpServer server;
    /** By path below {@code /v2/}: manifests and blobs. */
    public final Map<String, byte[]> content = new ConcurrentHashMap<>();
    /** Method and URI of each request that was let in. */
    public final List<String> asked = new CopyOnWriteArrayList<>();
    /** What Authorization must be; empty: nothing is asked. */
    public volatile String authorization = "";

    public volatile String challenge = "Basic realm=\"r\"";

    public TestRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /** {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Another page beside the registry's. */
    public void page(String path, com.sun.net.httpserver.HttpHandler handler) {
        server.createContext(path, handler);
    }

    /** Gives {@code blob} a place; returns its digest. */
    public String blob(String name, byte[] blob) {
        String digest = CanonicalJson.digest(blob);
        content.put(name + "/blobs/" + digest, blob);
        return digest;
    }

    public void manifest(String name, String tag, byte[] manifest) {
        content.put(name + "/manifests/" + tag, manifest);
        content.put(name + "/manifests/" + CanonicalJson.digest(manifest), manifest);
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        URI uri = exchange.getRequestURI();
        String given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!authorization.isEmpty() && !authorization.equals(given)) {
            exchange.getResponseHeaders().add("WWW-Authenticate", challenge);
            exchange.sendResponseHeaders(401, -1);
        } else {
            asked.add(exchange.getRequestMethod() + " " + uri);
            answer(exchange, uri.getPath().replaceFirst("^/v2/", ""), body);
        }
        exchange.close();
    }

    private void answer(HttpExchange exchange, String path, byte[] body) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getRawQuery());
        switch (exchange.getRequestMethod()) {
            case "POST" -> {
                exchange.getResponseHeaders().add("Location", "/v2/" + path + "1?state=x");
                exchange.sendResponseHeaders(202, -1);
            }
            case "PUT" -> {
                if (path.contains("/blobs/uploads/")) {
                    content.put(path.replaceFirst("uploads/.*", query.replaceFirst(".*digest=", "")), body);
                } else {
                    manifest(path.replaceFirst("/manifests/.*", ""), path.replaceFirst(".*/manifests/", ""), body);
                }
                exchange.sendResponseHeaders(201, -1);
            }
            default -> {
                byte[] found = path.endsWith("/tags/list") ? tags(exchange, path, query) : content.get(path);
                boolean head = exchange.getRequestMethod().equals("HEAD");
                if (found != null) {
                    exchange.getResponseHeaders().add("Docker-Content-Digest", CanonicalJson.digest(found));
                }
                exchange.sendResponseHeaders(
                        found == null ? 404 : 200, found == null || head || found.length == 0 ? -1 : found.length);
                if (found != null && !head) {
                    exchange.getResponseBody().write(found);
                }
            }
        }
    }

    private byte[] tags(HttpExchange exchange, String path, String query) {
        String prefix = path.replace("/tags/list", "/manifests/");
        String last = query.contains("last=") ? query.replaceFirst(".*last=", "") : "";
        TreeMap<String, Boolean> tags = new TreeMap<>();
        content.keySet().stream()
                .filter(each -> each.startsWith(prefix) && !each.contains("sha256:"))
                .forEach(each -> tags.put(each.substring(prefix.length()), true));
        List<String> page =
                tags.tailMap(last, false).keySet().stream().limit(1_000).toList();
        if (!page.isEmpty() && !page.getLast().equals(tags.lastKey())) {
            exchange.getResponseHeaders().add("Link", "<http://169.254.169.254/steal>; rel=\"next\"");
        }
        String list = String.join("\",\"", page);
        return ("{\"tags\":[" + (list.isEmpty() ? "" : "\"" + list + "\"") + "]}").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
