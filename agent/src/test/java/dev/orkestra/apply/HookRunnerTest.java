package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Hook;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.EarlyFailures;
import dev.orkestra.health.HealthRules;
import dev.orkestra.health.HealthStatus;
import dev.orkestra.outcome.Position;
import dev.orkestra.plan.HookEntry;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.run.Direction;
import dev.orkestra.run.Evidence;
import dev.orkestra.run.HookInstance;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Instances of hooks from run to run, and what is done about those that have not ended, or are gone. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HookRunnerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(60);

    private final MemoryCluster cluster = new MemoryCluster();
    private final ConfigRepo repo = ApplyWorld.repo("config");
    private final HookRunner runner = new HookRunner(cluster, repo, () -> NOW);

    private Hook hook(String name, Wave.Phase phase, Hook.Removal... removed) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("apiVersion", "batch/v1");
        body.put("kind", "Job");
        body.putObject("metadata")
                .put("name", name)
                .put("namespace", "shop")
                .putObject("labels")
                .put(Labels.CONFIG_REPO, repo.label());
        ObjectKey key = new ObjectKey("batch", "Job", "shop", name);
        return new Hook(
                key, body, new Wave(0, phase, 0), Set.of(removed), false, Position.startOf("h.yaml"), "sha256:h");
    }

    private HookInstance of(Hook hook, int run) {
        RunSpec spec = new RunSpec(
                "orkestra",
                "config",
                run,
                "c" + run,
                Trigger.SCHEDULE,
                NOW,
                new RunSpec.Limits(Duration.ofMinutes(1), Duration.ofMinutes(30), Duration.ZERO));
        return HookInstance.of(hook, spec, "c" + run, Direction.FORWARD);
    }

    private Inventory started(Inventory inventory, HookInstance... hooks) throws InterruptedException {
        HookRunner.Started started = runner.start(HookRunner.intend(inventory, List.of(hooks)), List.of(hooks), LATER);
        assertThat(started.failures()).isEmpty();
        return started.inventory();
    }

    private void ends(HookInstance each, String condition) {
        Objects.requireNonNull(cluster.objects.get(each.key()))
                .withObject("/status")
                .withArray("conditions")
                .addObject()
                .put("type", condition)
                .put("status", "True");
    }

    private HealthGate gate() {
        return new HealthGate(new HealthGate.Setup(
                LiveWatches.of(cluster),
                repo.label(),
                HealthRules.of(repo),
                EarlyFailures.Limits.DEFAULT,
                NOW,
                () -> NOW));
    }

    @Test
    void aHookThatIsGoneUnseenEndsTheWaitAtOnceAndBlamesNobody() throws Exception {
        HookInstance migrate = of(hook("migrate", Wave.Phase.PRE_SYNC), 1);
        started(Inventory.EMPTY, migrate);
        cluster.objects.clear();

        // The clock stands still: without an answer of its own this would wait for ever.
        HealthGate.Result result = gate().await(List.of(migrate.object()), LATER, () -> false, _ -> {});

        assertThat(result).isInstanceOfSatisfying(HealthGate.Result.Failed.class, failed -> {
            HealthStatus status = Objects.requireNonNull(failed.forGood().get(migrate.key()));
            assertThat(status.message()).contains("nobody has seen how it ended", "not made again");
            assertThat(Evidences.kind(status, Evidence.Kind.DEADLINE)).isEqualTo(Evidence.Kind.GONE);
        });
    }

    @Test
    void whatIsGoneUnseenIsNotMadeASecondTimeInTheSameRun() throws Exception {
        HookInstance migrate = of(hook("migrate", Wave.Phase.PRE_SYNC), 1);
        Inventory inventory = started(Inventory.EMPTY, migrate);
        cluster.objects.clear();

        inventory = runner.newAttempt(inventory, 1, LATER, _ -> {});
        started(inventory, migrate);

        assertThat(cluster.created).hasSize(1);
    }

    @Test
    void whatFailedIsMadeAnewAlsoWhenTheAgentIsKilledAfterItsRemoval() throws Exception {
        HookInstance migrate = of(hook("migrate", Wave.Phase.PRE_SYNC), 1);
        Inventory inventory = started(Inventory.EMPTY, migrate);
        ends(migrate, "Failed");
        List<Inventory> kept = new ArrayList<>();

        runner.newAttempt(inventory, 1, LATER, kept::add);
        assertThat(cluster.objects).isEmpty();
        // What was returned is lost: only what was kept before is known.
        inventory = runner.newAttempt(kept.getLast(), 1, LATER, kept::add);
        started(inventory, migrate);

        assertThat(cluster.created).hasSize(2);
    }

    @Test
    void aHookThatIsStillAtWorkIsStoppedWithItsPodsAndWhatEndedIsLeft() throws Exception {
        HookInstance migrate = of(hook("migrate", Wave.Phase.PRE_SYNC), 2);
        HookInstance ended = of(hook("ended", Wave.Phase.PRE_SYNC), 2);
        HookInstance tell = of(hook("tell", Wave.Phase.SYNC_FAIL), 2);
        HookInstance older = of(hook("other", Wave.Phase.PRE_SYNC), 1);
        Inventory inventory = started(Inventory.EMPTY, older);
        inventory = started(inventory, migrate, ended, tell);
        ends(ended, "Failed");
        // A crash came before the uid was kept.
        inventory = inventory.withHooks(List.of(migrate.intended()));

        HookRunner.Stopped stopped = runner.stop(inventory, 2, LATER);

        assertThat(stopped.gone()).containsExactly(migrate.key());
        assertThat(cluster.deleted).containsExactly(migrate.key().name() + " FOREGROUND");
        assertThat(cluster.objects).containsOnlyKeys(ended.key(), tell.key(), older.key());
        assertThat(stopped.inventory().hooks()).containsOnlyKeys(ended.key(), tell.key(), older.key());
    }

    @Test
    void whatCannotBeStoppedIsNamedWithWhatHoldsIt() throws Exception {
        HookInstance migrate = of(hook("migrate", Wave.Phase.PRE_SYNC), 1);
        Inventory inventory = started(Inventory.EMPTY, migrate);
        cluster.held.add(migrate.key().name());

        HookRunner.Stopped stopped = runner.stop(inventory, 1, NOW);

        assertThat(stopped.gone()).isEmpty();
        assertThat(stopped.left().get(migrate.key())).contains("still there at the deadline");
        assertThat(stopped.inventory().hook(migrate.key())).isPresent();
    }

    @Test
    void noInstanceIsMadeBesideOneThatIsStillAtWorkWhateverItsPolicy() throws Exception {
        Hook hook = hook("migrate", Wave.Phase.PRE_SYNC, Hook.Removal.SUCCEEDED);
        HookInstance first = of(hook, 1);
        HookInstance second = of(hook, 2);
        Inventory inventory = started(Inventory.EMPTY, first);
        cluster.held.add(first.key().name());

        HookRunner.Started refused = runner.start(HookRunner.intend(inventory, List.of(second)), List.of(second), NOW);
        assertThat(refused.failures().get(second.key()))
                .isNotNull()
                .matches(failure -> failure.reason() == ClusterException.Reason.STILL_THERE)
                .hasMessageContaining("is not gone");
        assertThat(cluster.created).containsExactly(first.key().name());

        cluster.held.clear();
        started(refused.inventory(), second);
        assertThat(cluster.objects).containsOnlyKeys(second.key());
    }

    @Test
    void whatHasEndedStaysBesideTheNextWhereThePolicySaysSo() throws Exception {
        Hook hook = hook("migrate", Wave.Phase.PRE_SYNC, Hook.Removal.SUCCEEDED);
        HookInstance first = of(hook, 1);
        HookInstance second = of(hook, 2);
        Inventory inventory = started(Inventory.EMPTY, first);
        ends(first, "Failed");

        inventory = started(inventory, second);

        assertThat(cluster.objects).containsOnlyKeys(first.key(), second.key());
        assertThat(inventory.hooks().values()).extracting(HookEntry::run).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void ofAHookThatNobodyRemovesTheNewestThreeRunsAreKept() throws Exception {
        Hook hook = hook("migrate", Wave.Phase.PRE_SYNC, Hook.Removal.FAILED);
        Hook other = hook("other", Wave.Phase.PRE_SYNC, Hook.Removal.FAILED);
        DesiredState good = new DesiredState("c", List.of(), List.of(hook, other), "sha256:d");
        Inventory inventory = started(Inventory.EMPTY, of(other, 1));
        ends(of(other, 1), "Complete");
        for (int run = 1; run <= 5; run++) {
            HookInstance each = of(hook, run);
            inventory = started(inventory, each);
            ends(each, "Complete");
            inventory = HookRunner.succeeded(inventory, List.of(each));
            inventory = runner.tidy(inventory, good, run, LATER);
        }

        assertThat(cluster.objects)
                .containsOnlyKeys(
                        of(hook, 3).key(),
                        of(hook, 4).key(),
                        of(hook, 5).key(),
                        of(other, 1).key());
        assertThat(inventory.hooks()).containsOnlyKeys(cluster.objects.keySet());
    }

    @Test
    void aTeardownRemovesHooksFirstAndForgetsThem() throws Exception {
        HookInstance migrate = of(hook("migrate", Wave.Phase.PRE_SYNC), 1);
        HookInstance smoke = of(hook("smoke", Wave.Phase.POST_SYNC), 1);
        Inventory inventory = started(Inventory.EMPTY, migrate, smoke);
        EnvironmentStore store = new EnvironmentStore(cluster, "orkestra", repo);
        store.save(store.load().with(inventory));
        cluster.held.add(migrate.key().name());
        Teardown teardown = new Teardown(cluster, repo, store, new LastMoment());

        Teardown.Result stuck = teardown.remove();
        assertThat(stuck.left()).containsOnlyKeys(migrate.key());
        assertThat(new EnvironmentStore(cluster, "orkestra", repo)
                        .load()
                        .inventory()
                        .hooks())
                .containsOnlyKeys(migrate.key());

        cluster.held.clear();
        assertThat(teardown.remove().isComplete()).isTrue();
        assertThat(cluster.objects).doesNotContainKeys(migrate.key(), smoke.key());
        assertThat(new EnvironmentStore(cluster, "orkestra", repo)
                        .load()
                        .inventory()
                        .hooks())
                .isEmpty();
    }

    @Test
    void aTeardownLeavesWhatTheConfigRepoMayNotHoldAnyMore() throws Exception {
        ConfigRepo.Policies any = ConfigRepo.Policies.DEFAULT;
        ConfigRepo.Allow secrets = new ConfigRepo.Allow(List.of(new ConfigRepo.AllowedKind("", "Secret")), List.of());
        ConfigRepo fenced = ApplyWorld.repo(
                "config",
                new ConfigRepo.Policies(
                        any.healthRules(), any.ignored(), secrets, any.drift(), any.approval(), any.deletion()));
        ObjectKey map = new ObjectKey("", "ConfigMap", "shop", "app");
        ObjectKey secret = new ObjectKey("", "Secret", "shop", "app");
        Inventory inventory = Inventory.EMPTY.with(List.of(applied(map), applied(secret)));
        EnvironmentStore store = new EnvironmentStore(cluster, "orkestra", fenced);
        store.save(store.load().with(inventory));

        Teardown.Result result = new Teardown(cluster, fenced, store, new LastMoment()).remove();

        assertThat(result.kept()).containsExactly(map);
        assertThat(cluster.objects).containsKey(map).doesNotContainKey(secret);
    }

    @Test
    void aTeardownNamesWhatStandsInTheInventoryAndIsNotItsOwn() throws Exception {
        ObjectKey ours = new ObjectKey("", "ConfigMap", "shop", "ours");
        ObjectKey theirs = new ObjectKey("", "Secret", "shop", "theirs");
        Inventory inventory = Inventory.EMPTY.with(List.of(applied(ours), applied(theirs)));
        Objects.requireNonNull(cluster.objects.get(theirs))
                .withObject("/metadata/labels")
                .put(Labels.CONFIG_REPO, "orkestra.another");
        EnvironmentStore store = new EnvironmentStore(cluster, "orkestra", repo);
        store.save(store.load().with(inventory));
        Teardown teardown = new Teardown(cluster, repo, store, new LastMoment());
        cluster.held.add("ours");

        assertThat(teardown.remove().isComplete()).isFalse();
        cluster.held.clear();
        Teardown.Result result = teardown.remove();

        assertThat(result.isComplete()).isTrue();
        assertThat(result.kept()).containsExactly(theirs);
        assertThat(cluster.objects).containsKey(theirs).doesNotContainKey(ours);
    }

    private InventoryEntry applied(ObjectKey key) {
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("apiVersion", "v1");
        object.put("kind", key.kind());
        object.putObject("metadata")
                .put("name", key.name())
                .put("namespace", key.namespace())
                .putObject("labels")
                .put(Labels.CONFIG_REPO, repo.label());
        ObjectNode live = cluster.create(cluster.resourceType("v1", key.kind()), object, Labels.MANAGER);
        String uid = live.path("metadata").path("uid").asText();
        return new InventoryEntry(key, "v1", Wave.sync(0, 0), "sha256:a", "sha256:b", uid);
    }

    /** Each look is an hour later than the one before, so that every deadline passes at once. */
    private static final class LastMoment implements InstantSource {
        private Instant now = NOW;

        @Override
        public Instant instant() {
            now = now.plusSeconds(3600);
            return now;
        }
    }
}
