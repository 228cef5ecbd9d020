package dev.orkestra.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A port in front of a server that can go away, or go silent, and come back. */
public final class TcpProxy implements AutoCloseable {
    private final ServerSocket server;
    private final String host;
    private final int targetPort;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Connection> silent = ConcurrentHashMap.newKeySet();
    private final Semaphore refused = new Semaphore(0);
    private volatile boolean away;

    private record Connection(Socket client, Socket target, CountDownLatch silenced) implements AutoCloseable {
        @Override
        public void close() {
            try (client;
                    target) {
                silenced.countDown();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Listens on the target's own address, since the server's certificate is for that. */
    public TcpProxy(String host, int targetPort) throws IOException {
        this.host = host;
        this.targetPort = targetPort;
        this.server = new ServerSocket(0, 50, InetAddress.getByName(host));
        Thread.ofPlatform().name("proxy").daemon().start(this::accept);
    }

    public String host() {
        return host;
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Breaks all connections and accepts none until {@link #comeBack}. */
    public void goAway() {
        refused.drainPermits();
        away = true;
        connections.forEach(Connection::close);
        connections.clear();
    }

    /** Waits until somebody has found nobody there. */
    public void awaitRefused(int visitors, Duration atMost) throws InterruptedException {
        if (!refused.tryAcquire(visitors, atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("not " + visitors + " connections within " + atMost);
        }
    }

    public void comeBack() {
        away = false;
    }

    /** All connections of now stay open and carry nothing more, like those to a machine that lost its power. */
    void goSilent() {
        silent.addAll(connections);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                if (away) {
                    client.close();
                    refused.release();
                    continue;
                }
                Connection connection = new Connection(client, new Socket(host, targetPort), new CountDownLatch(1));
                connections.add(connection);
                pump(connection, client.getInputStream(), connection.target().getOutputStream());
                pump(connection, connection.target().getInputStream(), client.getOutputStream());
            } catch (IOException e) {
                // The listening socket was closed, or the target is not there: the client sees its connection end.
            }
        }
    }

    private void pump(Connection connection, InputStream from, OutputStream to) {
        Thread.ofPlatform().name("proxy-pump").daemon().start(() -> {
            byte[] buffer = new byte[16_384];
            try (connection) {
                for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                    if (!silent.contains(connection)) {
                        to.write(buffer, 0, read);
                        to.flush();
                    }
                }
                if (silent.contains(connection)) {
                    connection.silenced().await();
                }
            } catch (IOException | InterruptedException e) {
                // One side went away: so does the other.
            } finally {
                connections.remove(connection);
            }
        });
    }

    @Override
    public void close() throws IOException {
        server.close();
        goAway();
    }
}
