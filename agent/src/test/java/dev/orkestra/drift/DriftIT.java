package dev.orkestra.drift;

import static dev.orkestra.drift.DriftWorld.CONFIG_MAPS;
import static dev.orkestra.drift.DriftWorld.SECRETS;
import static dev.orkestra.drift.DriftWorld.colour;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.Settings;
import dev.orkestra.cluster.TcpProxy;
import dev.orkestra.cluster.Verb;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.testing.Testbed;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What somebody changes by hand between runs, on a real API server. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class DriftIT {
    private final DriftWorld world = new DriftWorld();
    private final ConfigRepo repo = world.repo();

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    @Test
    void aChangedFieldIsPutRightWithinTwoSecondsAndWhoChangedItIsNamed() {
        world.settle(repo, world.configMap("a", "green"), world.configMap("b", "green"));
        world.watch(repo);

        world.patch(CONFIG_MAPS, "a", "data: {colour: red}", "kubectl-edit");
        long changed = System.nanoTime();
        world.awaitMap("a", map -> colour(map).equals("green"));
        Duration took = Duration.ofNanos(System.nanoTime() - changed);

        assertThat(took).isLessThan(Duration.ofSeconds(2));
        assertThat(world.awaitCorrection(1)).satisfies(drift -> {
            assertThat(drift.reason()).isEqualTo(Drift.Reason.Changed);
            assertThat(drift.object().name()).isEqualTo("a");
            assertThat(drift.fields()).containsExactly("data.colour");
            assertThat(drift.manager()).isEqualTo("kubectl-edit");
            assertThat(drift.message()).startsWith("kubectl-edit (Update, 20").endsWith(" changed data.colour");
        });
        assertThat(world.present()).isEmpty();
    }

    @Test
    void anObjectThatIsDeletedByHandIsMadeAgainAndTheInventoryKnowsIt() {
        Environment before = world.settle(repo, world.configMap("a", "green"), world.configMap("b", "green"));
        world.watch(repo);

        world.cluster.delete(CONFIG_MAPS, world.namespace, "a", "");
        Drift drift = world.awaitCorrection(1);
        ObjectNode again = world.awaitMap("a", map -> colour(map).equals("green"));

        assertThat(drift.reason()).isEqualTo(Drift.Reason.Gone);
        assertThat(world.kept(repo).inventory().get(ObjectKey.of(again)))
                .map(InventoryEntry::uid)
                .contains(again.path("metadata").path("uid").asText())
                .isNotEqualTo(before.inventory().get(ObjectKey.of(again)).map(InventoryEntry::uid));
    }

    @Test
    void anObjectWhoseLabelIsRemovedByHandHasItAgain() {
        world.settle(repo, world.configMap("a", "green"));
        world.watch(repo);

        world.patch(CONFIG_MAPS, "a", "metadata: {labels: {orkestra.dev/config-repo: null}}", "kubectl-label");
        world.awaitMap(
                "a",
                map -> map.path("metadata")
                        .path("labels")
                        .path(ConfigRepo.LABEL)
                        .asText()
                        .equals(repo.label()));

        assertThat(world.awaitCorrection(1).fields()).containsExactly("metadata.labels[orkestra.dev/config-repo]");
    }

    @Test
    void inReportModeNothingIsWrittenAndItIsToldUntilItIsGone() {
        ConfigRepo reporting = world.repo("drift: report");
        world.settle(reporting, world.configMap("a", "green"));
        world.watch(reporting);

        ObjectNode changed = world.patch(CONFIG_MAPS, "a", "data: {colour: red}", "kubectl-edit");
        List<Drift> present = world.awaitPresent(drifts -> !drifts.isEmpty());

        assertThat(present).singleElement().satisfies(drift -> {
            assertThat(drift.reason()).isEqualTo(Drift.Reason.Changed);
            assertThat(drift.manager()).isEqualTo("kubectl-edit");
        });
        assertThat(world.get(CONFIG_MAPS, "a").orElseThrow()).isEqualTo(changed);
        world.cluster.apply(
                CONFIG_MAPS,
                labelled(world.configMap("a", "green"), reporting),
                ApplyOptions.of("orkestra-agent").forced());
        assertThat(world.awaitPresent(List::isEmpty)).isEmpty();
        assertThat(world.corrections()).isEmpty();
    }

    @Test
    void whoChangesItBackEachTimeIsNamedAndNotFought() {
        world.settle(repo, world.configMap("a", "green"));
        world.watch(repo);

        for (int round = 1; round <= Fights.MOST; round++) {
            world.patch(CONFIG_MAPS, "a", "data: {colour: red}", "scaler");
            world.awaitCorrection(round);
        }
        ObjectNode last = world.patch(CONFIG_MAPS, "a", "data: {colour: red}", "scaler");
        List<Drift> present = world.awaitPresent(drifts -> !drifts.isEmpty());

        assertThat(present).singleElement().satisfies(drift -> {
            assertThat(drift.reason()).isEqualTo(Drift.Reason.Fight);
            assertThat(drift.message()).contains("orkestra-agent and scaler", "until 20");
            assertThat(drift.until()).isAfter(drift.since());
        });
        assertThat(world.corrections()).hasSize(Fights.MOST);
        assertThat(world.get(CONFIG_MAPS, "a").orElseThrow()).isEqualTo(last);
    }

    @Test
    void afterARunItIsTriedAgain() {
        Environment environment = world.settle(repo, world.configMap("a", "green"));
        DriftController drift = world.watch(repo);
        for (int round = 1; round <= Fights.MOST; round++) {
            world.patch(CONFIG_MAPS, "a", "data: {colour: red}", "scaler");
            world.awaitCorrection(round);
        }
        world.patch(CONFIG_MAPS, "a", "data: {colour: red}", "scaler");
        world.awaitPresent(drifts -> !drifts.isEmpty());

        drift.runChanges(repo.label());
        drift.settled(repo, environment);

        assertThat(world.awaitCorrection(Fights.MOST + 1).manager()).isEqualTo("scaler");
    }

    @Test
    void anObjectThatIsBeingDeletedIsLeftAloneAndMadeAgainOnceItIsGone() {
        ObjectNode held = world.configMap("a", "green");
        held.withObject("/metadata").putArray("finalizers").add("example.test/hold");
        world.settle(repo, held);
        world.watch(repo);

        world.cluster.delete(CONFIG_MAPS, world.namespace, "a", "");
        List<Drift> present = world.awaitPresent(drifts -> !drifts.isEmpty());

        assertThat(present).singleElement().satisfies(drift -> {
            assertThat(drift.reason()).isEqualTo(Drift.Reason.BeingDeleted);
            assertThat(drift.message()).contains("example.test/hold");
        });
        world.patch(CONFIG_MAPS, "a", "metadata: {finalizers: null}", "drift-it");
        assertThat(world.awaitCorrection(1).reason()).isEqualTo(Drift.Reason.Gone);
        world.patch(CONFIG_MAPS, "a", "metadata: {finalizers: null}", "drift-it");
    }

    @Test
    void theValuesOfASecretAreNeverTold() {
        ObjectNode secret = DriftWorld.object("v1", "Secret", world.namespace, "s");
        secret.putObject("data").put("password", base64("first-password"));
        // Told, since Secrets beside the agent are nothing that a ConfigRepo may write.
        ConfigRepo reporting = world.repo("drift: report");
        world.settle(reporting, secret);
        world.watch(reporting);

        world.patch(SECRETS, "s", "stringData: {password: second-password}", "kubectl-edit");
        Drift drift = world.awaitPresent(drifts -> !drifts.isEmpty()).getFirst();

        assertThat(drift.fields()).containsExactly("data.password");
        assertThat(drift.toString())
                .doesNotContain("second-password", "first-password")
                .doesNotContain(base64("second-password"), base64("first-password"));
    }

    @Test
    void whatHappenedWhileTheServerWasAwayIsPutRightWhenItIsBack(@TempDir Path folder) throws Exception {
        world.settle(repo, world.configMap("a", "green"), world.configMap("b", "green"));
        String config = Files.readString(Testbed.shared().adminKubeconfig());
        Matcher server = Pattern.compile("https://[0-9.]+:[0-9]+").matcher(config);
        assertThat(server.find()).isTrue();
        URI api = URI.create(server.group());
        try (TcpProxy proxy = new TcpProxy(api.getHost(), api.getPort())) {
            Path file = Files.writeString(
                    folder.resolve("config"), server.replaceAll("https://" + proxy.host() + ":" + proxy.port()));
            try (KubeCluster through = KubeCluster.connect(new ClusterRef.Kubeconfig(file, ""), Settings.standard())) {
                world.watch(repo, through, () -> {});
                proxy.goAway();
                world.patch(CONFIG_MAPS, "a", "data: {colour: red}", "kubectl-edit");
                world.cluster.delete(CONFIG_MAPS, world.namespace, "b", "");
                proxy.comeBack();

                world.awaitCorrection(2);
            }
        }
        world.awaitMap("a", map -> colour(map).equals("green"));
        world.awaitMap("b", map -> colour(map).equals("green"));
    }

    @Test
    void whatHappenedWhileNobodyWatchedIsPutRightAtTheStart() throws Exception {
        world.settle(repo, world.configMap("a", "green"), world.configMap("b", "green"));
        world.patch(CONFIG_MAPS, "a", "data: {colour: red}", "kubectl-edit");
        world.cluster.delete(CONFIG_MAPS, world.namespace, "b", "");

        world.watch(repo);

        world.awaitCorrection(2);
        world.awaitMap("a", map -> colour(map).equals("green"));
        world.awaitMap("b", map -> colour(map).equals("green"));
    }

    @Test
    void whoHasLostTheLeaseWritesNothingAndTheNextOneDoes() throws Exception {
        world.settle(repo, world.configMap("a", "green"));
        CountDownLatch refused = new CountDownLatch(1);
        DriftController lost = world.watch(repo, world.cluster, () -> {
            refused.countDown();
            throw new IllegalStateException("this agent is not the leader any more");
        });

        ObjectNode changed = world.patch(CONFIG_MAPS, "a", "data: {colour: red}", "kubectl-edit");
        assertThat(refused.await(10, TimeUnit.SECONDS)).isTrue();
        lost.close();
        assertThat(world.get(CONFIG_MAPS, "a").orElseThrow()).isEqualTo(changed);

        world.watch(repo);
        world.awaitCorrection(1);
        world.awaitMap("a", map -> colour(map).equals("green"));
    }

    @Test
    void whatWasPutRightBeforeAKillAndNotKeptIsOnlyKept() throws Exception {
        world.settle(repo, world.configMap("a", "green"));
        world.cluster.delete(CONFIG_MAPS, world.namespace, "a", "");
        ObjectNode made = world.cluster.apply(
                CONFIG_MAPS, labelled(world.configMap("a", "green"), repo), ApplyOptions.of("orkestra-agent"));

        world.watch(repo);

        assertThat(world.get(CONFIG_MAPS, "a").orElseThrow()).isEqualTo(made);
        assertThat(world.corrections()).isEmpty();
        assertThat(world.present()).isEmpty();
        assertThat(world.kept(repo).inventory().get(ObjectKey.of(made)))
                .map(InventoryEntry::uid)
                .contains(made.path("metadata").path("uid").asText());
    }

    @Test
    void duringARunNothingIsPutRight() {
        Environment environment = world.settle(repo, world.configMap("a", "green"), world.configMap("b", "green"));
        DriftController drift = world.watch(repo);
        drift.runChanges(repo.label());

        ObjectNode changed = world.patch(CONFIG_MAPS, "a", "data: {colour: red}", "kubectl-edit");
        world.awaitMap("a", map -> colour(map).equals("red"));
        drift.settled(
                repo,
                new Environment(
                        environment.ledger().unsettled(),
                        environment.inventory(),
                        environment.states(),
                        environment.version()));
        assertThat(world.get(CONFIG_MAPS, "a").orElseThrow()).isEqualTo(changed);
        assertThat(world.corrections()).isEmpty();

        drift.settled(repo, environment);
        assertThat(world.awaitCorrection(1).object().name()).isEqualTo("a");
    }

    @Test
    void anObjectThatAnotherConfigRepoHasTakenIsLeftToIt() {
        world.settle(repo, world.configMap("a", "green"));
        world.watch(repo);

        ObjectNode taken = world.patch(
                CONFIG_MAPS, "a", "metadata: {labels: {orkestra.dev/config-repo: other.production}}", "kubectl-edit");
        List<Drift> present = world.awaitPresent(drifts -> !drifts.isEmpty());

        assertThat(present).singleElement().satisfies(drift -> {
            assertThat(drift.reason()).isEqualTo(Drift.Reason.Replaced);
            assertThat(drift.message()).contains("other/production");
        });
        assertThat(world.get(CONFIG_MAPS, "a").orElseThrow()).isEqualTo(taken);
    }

    @Test
    void whereWatchingIsForbiddenItIsSaidAndLookedAtSlowly() {
        world.settle(repo, world.configMap("a", "green"));
        world.allow("get,list,create,patch");
        world.patch(CONFIG_MAPS, "a", "data: {colour: red}", "kubectl-edit");

        DriftController drift = world.watch(repo);
        world.awaitCorrection(1);
        world.awaitMap("a", map -> colour(map).equals("green"));
        // The watch is refused a moment after the first list; the next look of the schedule finds it so.
        drift.settled(repo, world.kept(repo));

        assertThat(world.awaitUnwatched(places -> !places.isEmpty()))
                .singleElement()
                .asString()
                .startsWith("ConfigMap in namespace " + world.namespace + ": ")
                .contains("cannot watch");
        assertThat(world.present()).isEmpty();
    }

    @Test
    void whatARefusalSaysIsTold() {
        world.settle(repo, world.configMap("a", "green"));
        world.allow("get,list,watch");
        world.patch(CONFIG_MAPS, "a", "data: {colour: red}", "kubectl-edit");

        world.watch(repo);

        assertThat(world.awaitPresent(drifts -> !drifts.isEmpty()))
                .singleElement()
                .satisfies(drift -> {
                    assertThat(drift.reason()).isEqualTo(Drift.Reason.Refused);
                    assertThat(drift.message()).contains("cannot be put right", "cannot patch resource");
                });
        world.allow("*");
        world.awaitCorrection(1);
    }

    @Test
    void whatTheConfigRepoIgnoresIsNoDrift() {
        ConfigRepo ignoring =
                world.repo("ignoreDifferences: [{kind: ConfigMap, name: a, jsonPointers: [/data/colour]}]");
        world.settle(ignoring, world.configMap("a", "green"), world.configMap("b", "green"));
        world.watch(ignoring);

        world.patch(CONFIG_MAPS, "a", "data: {colour: red}", "kubectl-edit");
        world.patch(CONFIG_MAPS, "b", "data: {colour: red}", "kubectl-edit");

        assertThat(world.awaitCorrection(1).object().name()).isEqualTo("b");
        assertThat(colour(world.get(CONFIG_MAPS, "a").orElseThrow())).isEqualTo("red");
        assertThat(world.corrections()).hasSize(1);
        assertThat(world.present()).isEmpty();
    }

    @Test
    void aRunListsFromTheCachesUntilItsFirstWriteAndNeverSecrets() {
        ObjectNode secret = DriftWorld.object("v1", "Secret", world.namespace, "s");
        secret.putObject("data").put("password", base64("p"));
        world.settle(repo, world.configMap("a", "green"), secret);
        DriftController drift = world.watch(repo);
        drift.runChanges(repo.label());
        Cluster cached = drift.cached(repo, world.cluster);
        String ours = ConfigRepo.LABEL + "=" + repo.label();
        long before = lists();

        assertThat(cached.list(CONFIG_MAPS, world.namespace, ours))
                .containsExactly(world.get(CONFIG_MAPS, "a").orElseThrow());
        assertThat(lists()).as("lists that the server was asked for").isEqualTo(before);
        assertThat(cached.list(SECRETS, world.namespace, ours)).isNotEmpty();
        assertThat(lists()).isEqualTo(before + 1);
        ObjectNode red = labelled(world.configMap("a", "red"), repo);
        cached.apply(CONFIG_MAPS, red, ApplyOptions.of("orkestra-agent").asDryRun());
        cached.list(CONFIG_MAPS, world.namespace, ours);
        assertThat(lists()).as("a dry-run is no write").isEqualTo(before + 1);

        cached.apply(CONFIG_MAPS, red, ApplyOptions.of("orkestra-agent"));

        assertThat(cached.list(CONFIG_MAPS, world.namespace, ours))
                .singleElement()
                .returns("red", DriftWorld::colour);
        assertThat(lists()).isEqualTo(before + 2);
    }

    private long lists() {
        return world.cluster.requestCounts().entrySet().stream()
                .filter(each -> each.getKey().verb() == Verb.LIST)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static ObjectNode labelled(ObjectNode body, ConfigRepo repo) {
        body.withObject("/metadata").withObject("labels").put(ConfigRepo.LABEL, repo.label());
        return body;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
