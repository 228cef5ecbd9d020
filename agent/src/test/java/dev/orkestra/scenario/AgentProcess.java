package dev.orkestra.scenario;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A real agent: the packaged jar in a process of its own, which a test may kill at any time. */
final class AgentProcess implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    private AgentProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        Thread.ofVirtual().start(this::read);
    }

    /** Starts {@code ork agent} with {@code arguments}; its output is also appended to {@code log}. */
    static AgentProcess start(Path root, Path log, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // As the image starts it, with more room.
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx384m",
                "--enable-native-access=ALL-UNNAMED",
                "-jar"));
        command.add(root.resolve("agent/target/agent.jar").toString());
        command.add("agent");
        command.addAll(arguments);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            return new AgentProcess(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException("the agent cannot be started; is agent/target/agent.jar there?", e);
        }
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                add(line);
            }
        } catch (IOException e) {
            add("the agent's output ended: " + e);
        } finally {
            lock.lock();
            try {
                ended = true;
                more.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void add(String line) {
        lock.lock();
        try {
            lines.add(line);
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a line holds {@code text}. */
    void awaitLine(String text, Duration atMost) throws InterruptedException {
        if (!says(text, atMost)) {
            throw new AssertionError(
                    "the agent did not say \"" + text + "\" within " + atMost + "; it said:\n" + lastLines());
        }
    }

    /** Whether a line holds {@code text} before the agent ends and the time is over. */
    boolean says(String text, Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lock();
        try {
            int seen = 0;
            while (true) {
                for (; seen < lines.size(); seen++) {
                    if (lines.get(seen).contains(text)) {
                        return true;
                    }
                }
                if (ended || nanos <= 0) {
                    return false;
                }
                nanos = more.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets it work for some time, where that itself matters, and fails when it ends meanwhile. */
    void livesFor(Duration time) throws InterruptedException {
        if (ends(time)) {
            throw new AssertionError("the agent has ended by itself; it said:\n" + lastLines());
        }
    }

    /** Holds it up, like a machine that stalls, until {@link #goOn}. */
    void hold() {
        Programs.run("kill", "-STOP", Long.toString(process.pid()));
    }

    void goOn() {
        Programs.run("kill", "-CONT", Long.toString(process.pid()));
    }

    /** Waits until it has ended by itself; whether it has. */
    boolean ends(Duration atMost) throws InterruptedException {
        return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    int exitCode() {
        return process.exitValue();
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
    }

    private String lastLines() {
        List<String> all = output().lines().toList();
        return String.join("\n", all.subList(Math.max(0, all.size() - 60), all.size()));
    }

    /** Everything that it printed. */
    String output() {
        lock.lock();
        try {
            return String.join("\n", lines);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
