package dev.orkestra.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With an instance of its own beside whatever runs. Takes some 25 s when the servers are built. */
class TestbedLeavesNothingIT {
    private static final String NAME = "leaves-nothing";

    @BeforeEach
    @AfterEach
    void takeDownWhatAnotherRunLeft() {
        Testbed.end(NAME);
    }

    @Test
    void afterDownTheMachineIsAsItWasBeforeUp() throws Exception {
        MachineTraces before = MachineTraces.now(Path.of("/" + NAME));
        Testbed testbed = Testbed.start(NAME);
        Path state = testbed.stateFolder();
        runPod(testbed);
        testbed.createRepository("config");

        // The comparison can see: each kind of trace is there while the instance is up.
        assertThat(MachineTraces.now(state).lines())
                .filteredOn(line -> !before.lines().contains(line))
                .extracting(line -> line.substring(0, line.indexOf(' ')))
                .contains("network", "link", "route", "mount", "cgroup", "shim", "CNI", "pod", "process");

        testbed.down();

        assertThat(MachineTraces.now(state).leftSince(before)).isEmpty();
        assertThat(state).doesNotExist();
    }

    @Test
    void aSecondUpStartsOnlyWhatIsDown() throws Exception {
        Testbed testbed = Testbed.start(NAME);
        Path pids = testbed.stateFolder().resolve("pids");
        String apiServer = Files.readString(pids.resolve("kube-apiserver"));
        String kubelet = Files.readString(pids.resolve("kubelet"));

        Testbed.start(NAME);
        assertThat(Files.readString(pids.resolve("kubelet"))).isEqualTo(kubelet);

        ProcessHandle process =
                ProcessHandle.of(Long.parseLong(kubelet.split(" ")[0])).orElseThrow();
        process.destroyForcibly();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        Testbed.start(NAME);
        assertThat(Files.readString(pids.resolve("kubelet"))).isNotEqualTo(kubelet);
        assertThat(Files.readString(pids.resolve("kube-apiserver"))).isEqualTo(apiServer);
    }

    private static void runPod(Testbed testbed) throws IOException, InterruptedException {
        kubectl(testbed, "run", "web", "--image=ork.local/httpd:1");
        kubectl(testbed, "wait", "--for=condition=Ready", "pod/web", "--timeout=60s");
    }

    private static void kubectl(Testbed testbed, String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                testbed.kubectl().toString(),
                "--kubeconfig",
                testbed.adminKubeconfig().toString()));
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(words).inheritIO().start();
        assertThat(process.waitFor(Duration.ofSeconds(90).toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(process.exitValue()).as("kubectl %s", arguments[0]).isZero();
    }
}
