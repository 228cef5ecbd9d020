package dev.orkestra.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs programs of this machine. A child dies with this process, even when that is killed, through
 * {@code setpriv --pdeathsig KILL} of util-linux; where that is missing, this is said once in the log.
 *
 * <p>Linux ties that signal to the <em>thread</em> that started the child, so all children are started by one thread
 * that lives as long as this object. Thread-safe.
 */
public final class LocalProcesses implements ChildProcesses, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalProcesses.class);
    private static final List<Path> SETPRIV_PLACES = List.of(Path.of("/usr/bin/setpriv"), Path.of("/bin/setpriv"));
    /** How long a killed tree may take to be gone, and a dead child's pipes to be read to their end. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final ExecutorService starter = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("child-starter").daemon().factory());
    private final List<String> prefix;

    public LocalProcesses() {
        this(findSetpriv());
    }

    private LocalProcesses(Optional<Path> setpriv) {
        prefix = setpriv.map(path -> List.of(path.toString(), "--pdeathsig", "KILL", "--"))
                .orElse(List.of());
        if (setpriv.isEmpty()) {
            LOG.warn("setpriv of util-linux is not installed: if the agent is killed, its running children go on");
        }
    }

    @Override
    public Ended run(Command command) throws IOException, InterruptedException {
        Path program = Path.of(command.arguments().getFirst());
        if (!program.isAbsolute() || !Files.isExecutable(program) || Files.isDirectory(program)) {
            throw new IOException("cannot start " + program + ": not an absolute path of an executable file");
        }
        long deadline = System.nanoTime() + command.deadline().toNanos();
        Process process = start(command);
        try {
            return new Running(process, command, deadline).await();
        } finally {
            // Whatever happened, also an interrupt: nobody is left behind.
            killTree(process);
        }
    }

    /** Ends the thread that starts children; children that still run die with it. */
    @Override
    public void close() {
        starter.shutdownNow();
    }

    private Process start(Command command) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(prefix);
        arguments.addAll(command.arguments());
        ProcessBuilder builder = new ProcessBuilder(arguments);
        builder.directory(command.workingDirectory().toFile());
        builder.environment().clear();
        builder.environment().putAll(command.environment());
        Future<Process> started = starter.submit(builder::start);
        boolean interrupted = false;
        try {
            // Starting takes milliseconds; a caller that left now would leave a child that nobody knows.
            while (true) {
                try {
                    return started.get(30, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException("a child process could not be started", e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the child process did not start within 30 s", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** One child on its way, with a thread for each of its three streams. */
    private static final class Running {
        private final Process process;
        private final Command command;
        private final long deadline;
        private final OutputReader output;
        private final OutputReader errors;
        // Completed when the child ended or printed too much, whichever is first.
        private final CompletableFuture<Ended.How> how = new CompletableFuture<>();

        Running(Process process, Command command, long deadline) {
            this.process = process;
            this.command = command;
            this.deadline = deadline;
            Runnable tooMuch = () -> how.complete(Ended.How.TOO_MUCH_OUTPUT);
            this.output = new OutputReader(process.getInputStream(), command.maxOutputBytes(), tooMuch);
            this.errors = new OutputReader(process.getErrorStream(), command.maxOutputBytes(), tooMuch);
        }

        Ended await() throws InterruptedException {
            output.start();
            errors.start();
            Thread.ofPlatform().name("child-stdin").daemon().start(this::feed);
            process.onExit().thenRun(() -> how.complete(Ended.How.EXITED));
            Ended.How ended = awaitHow();
            if (ended != Ended.How.EXITED) {
                killTree(process);
            }
            // A grandchild may hold the pipes open after the child's end: read what is there, then let go.
            output.finish(GRACE);
            errors.finish(GRACE);
            if (output.overflowed() || errors.overflowed()) {
                ended = Ended.How.TOO_MUCH_OUTPUT;
            }
            int exitCode = process.isAlive() ? -1 : process.exitValue();
            return new Ended(ended, exitCode, output.text(), errors.text());
        }

        private Ended.How awaitHow() throws InterruptedException {
            try {
                return how.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return Ended.How.DEADLINE;
            } catch (ExecutionException e) {
                throw new IllegalStateException("nothing completes this with an exception", e);
            }
        }

        private void feed() {
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(command.standardInput());
            } catch (IOException e) {
                // A child that does not read its input to the end is its own business.
                LOG.debug("a child closed its standard input early");
            }
        }
    }

    /** Kills the child and all that it started, and waits until they are gone, at most {@link #GRACE}. */
    private static void killTree(Process process) {
        boolean interrupted = Thread.interrupted();
        long until = System.nanoTime() + GRACE.toNanos();
        try {
            List<ProcessHandle> tree = tree(process);
            // More than once: while the first ones die, others may have been started.
            while (!tree.isEmpty() && System.nanoTime() < until) {
                tree.forEach(ProcessHandle::destroyForcibly);
                for (ProcessHandle handle : tree) {
                    interrupted |= !awaitExit(handle, until);
                }
                tree = tree(process);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static List<ProcessHandle> tree(Process process) {
        List<ProcessHandle> tree = new ArrayList<>(process.descendants().toList());
        if (process.isAlive()) {
            tree.add(process.toHandle());
        }
        return tree;
    }

    /** False when the caller was interrupted meanwhile. */
    private static boolean awaitExit(ProcessHandle handle, long until) {
        try {
            handle.onExit().get(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return false;
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("a killed process is not gone yet");
        }
        return true;
    }

    /** BusyBox has a setpriv without --pdeathsig, so the option is tried once. */
    private static Optional<Path> findSetpriv() {
        return SETPRIV_PLACES.stream()
                .filter(Files::isExecutable)
                .filter(LocalProcesses::knowsParentDeath)
                .findFirst();
    }

    private static boolean knowsParentDeath(Path setpriv) {
        try {
            ProcessBuilder builder = new ProcessBuilder(
                            setpriv.toString(), "--pdeathsig", "KILL", "--", setpriv.toString(), "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().clear();
            Process probe = builder.start();
            return probe.waitFor(5, TimeUnit.SECONDS) && probe.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
