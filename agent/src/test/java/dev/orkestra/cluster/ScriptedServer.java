package dev.orkestra.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Says what an API server can say but a healthy one does not say on demand: answers in the order of the script, then
 * silence. What was asked is kept.
 */
final class ScriptedServer implements AutoCloseable {
    /**
     * One answer.
     *
     * @param open whether the stream stays open after the body, as a watch does
     */
    private record Answer(int status, String body, boolean open) {}

    private final HttpServer server;
    private final Deque<Answer> script = new ConcurrentLinkedDeque<>();
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    ScriptedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    ScriptedServer says(int status, String body) {
        script.add(new Answer(status, body, false));
        return this;
    }

    ScriptedServer saysAndStaysOpen(String body) {
        script.add(new Answer(200, body, true));
        return this;
    }

    /** Path and query of each request, in order. */
    BlockingQueue<String> asked() {
        return asked;
    }

    KubeCluster connect(Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("scripted"), """
                clusters: [{name: c, cluster: {server: "http://%s:%d"}}]
                users: [{name: u, user: {token: scripted}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """.formatted(
                        server.getAddress().getAddress().getHostAddress(),
                        server.getAddress().getPort()));
        return KubeCluster.connect(new ClusterRef.Kubeconfig(file, ""), Settings.standard());
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI().toString());
        Answer answer = script.poll();
        try (exchange;
                OutputStream body = exchange.getResponseBody()) {
            if (answer != null && answer.status() == 429) {
                exchange.getResponseHeaders().set("Retry-After", "0");
            }
            exchange.sendResponseHeaders(answer == null ? 200 : answer.status(), 0);
            if (answer != null) {
                body.write(answer.body().getBytes(StandardCharsets.UTF_8));
                body.flush();
            }
            if (answer == null || answer.open()) {
                closed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
