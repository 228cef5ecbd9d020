package dev.orkestra.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real programs. That a tree of processes is gone is read from a named pipe: each of them holds its write end, so its
 * reader sees the end exactly when the last one is dead.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LocalProcessesTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    @TempDir
    Path folder;

    private LocalProcesses processes;

    @BeforeEach
    void open() {
        processes = new LocalProcesses();
    }

    @AfterEach
    void close() {
        processes.close();
    }

    private Command command(Duration deadline, String... arguments) {
        return new Command(List.of(arguments), Map.of(), folder, new byte[0], deadline, 1 << 20);
    }

    private Path pipe() throws IOException, InterruptedException {
        Path pipe = folder.resolve("alive");
        assertThat(processes
                        .run(command(LONG, "/usr/bin/mkfifo", pipe.toString()))
                        .succeeded())
                .isTrue();
        return pipe;
    }

    @Test
    void tellsOutputErrorsAndExitCodeApart() throws Exception {
        Ended ended = processes.run(command(LONG, "/bin/sh", "-c", "echo out; echo err >&2; exit 3"));

        assertThat(ended).isEqualTo(new Ended(Ended.How.EXITED, 3, "out\n", "err\n"));
        assertThat(ended.succeeded()).isFalse();
    }

    @Test
    void passesOnNothingButTheGivenEnvironment() throws Exception {
        Command command =
                new Command(List.of("/usr/bin/env"), Map.of("HOME", "/nowhere"), folder, new byte[0], LONG, 1 << 20);

        assertThat(processes.run(command).standardOutput()).isEqualTo("HOME=/nowhere\n");
    }

    @Test
    void startsInTheWorkingDirectory() throws Exception {
        assertThat(processes.run(command(LONG, "/bin/pwd")).standardOutput()).isEqualTo(folder.toRealPath() + "\n");
    }

    @Test
    void feedsMoreThanAPipeHoldsWithoutADeadlock() throws Exception {
        byte[] input = "0123456789".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        Command command = new Command(List.of("/bin/cat"), Map.of(), folder, input, LONG, input.length);

        Ended ended = processes.run(command);

        assertThat(ended.succeeded()).isTrue();
        assertThat(ended.standardOutput()).hasSize(input.length);
    }

    @Test
    void doesNotMindAChildThatIgnoresItsInput() throws Exception {
        Command command = new Command(List.of("/bin/true"), Map.of(), folder, new byte[1 << 20], LONG, 1 << 20);

        assertThat(processes.run(command).succeeded()).isTrue();
    }

    @Test
    void killsTheWholeTreeAtTheDeadline() throws Exception {
        Path pipe = pipe();
        String program = "exec 3>" + pipe + "; sleep 300 & echo started >&3; wait";
        CompletableFuture<List<String>> said = linesUntilAllAreDead(pipe);

        Ended ended = processes.run(command(Duration.ofSeconds(1), "/bin/sh", "-c", program));

        assertThat(ended.how()).isEqualTo(Ended.How.DEADLINE);
        assertThat(ended.succeeded()).isFalse();
        assertThat(said.get(20, TimeUnit.SECONDS)).containsExactly("started");
    }

    @Test
    void killsAChildThatPrintsTooMuch() throws Exception {
        Command command = new Command(
                List.of("/bin/sh", "-c", "while :; do echo 0123456789; done"),
                Map.of(),
                folder,
                new byte[0],
                LONG,
                5_000);

        Ended ended = processes.run(command);

        assertThat(ended.how()).isEqualTo(Ended.How.TOO_MUCH_OUTPUT);
        assertThat(ended.standardOutput()).hasSize(5_000);
    }

    @Test
    void killsTheTreeWhenTheCallerIsInterrupted() throws Exception {
        Path pipe = pipe();
        String program = "exec 3>" + pipe + "; echo started >&3; sleep 300";
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                processes.run(command(LONG, "/bin/sh", "-c", program));
                thrown.complete(new AssertionError("the call ended by itself"));
            } catch (InterruptedException | IOException e) {
                thrown.complete(e);
            }
        });
        try (BufferedReader alive = Files.newBufferedReader(pipe)) {
            assertThat(alive.readLine()).isEqualTo("started");
            caller.interrupt();
            assertThat(alive.readLine()).as("end of the pipe").isNull();
        }

        assertThat(thrown.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void doesNotWaitForAGrandchildThatKeepsTheOutputOpen() throws Exception {
        Ended ended = processes.run(command(LONG, "/bin/sh", "-c", "sleep 20 & echo done"));

        assertThat(ended.succeeded()).isTrue();
        assertThat(ended.standardOutput()).isEqualTo("done\n");
    }

    @Test
    void refusesWhatIsNoProgram() {
        assertThatThrownBy(() -> processes.run(command(LONG, "/no/such/program")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/no/such/program");
        assertThatThrownBy(() -> processes.run(command(LONG, "ls")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("absolute path");
    }

    @Test
    void childrenDieWithAParentThatIsKilled() throws Exception {
        Path pipe = pipe();
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ParentOfASleeper.class.getName(),
                        pipe.toString())
                .inheritIO()
                .start();
        try (BufferedReader alive = Files.newBufferedReader(pipe)) {
            assertThat(alive.readLine()).isEqualTo("started");
            parent.destroyForcibly();
            assertThat(alive.readLine()).as("end of the pipe").isNull();
        } finally {
            parent.destroyForcibly();
        }
        assertThat(parent.waitFor()).isEqualTo(128 + 9);
    }

    private static CompletableFuture<List<String>> linesUntilAllAreDead(Path pipe) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return Files.readAllLines(pipe);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> Thread.ofPlatform().daemon().start(task));
    }
}
