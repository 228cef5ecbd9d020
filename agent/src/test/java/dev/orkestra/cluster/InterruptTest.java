package dev.orkestra.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.cluster.ClusterException.Reason;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class InterruptTest {
    @TempDir
    Path folder;

    /** OkHttp may throw InterruptedException undeclared; a caller that catches ClusterException must see that only. */
    @Test
    void aCallThatIsInterruptedEndsAsUnreachableAndKeepsTheInterrupt() throws Exception {
        try (ScriptedServer silent = new ScriptedServer();
                KubeCluster cluster = silent.connect(folder)) {
            CompletableFuture<ClusterException> ended = new CompletableFuture<>();
            CompletableFuture<Boolean> flag = new CompletableFuture<>();
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    cluster.resourceType("v1", "ConfigMap");
                } catch (ClusterException e) {
                    flag.complete(Thread.currentThread().isInterrupted());
                    ended.complete(e);
                }
            });
            assertThat(silent.asked().poll(30, TimeUnit.SECONDS)).isEqualTo("/api/v1");
            caller.interrupt();

            assertThat(ended.get(30, TimeUnit.SECONDS).reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(flag.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
