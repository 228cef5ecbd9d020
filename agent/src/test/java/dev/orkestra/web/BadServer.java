package dev.orkestra.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server that keeps no rule of HTTP but the first line, on the loopback. */
public final class BadServer implements AutoCloseable {
    /** What it does with a connection after the request's headers were read. */
    @FunctionalInterface
    public interface Fault {
        void on(OutputStream out, CountDownLatch closed) throws IOException, InterruptedException;
    }

    /** Says nothing. */
    public static final Fault HANGS = (_, closed) -> closed.await();

    /** Sends a byte of a long body every 20 ms. */
    public static final Fault DRIPS = drips(Duration.ofMillis(20));

    /** Sends headers without end, slowly. */
    public static final Fault DRIPS_HEADERS = (out, closed) -> {
        send(out, "HTTP/1.1 200 OK\r\n");
        while (!closed.await(20, TimeUnit.MILLISECONDS)) {
            send(out, "X: y\r\n");
        }
    };

    private final ServerSocket socket;
    private final CountDownLatch closed = new CountDownLatch(1);

    public BadServer(Fault fault) throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> serve(fault));
    }

    /** A long body, a byte {@code every} so often. */
    public static Fault drips(Duration every) {
        return (out, closed) -> {
            send(out, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            while (!closed.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                send(out, "x");
            }
        };
    }

    /** An answer with the first line and headers {@code head} and then {@code chunk} for ever. */
    public static Fault endless(String head, String chunk) {
        return (out, closed) -> {
            send(out, head);
            while (closed.getCount() > 0) {
                send(out, chunk);
            }
        };
    }

    /** {@code text}, and then the line is cut. */
    public static Fault says(String text) {
        return (out, _) -> send(out, text);
    }

    public String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    public int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(Fault fault) {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection, fault));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection, Fault fault) {
        try (connection) {
            InputStream in = connection.getInputStream();
            StringBuilder head = new StringBuilder();
            for (int read = in.read(); read >= 0 && head.indexOf("\r\n\r\n") < 0; read = in.read()) {
                head.append((char) read);
                if (head.indexOf("\r\n\r\n") >= 0) {
                    break;
                }
            }
            fault.on(connection.getOutputStream(), closed);
        } catch (IOException e) {
            // The client hung up, which is what most of these tests want.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }
}
