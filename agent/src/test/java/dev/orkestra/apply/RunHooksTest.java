package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.plan.Inventory;
import dev.orkestra.run.Direction;
import dev.orkestra.run.HookInstance;
import dev.orkestra.run.LedgerView;
import dev.orkestra.run.PlanSummary;
import dev.orkestra.run.RunEvent;
import dev.orkestra.run.RunMachine;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is done about hooks between the verdict and the rollback. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class RunHooksTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(60);

    private final MemoryCluster cluster = new MemoryCluster();
    private final ConfigRepo repo = ApplyWorld.repo("config");
    private final Hook migrate = hook("migrate", Wave.Phase.SYNC);
    private final Hook tell = hook("tell", Wave.Phase.SYNC_FAIL);
    private final DesiredState desired = new DesiredState("c1", List.of(), List.of(migrate, tell), "sha256:d");
    private Inventory inventory = Inventory.EMPTY;

    private final RunHooks hooks = new RunHooks(
            new RunExecutor.Setup(
                    repo,
                    cluster,
                    new EnvironmentStore(cluster, "orkestra", repo),
                    _ -> new RunExecutor.Composition(Optional.of(desired), List.of()),
                    () -> NOW,
                    new Nobody(),
                    new Claims(),
                    _ -> {}),
            _ -> new HealthGate(new HealthGate.Setup(
                    LiveWatches.of(cluster),
                    repo.label(),
                    HealthRules.of(repo),
                    EarlyFailures.Limits.DEFAULT,
                    NOW,
                    () -> NOW)),
            new RunHooks.Kept() {
                @Override
                public Inventory inventory() {
                    return inventory;
                }

                @Override
                public void keep(Inventory changed) {
                    inventory = changed;
                }
            });

    private static final class Nobody implements Interruptions {
        @Override
        public boolean breakOff() {
            return false;
        }

        @Override
        public boolean hasNewer() {
            return false;
        }

        @Override
        public RunEvent awaitConsent() {
            throw new AssertionError("nothing needs approval here");
        }

        @Override
        public RunEvent awaitUntil(Instant until) {
            throw new AssertionError("nothing waits here");
        }
    }

    private Hook hook(String name, Wave.Phase phase) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("apiVersion", "batch/v1");
        body.put("kind", "Job");
        body.putObject("metadata")
                .put("name", name)
                .put("namespace", "shop")
                .putObject("labels")
                .put(Labels.CONFIG_REPO, repo.label());
        return new Hook(
                new ObjectKey("batch", "Job", "shop", name),
                body,
                new Wave(0, phase, 0),
                Set.of(Hook.Removal.BEFORE_NEXT),
                false,
                Position.startOf("h.yaml"),
                "sha256:" + name);
    }

    private static RunState begun() {
        RunSpec spec = new RunSpec(
                "orkestra",
                "config",
                1,
                "c1",
                Trigger.SCHEDULE,
                NOW,
                new RunSpec.Limits(Duration.ofMinutes(1), Duration.ofMinutes(30), Duration.ZERO));
        return RunState.begin(spec, 1);
    }

    /** A run whose first wave is applied, after so much trouble in a row. */
    private RunState applying(int troubles) {
        RunState state = begun();
        List<RunEvent> events = List.of(
                new RunEvent.Composed(
                        NOW, "sha256:d", desired.waves(), 1, new LedgerView(null, Set.of(), "", false), List.of()),
                new RunEvent.StateStored(NOW),
                new RunEvent.Planned(NOW, new PlanSummary("sha256:p", 1, 0, 0, 0, 0), List.of()),
                new RunEvent.IntentStored(NOW));
        for (RunEvent event : events) {
            state = RunMachine.next(state, event);
        }
        for (int i = 0; i < troubles; i++) {
            Diagnostic trouble = Diagnostic.error(ErrorCode.ClusterUnreachable, "no", null, "");
            state = RunMachine.next(state, new RunEvent.Troubled(NOW, trouble));
            state = RunMachine.next(state, new RunEvent.Waited(NOW));
        }
        return state;
    }

    private HookInstance of(Hook hook, RunState state) {
        return HookInstance.of(hook, state.spec(), "c1", Direction.FORWARD);
    }

    private static void ends(ObjectNode live) {
        live.withObject("/status")
                .withArray("conditions")
                .addObject()
                .put("type", "Complete")
                .put("status", "True");
    }

    @Test
    void aMomentOfTroubleDoesNotSkipTheHooksForFailure() throws Exception {
        RunState state = applying(0);
        cluster.refusesToCreate = Optional.of(ClusterException.Reason.UNAVAILABLE);

        assertThatExceptionOfType(ClusterException.class)
                .as("the step is done again")
                .isThrownBy(() -> hooks.afterFailure(desired, state, LATER));

        cluster.refusesToCreate = Optional.empty();
        cluster.made = RunHooksTest::ends;
        assertThat(hooks.afterFailure(desired, state, LATER)).isEmpty();
        assertThat(cluster.created).containsExactly(of(tell, state).key().name());
    }

    @Test
    void troubleThatStaysDoesNotHoldTheRollbackForEver() throws Exception {
        cluster.refusesToCreate = Optional.of(ClusterException.Reason.UNAVAILABLE);

        assertThat(hooks.afterFailure(desired, applying(8), LATER))
                .singleElement()
                .asString()
                .contains("/tell-", "not now");
        assertThat(hooks.afterFailure(desired, applying(0), NOW))
                .as("the time is over")
                .hasSize(1);
    }

    @Test
    void whatIsStillAtWorkIsStoppedBeforeTheHooksForFailureBegin() throws Exception {
        RunState state = applying(0);
        HookInstance slow = of(migrate, state);
        hooks.start(inventory, List.of(slow), LATER);
        inventory = HookRunner.intend(inventory, List.of(slow));
        cluster.made = RunHooksTest::ends;

        List<Diagnostic> warnings = hooks.afterFailure(desired, state, LATER);

        assertThat(warnings).singleElement().asString().contains("/migrate-", "was stopped");
        assertThat(cluster.objects).containsOnlyKeys(of(tell, state).key());
    }

    private HookInstance leftAtWork(int run) throws InterruptedException {
        RunState first = applying(0);
        RunSpec spec = first.spec();
        HookInstance other = HookInstance.of(
                hook("other", Wave.Phase.PRE_SYNC),
                new RunSpec("orkestra", "config", run, "c0", Trigger.SCHEDULE, NOW, spec.limits()),
                "c0",
                Direction.FORWARD);
        inventory = hooks.start(inventory, List.of(other), LATER).inventory();
        return other;
    }

    /** A newer commit has taken over while the older one's hook, which it does not want any more, is at work. */
    @Test
    void whatAnotherRunLeftAtWorkIsStoppedBeforeTheFirstWaveWhateverItsName() throws Exception {
        HookInstance other = leftAtWork(7);
        RunState planned = begun();

        Inventory intended = hooks.intended(inventory, desired, planned, LATER);

        assertThat(cluster.objects).doesNotContainKey(other.key());
        assertThat(cluster.deleted).containsExactly(other.key().name() + " FOREGROUND");
        assertThat(intended.hooks()).containsOnlyKeys(of(migrate, planned).key());
    }

    @Test
    void noWaveBeginsBesideAHookOfAnotherRunThatCannotBeStopped() throws Exception {
        HookInstance other = leftAtWork(7);
        cluster.held.add(other.key().name());

        assertThatExceptionOfType(ClusterException.class)
                .isThrownBy(() -> hooks.intended(inventory, desired, begun(), NOW))
                .withMessageContaining("still at work")
                .withMessageContaining("/other-");
    }

    @Test
    void aRunWhoseOnlyWorkAreHooksWaitsForApprovalWhereEachChangeNeedsIt() {
        ConfigRepo.Policies any = ConfigRepo.Policies.DEFAULT;
        ConfigRepo.Approval required = ConfigRepo.Approval.REQUIRED;
        ConfigRepo careful = ApplyWorld.repo(
                "config",
                new ConfigRepo.Policies(
                        any.healthRules(), any.ignored(), any.allow(), any.drift(), required, any.deletion()));

        RunEvent planned = new RunPlanning(cluster, careful).plan(desired, Inventory.EMPTY, NOW);

        assertThat(planned).isInstanceOfSatisfying(RunEvent.Planned.class, each -> {
            assertThat(each.plan().hooks()).isEqualTo(2);
            assertThat(each.caution().needsApproval()).isTrue();
        });
    }
}
