package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code ork executor helmrelease}: what it waits for, how it ends, and what it leaves alone. */
class ExecutorCommandIT extends ExecutorRuns {
    @Test
    void check33_installExitsZeroOnlyWhenReadyAtItsGenerationAndSettled() throws Exception {
        CompletableFuture<Ran> run = start("--action", "install", "--timeout", "60s", "--interval", "1s");
        ObjectNode applied =
                await(RELEASES, namespace, "web", Optional::isPresent).orElseThrow();
        assertThat(cluster.get(NAMESPACES, "", namespace))
                .as("made by the executor")
                .isPresent();
        // As Flux begins: Ready of an older generation says nothing.
        status(applied, -1, "True", "InstallSucceeded", "");
        assertThat(stillRuns(run, Duration.ofSeconds(6))).isTrue();
        long ready = System.nanoTime();
        // Whatever the reason: Flux v2 has others than the original waited for.
        status(applied, 1, "True", "UpgradeSucceeded", "");
        Ran ran = run.get(30, TimeUnit.SECONDS);
        assertThat(ran)
                .isEqualTo(new Ran(0, "HelmRelease.helm.toolkit.fluxcd.io/" + namespace + "/web is ready\n", ""));
        assertThat(Duration.ofNanos(System.nanoTime() - ready)).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void asksInTheNameOfTheIdentityThatArgosPodIsTold() throws Exception {
        Ran ran = start("--action", "install", "--timeout", "20s", "--as", "default/nobody-there")
                .get(30, TimeUnit.SECONDS);
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).contains("system:serviceaccount:default:nobody-there");
        assertThat(start("--action", "install", "--as", "nobody")
                        .get(30, TimeUnit.SECONDS)
                        .err())
                .contains("--as must be NAMESPACE/NAME");
    }

    @Test
    void check33_aReleaseThatIsNotReadyAnyMoreHasNotSettled() throws Exception {
        CompletableFuture<Ran> run = start("--action", "install", "--timeout", "20s", "--settle", "4s");
        ObjectNode applied =
                await(RELEASES, namespace, "web", Optional::isPresent).orElseThrow();
        status(applied, 1, "True", "InstallSucceeded", "");
        assertThat(stillRuns(run, Duration.ofSeconds(2))).isTrue();
        status(applied, 1, "Unknown", "Progressing", "again");
        assertThat(stillRuns(run, Duration.ofSeconds(4))).isTrue();
        status(applied, 1, "True", "UpgradeSucceeded", "");
        assertThat(run.get(30, TimeUnit.SECONDS).exitCode()).isZero();
    }

    @Test
    void check33_installFailsAtTheTimeoutWithTheReleasesWords() throws Exception {
        CompletableFuture<Ran> run = start("--action", "install", "--timeout", "3s");
        ObjectNode applied =
                await(RELEASES, namespace, "web", Optional::isPresent).orElseThrow();
        status(applied, -1, "False", "SourceNotReady", "no chart here");
        Ran ran = run.get(30, TimeUnit.SECONDS);
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).contains("is not ready after 3s: no chart here");
    }

    @Test
    void check33_q39_failsAtOnceWhenTheReleaseHasFailedForGood() throws Exception {
        CompletableFuture<Ran> run = start("--action", "install", "--timeout", "5m");
        ObjectNode applied =
                await(RELEASES, namespace, "web", Optional::isPresent).orElseThrow();
        status(applied, 1, "False", "InstallFailed", "Helm install failed: timed out waiting for the condition");
        Ran ran = run.get(30, TimeUnit.SECONDS);
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .startsWith("ork executor helmrelease: HelmRelease.helm.toolkit.fluxcd.io/" + namespace
                        + "/web failed: Helm install failed");
    }

    @Test
    void check33_waitsForANamespaceThatIsBeingDeletedAndMakesItAnew() throws Exception {
        ObjectNode space = object("v1", "Namespace", "", namespace);
        String old = cluster.create(NAMESPACES, space, "executor-it")
                .path("metadata")
                .path("uid")
                .asText();
        // Something in it that holds it.
        ObjectNode held = object("v1", "ConfigMap", namespace, "web");
        held.withObject("/metadata").putArray("finalizers").add(HOLD);
        cluster.create(CONFIG_MAPS, held, "executor-it");
        cluster.delete(NAMESPACES, "", namespace, "");
        CompletableFuture<Ran> run = start("--action", "install", "--timeout", "60s", "--settle", "0s");
        assertThat(stillRuns(run, Duration.ofSeconds(3))).isTrue();
        assertThat(cluster.get(RELEASES, namespace, "web")).isEmpty();
        hold(CONFIG_MAPS, namespace, false);
        ObjectNode applied =
                await(RELEASES, namespace, "web", Optional::isPresent).orElseThrow();
        status(applied, 1, "True", "InstallSucceeded", "");
        assertThat(run.get(30, TimeUnit.SECONDS).exitCode()).isZero();
        assertThat(cluster.get(NAMESPACES, "", namespace)
                        .orElseThrow()
                        .path("metadata")
                        .path("uid")
                        .asText())
                .isNotEqualTo(old);
    }

    @Test
    void check34_deletingWhatIsNotThereIsDone() throws Exception {
        assertThat(start("--action", "delete").get(30, TimeUnit.SECONDS))
                .isEqualTo(new Ran(0, "HelmRelease.helm.toolkit.fluxcd.io/" + namespace + "/web is gone\n", ""));
    }

    /** The original took the finalizer away, ran Helm in the wrong namespace, and exited with 0 (Q29). */
    @Test
    void check34_q29_deleteWaitsAndAtTheTimeoutNamesWhatHoldsItAndStripsNothing() throws Exception {
        cluster.create(NAMESPACES, object("v1", "Namespace", "", namespace), "executor-it");
        cluster.create(RELEASES, release(), "executor-it");
        hold(RELEASES, namespace, true);
        Ran late = start("--action", "delete", "--timeout", "3s").get(30, TimeUnit.SECONDS);
        assertThat(late.exitCode()).isEqualTo(1);
        assertThat(late.err()).contains("is still there, held by " + HOLD + ", after 3s");
        assertThat(cluster.get(RELEASES, namespace, "web")
                        .orElseThrow()
                        .path("metadata")
                        .path("finalizers"))
                .hasSize(1);

        CompletableFuture<Ran> run = start("--action", "delete", "--timeout", "60s");
        assertThat(stillRuns(run, Duration.ofSeconds(2))).isTrue();
        hold(RELEASES, namespace, false);
        assertThat(run.get(30, TimeUnit.SECONDS).exitCode()).isZero();
    }

    private void status(ObjectNode release, long observed, String ready, String reason, String message) {
        ObjectNode patch = release.objectNode();
        ObjectNode status = patch.putObject("status").put("observedGeneration", observed);
        status.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", ready)
                .put("reason", reason)
                .put("message", message)
                .put("observedGeneration", Math.max(0, observed))
                .put("lastTransitionTime", "2026-01-01T00:00:00Z");
        cluster.mergePatch(RELEASES, namespace, "web", patch, true, "executor-it");
    }
}
