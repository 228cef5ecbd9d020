package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.cluster.TcpProxy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Something that the agent needs is away for twenty seconds, at each phase of a run: while it composes, plans, applies,
 * awaits, and goes back. The agent is killed at the step's beginning and started again when the other thing is away, so
 * that the whole step meets it. {@link LongCrashes} tells how to run it.
 */
class LongFaults {
    /** A minute, as issue 8 asks; {@code -Dorkestra.away=20} for a quick look. */
    private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("orkestra.away", 60));

    private static final List<String> FORWARD = List.of("Compose", "Plan", "ApplyWave(2)", "AwaitWave(2)");
    private static final Set<String> GOOD_WHEN_TRUE = Set.of("Ready", "Pruned");
    private static final String BACK = "RollbackApplyWave(2)";

    private final List<String> rows = new ArrayList<>();

    @Test
    void theGitServerIsAwayAndTheMirrorIsLost(@TempDir Path scratch) throws Exception {
        try (Killing killing = Killing.in(scratch, "faults-git");
                TcpProxy git = killing.scenario.gitThroughProxy()) {
            Path mirrors = killing.scenario.cache().resolve("git");
            atEachPhase(killing, "git", new Fault() {
                @Override
                public void begin() {
                    git.goAway();
                    delete(mirrors);
                }

                @Override
                public void end() {
                    git.comeBack();
                }
            });
        }
    }

    @Test
    void theChartRepositoryIsAwayAndItsChartsAreLost(@TempDir Path scratch) throws Exception {
        try (Killing killing = Killing.in(scratch, "faults-charts")) {
            Scenario scenario = killing.scenario;
            URI real = scenario.testbed.chartsUrl();
            try (TcpProxy charts = new TcpProxy(real.getHost(), real.getPort())) {
                scenario.repository.edit(
                        "applications/staging/shop.yaml",
                        text -> text.replace(real.getAuthority(), charts.host() + ":" + charts.port()));
                atEachPhase(killing, "charts", new Fault() {
                    @Override
                    public void begin() {
                        charts.goAway();
                        delete(scenario.cache().resolve("charts"));
                        delete(scenario.cache().resolve("pulled"));
                    }

                    @Override
                    public void end() {
                        charts.comeBack();
                    }
                });
            }
        }
    }

    @Test
    void theNodeStands(@TempDir Path scratch) throws Exception {
        try (Killing killing = Killing.in(scratch, "faults-node")) {
            atEachPhase(killing, "node", new Fault() {
                @Override
                public void begin() {
                    signal(killing, "STOP", "kubelet", "containerd");
                }

                @Override
                public void end() {
                    signal(killing, "CONT", "containerd", "kubelet");
                }
            });
        }
    }

    @Test
    void theDiskOfTheCacheIsFullAndTheMirrorIsLost(@TempDir Path scratch) throws Exception {
        try (Killing killing = Killing.in(scratch, "faults-disk")) {
            Path cache = Files.createDirectory(killing.scenario.cache());
            Programs.run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", cache.toString());
            try {
                atEachPhase(killing, "disk", new Fault() {
                    @Override
                    public void begin() {
                        delete(cache.resolve("git"));
                        fill(cache.resolve("ballast"));
                    }

                    @Override
                    public void end() {
                        delete(cache.resolve("ballast"));
                    }
                });
            } finally {
                Programs.run("umount", cache.toString());
            }
        }
    }

    /** It stands for 0.3 s of every half second. */
    @Test
    void etcdIsSlow(@TempDir Path scratch) throws Exception {
        try (Killing killing = Killing.in(scratch, "faults-etcd")) {
            atEachPhase(killing, "etcd", new Fault() {
                private CountDownLatch over = new CountDownLatch(1);
                private Thread brake = new Thread();

                @Override
                public void begin() {
                    over = new CountDownLatch(1);
                    brake = Thread.ofPlatform().start(() -> slow(over));
                }

                private void slow(CountDownLatch until) {
                    try {
                        do {
                            signal(killing, "STOP", "etcd");
                            boolean _ = until.await(300, TimeUnit.MILLISECONDS);
                            signal(killing, "CONT", "etcd");
                        } while (!until.await(200, TimeUnit.MILLISECONDS));
                    } catch (InterruptedException e) {
                        signal(killing, "CONT", "etcd");
                    }
                }

                @Override
                public void end() {
                    over.countDown();
                    try {
                        brake.join();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            });
        }
    }

    /** Here the agent is not killed: it cannot do its work without, and ends by itself when its lease runs out. */
    @Test
    void theApiServerIsAway(@TempDir Path scratch) throws Exception {
        try (Killing killing = Killing.in(scratch, "faults-api");
                TcpProxy server = killing.scenario.throughProxy()) {
            killing.scenario.createConfigRepo(Story.DEADLINES);
            assertThat(killing.end(Story.FIRST.push(killing.scenario.repository))
                            .phase())
                    .isEqualTo("Good");
            int run = 1;
            for (String step : FORWARD) {
                run++;
                String commit = LongRandomCrashes.change(killing.scenario.repository, run);
                sufferWithout(killing, server, commit, run, step, "Good");
            }
            run++;
            sufferWithout(killing, server, Story.BAD.push(killing.scenario.repository), run, BACK, "RolledBack");
        } finally {
            table("api");
        }
    }

    private void sufferWithout(Killing killing, TcpProxy server, String commit, int run, String step, String phase)
            throws InterruptedException {
        Scenario scenario = killing.scenario;
        AgentProcess agent = scenario.startAgent();
        try {
            agent.awaitLine("run=staging-" + run + " step=" + step + " ", Killing.RUN);
            server.goAway();
            long back = System.nanoTime() + AWAY.toNanos();
            String meanwhile = "under way";
            if (agent.ends(AWAY)) {
                assertThat(agent.exitCode()).isEqualTo(1);
                meanwhile = "the agent ended, and another was started";
                agent = scenario.startAgent();
                agent.livesFor(Duration.ofNanos(Math.max(0, back - System.nanoTime())));
            }
            String readyz = scenario.readyz();
            server.comeBack();
            judge(killing, killing.end(commit, agent), run, step, phase, meanwhile, "`/readyz`: " + readyz);
        } finally {
            server.comeBack();
            agent.close();
        }
    }

    private void table(String what) throws IOException {
        LongCrashes.write(
                "faults-" + what + ".md",
                "| phase | meanwhile | what is told | end |\n| --- | --- | --- | --- |\n" + String.join("\n", rows)
                        + "\n");
    }

    private void judge(Killing killing, RunEnd end, int run, String step, String phase, String meanwhile, String told) {
        rows.add("| `" + step + "` | " + meanwhile + " | " + told + " | " + end.phase() + ", "
                + LongCrashes.outcome(killing.faults()) + " |");
        assertThat(end.phase()).as("run %s, %s", run, step).isEqualTo(phase);
        assertThat(end.lastGood()).isEqualTo(phase.equals("Good") ? run : run - 1);
        assertThat(end.quarantined()).isEqualTo(phase.equals("Good") ? List.of() : List.of(run));
        killing.assertClean("after run " + run);
    }

    /** Four runs that change something, and one that is rolled back. */
    private void atEachPhase(Killing killing, String what, Fault fault) throws Exception {
        killing.scenario.createConfigRepo(Story.DEADLINES);
        try {
            assertThat(killing.end(Story.FIRST.push(killing.scenario.repository))
                            .phase())
                    .isEqualTo("Good");
            int run = 1;
            for (String step : FORWARD) {
                run++;
                suffer(killing, fault, LongRandomCrashes.change(killing.scenario.repository, run), run, step, "Good");
            }
            run++;
            suffer(killing, fault, Story.BAD.push(killing.scenario.repository), run, BACK, "RolledBack");
        } finally {
            table(what);
        }
    }

    private void suffer(Killing killing, Fault fault, String commit, int run, String step, String phase)
            throws InterruptedException {
        killing.killAt(run + ":" + step);
        fault.begin();
        boolean over;
        String told;
        AgentProcess agent = killing.scenario.startAgent();
        try {
            try {
                over = agent.says("run=staging-" + run + " step=End ", AWAY);
                told = told(killing.scenario, run);
            } finally {
                fault.end();
            }
            RunEnd end = killing.end(commit, agent);
            judge(killing, end, run, step, phase, over ? "ended" : "under way", told);
        } finally {
            agent.close();
        }
    }

    /** What people read meanwhile: the conditions that are not as they should be, and what the run waits for. */
    private static String told(Scenario scenario, int run) {
        List<String> said = new ArrayList<>();
        for (JsonNode condition : scenario.configRepo().path("status").path("conditions")) {
            boolean wanted = GOOD_WHEN_TRUE.contains(condition.path("type").asText());
            boolean fine = wanted == condition.path("status").asText().equals("True");
            if (!fine) {
                said.add(condition.path("type").asText() + "="
                        + condition.path("status").asText() + " "
                        + condition.path("reason").asText() + ": "
                        + condition.path("message").asText());
            }
        }
        scenario.cluster
                .get(Scenario.RUNS, Scenario.NAMESPACE, "staging-" + run)
                .ifPresent(each -> said.add(
                        "run: " + waitingFor(each.path("status")) + " " + waitingFor(each.at("/status/rollback"))));
        return said.stream().map(each -> each.replace("|", "\\|")).collect(Collectors.joining("<br>"));
    }

    private static String waitingFor(JsonNode status) {
        List<String> waits = new ArrayList<>();
        status.path("waves").forEach(wave -> {
            if (!wave.path("phase").asText().equals("Healthy")) {
                waits.add(wave.path("waitingFor").asText());
            }
        });
        return String.join(" ", waits).strip();
    }

    private static void signal(Killing killing, String signal, String... servers) {
        for (String server : servers) {
            Path note = killing.scenario.testbed.stateFolder().resolve("pids").resolve(server);
            try {
                Programs.run("kill", "-" + signal, Files.readString(note).split(" ")[0]);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void fill(Path file) {
        byte[] block = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            // It is full.
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
