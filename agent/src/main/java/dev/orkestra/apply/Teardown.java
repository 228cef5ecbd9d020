package dev.orkestra.apply;

import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.desired.AllowRules;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.run.PruneDecision;
import dev.orkestra.run.PruneRules;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Takes a whole environment away, hooks first and then the last wave first, for {@code deletionPolicy: delete}. Done in
 * steps that can each be repeated: what is gone leaves the inventory, and the ledger goes last.
 */
public final class Teardown {
    private final Cluster cluster;
    private final ConfigRepo repo;
    private final EnvironmentStore store;
    private final InstantSource clock;

    /** @param cluster seen with the environment's identity */
    public Teardown(Cluster cluster, ConfigRepo repo, EnvironmentStore store, InstantSource clock) {
        this.cluster = cluster;
        this.repo = repo;
        this.store = store;
        this.clock = clock;
    }

    /**
     * What became of the environment.
     *
     * @param removed how many objects are gone
     * @param left what is still there, and why; while there is any, nothing is forgotten
     * @param kept what stays on purpose, and what stands in the inventory but is not this ConfigRepo's
     */
    public record Result(int removed, Map<ObjectKey, String> left, List<ObjectKey> kept) {
        /** Whether nothing more is to be done. */
        public boolean isComplete() {
            return left.isEmpty();
        }
    }

    /** How many objects the inventory still counts. */
    public int objects() {
        return store.load().inventory().size();
    }

    /** Removes what may be removed, and waits for it as long as a wave may take. */
    public Result remove() throws InterruptedException {
        Environment environment = store.load();
        Instant deadline = clock.instant().plus(repo.deadlines().wave());
        Remover.Result hooks = new HookRunner(cluster, repo, clock).removeAll(environment.inventory(), deadline);
        if (!hooks.gone().isEmpty()) {
            environment = store.save(environment.with(environment.inventory().withoutHooks(hooks.gone())));
        }
        if (!hooks.left().isEmpty()) {
            return new Result(0, hooks.left(), List.of());
        }
        return removeObjects(environment, deadline);
    }

    private Result removeObjects(Environment environment, Instant deadline) throws InterruptedException {
        Inventory inventory = environment.inventory();
        Removal.Seen seen = Removal.look(cluster, repo.label(), PruneRules.unwanted(inventory, Set.of()));
        PruneDecision decision = PruneRules.everything(inventory, seen.ours()).within(new AllowRules(repo));
        Remover.Result result = new Remover(cluster, repo.label(), clock).remove(decision.delete(), deadline);
        List<ObjectKey> gone = new ArrayList<>(result.gone());
        // What is somebody else's is named at the end, however many tries that takes.
        decision.forget().stream()
                .map(InventoryEntry::key)
                .filter(key -> !seen.foreign().containsKey(key))
                .forEach(gone::add);
        if (!gone.isEmpty()) {
            store.save(environment
                    .with(inventory.without(gone))
                    .with(environment.ledger().unsettled()));
        }
        return new Result(
                result.gone().size(),
                result.left(),
                Stream.concat(
                                decision.kept().stream()
                                        .map(kept -> kept.entry().key()),
                                seen.foreign().keySet().stream())
                        .toList());
    }

    /** Forgets the environment: ledger, inventory and states. */
    public void forget() {
        store.remove();
    }
}
