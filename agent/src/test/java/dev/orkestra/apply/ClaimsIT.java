package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.run.RunEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two environments that both want an object that was not there when each of them looked. */
class ClaimsIT {
    private static final int OBJECTS = 40;
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private final Claims claims = new Claims();
    private ApplyWorld world;
    private Side one;
    private Side two;

    @BeforeEach
    void connect() {
        world = new ApplyWorld("claims");
        one = new Side("one");
        two = new Side("two");
    }

    @AfterEach
    void removeEverything() {
        world.close();
    }

    @Test
    void attack28_whoAppliesANewObjectFirstKeepsIt() throws Exception {
        one.plan();
        two.plan();

        assertThat(one.apply(claims).foreign()).isEmpty();
        WaveApplier.Result late = two.apply(claims);

        assertThat(late.applied()).isEmpty();
        assertThat(late.failures()).isEmpty();
        assertThat(late.foreign().values()).isNotEmpty().allSatisfy(why -> {
            assertThat(why.code()).isEqualTo(ErrorCode.OwnedElsewhere);
            assertThat(why.message()).contains("belongs to the ConfigRepo one/shop");
        });
        assertThat(owners()).containsExactly("one.shop/one");
    }

    /** Whichever of the two comes first: label and content of each object are those of one side, which alone has it. */
    @Test
    void attack28_twoThatApplyAtTheSameTimeNeverShareAnObject() throws Exception {
        one.plan();
        two.plan();
        CyclicBarrier start = new CyclicBarrier(2);

        List<CompletableFuture<WaveApplier.Result>> both = Stream.of(one, two)
                .map(side -> CompletableFuture.supplyAsync(() -> side.applyAfter(start), THREADS))
                .toList();

        Set<ObjectKey> ofOne = keys(both.getFirst().get(60, TimeUnit.SECONDS));
        Set<ObjectKey> ofTwo = keys(both.getLast().get(60, TimeUnit.SECONDS));
        // One of them may have been faster everywhere.
        assertThat(ofOne).noneMatch(ofTwo::contains);
        assertThat(owners()).isSubsetOf("one.shop/one", "two.shop/two");
        live().forEach(object ->
                assertThat(ObjectKey.of(object)).isIn(owner(object).startsWith("one") ? ofOne : ofTwo));
    }

    /** As after a restart, with an object that was deferred, or in a rollback: nothing is known, so it is looked at. */
    @Test
    void attack28_whatIsLookedAtAgainIsRefusedAsInAPlan() throws Exception {
        one.plan();
        one.apply(claims);

        WaveApplier.Result late = two.apply(new Claims());

        assertThat(late.applied()).isEmpty();
        assertThat(late.foreign()).hasSize(OBJECTS);
        assertThat(owners()).containsExactly("one.shop/one");
    }

    /** Once the other has removed it, it is free. */
    @Test
    void whatTheOtherHasGivenUpCanBeTaken() throws Exception {
        two.plan();
        one.plan();
        List<InventoryEntry> applied = one.apply(claims).applied();
        new Remover(world.cluster, one.repo.label(), InstantSource.system())
                .removeTogether(applied, Instant.now().plusSeconds(30));

        assertThat(two.apply(claims).applied()).hasSize(OBJECTS);
        assertThat(owners()).containsExactly("two.shop/two");
    }

    private static Set<ObjectKey> keys(WaveApplier.Result result) {
        return result.applied().stream().map(InventoryEntry::key).collect(Collectors.toSet());
    }

    private List<ObjectNode> live() {
        return world.cluster.list(world.type("v1", "ConfigMap"), world.namespace, Labels.CONFIG_REPO);
    }

    private Set<String> owners() {
        return live().stream().map(ClaimsIT::owner).collect(Collectors.toSet());
    }

    private static String owner(ObjectNode object) {
        return object.path("metadata").path("labels").path(Labels.CONFIG_REPO).asText() + "/"
                + object.path("data").path("of").asText();
    }

    private final class Side {
        final ConfigRepo repo;
        private final DesiredState desired;
        private final RunPlanning planning;

        Side(String name) {
            repo = ApplyWorld.repo(name);
            desired = Assembler.state(
                    "c1",
                    IntStream.range(0, OBJECTS)
                            .mapToObj(i -> world.object("ConfigMap", "new-" + i, ", 'data': {'of': '" + name + "'}"))
                            .map(body -> {
                                body.withObject("/metadata/labels").put(Labels.CONFIG_REPO, repo.label());
                                return ApplyWorld.desired(body);
                            })
                            .toList());
            planning = new RunPlanning(world.cluster, repo);
        }

        void plan() {
            assertThat(planning.plan(desired, Inventory.EMPTY, Instant.EPOCH)).isInstanceOf(RunEvent.Planned.class);
        }

        WaveApplier.Result apply(Claims known) throws InterruptedException {
            return new WaveApplier(
                            world.cluster,
                            repo,
                            ApplyWorld.gate(world.cluster, repo.label()),
                            known,
                            InstantSource.system())
                    .apply(
                            planning.changed(desired, desired.objects(), Inventory.EMPTY),
                            Instant.now().plusSeconds(30),
                            () -> false);
        }

        WaveApplier.Result applyAfter(CyclicBarrier start) {
            try {
                start.await(30, TimeUnit.SECONDS);
                return apply(claims);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
