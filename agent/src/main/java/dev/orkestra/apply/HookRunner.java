package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Hook;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.HealthStatus;
import dev.orkestra.plan.HookEntry;
import dev.orkestra.plan.Inventory;
import dev.orkestra.run.HookInstance;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes and removes the instances of hooks under the environment's identity. What is known of them is in the inventory:
 * each method takes one and gives the one that is to be kept. Each may be repeated after a crash.
 */
final class HookRunner {
    private static final Logger LOG = LoggerFactory.getLogger(HookRunner.class);
    private static final Comparator<HookEntry> IN_ORDER =
            Comparator.comparing(HookEntry::wave).thenComparing(HookEntry::instance);

    /** How many runs of a hook are looked at afterwards; instances of older ones go after the next good run. */
    private static final int KEPT_RUNS = 3;

    private final Cluster cluster;
    private final String label;
    private final InstantSource clock;

    HookRunner(Cluster cluster, ConfigRepo repo, InstantSource clock) {
        this.cluster = cluster;
        this.label = repo.label();
        this.clock = clock;
    }

    /** What became of hooks that were to be started. */
    record Started(Inventory inventory, Map<ObjectKey, ClusterException> failures) {}

    /** Those of {@code hooks} whose work is still to be done, or under way. */
    static List<HookInstance> pending(Inventory inventory, List<HookInstance> hooks) {
        return hooks.stream()
                .filter(each ->
                        inventory.hook(each.key()).filter(HookEntry::succeeded).isEmpty())
                .toList();
    }

    /** Puts in an entry for each that has none, before it is created. */
    static Inventory intend(Inventory inventory, List<HookInstance> hooks) {
        return inventory.withHooks(hooks.stream()
                .filter(each -> inventory.hook(each.key()).isEmpty())
                .map(HookInstance::intended)
                .toList());
    }

    /**
     * An attempt begins after another one of the same run: what succeeded is not done again, what runs goes on, and what
     * failed is removed to be done anew under the same name. What is gone unseen stays as it is: it may be done.
     *
     * @param kept told what is to be made anew before anything is removed, or a crash in between would leave it as gone
     */
    Inventory newAttempt(Inventory inventory, int run, Instant deadline, Consumer<Inventory> kept)
            throws InterruptedException {
        List<HookEntry> open = select(inventory, each -> each.run() == run && !each.succeeded());
        Map<ObjectKey, ObjectNode> live = live(open);
        List<HookEntry> changed = new ArrayList<>();
        List<HookEntry> failed = new ArrayList<>();
        for (HookEntry entry : open) {
            ObjectNode there = live.get(entry.instance());
            if (there == null) {
                continue;
            }
            HookEntry made = entry.made(uid(there));
            switch (HookHealth.of(there).state()) {
                case CURRENT -> changed.add(made.done());
                case FAILED -> failed.add(made);
                case TERMINATING -> {
                    // Ours, when a crash came after it was noted; else somebody else's, and it may be done.
                    if (entry.uid().isEmpty()) {
                        failed.add(made);
                    }
                }
                case IN_PROGRESS, NOT_FOUND, GONE -> {}
            }
        }
        Inventory noted = inventory.withHooks(changed);
        if (failed.isEmpty()) {
            return noted;
        }
        noted = noted.withHooks(failed.stream().map(entry -> entry.made("")).toList());
        kept.accept(noted);
        Set<ObjectKey> gone = remove(failed, deadline).gone();
        return noted.withHooks(failed.stream()
                .filter(entry -> !gone.contains(entry.instance()))
                .toList());
    }

    /** Why the API server would not take {@code each}; empty when it would, or when that cannot be asked yet. */
    Optional<ClusterException> refusal(HookInstance each) {
        try {
            ResourceType type =
                    cluster.resourceType(each.hook().apiVersion(), each.key().kind());
            cluster.apply(
                    type, each.object().body(), ApplyOptions.of(Labels.MANAGER).asDryRun());
            return Optional.empty();
        } catch (ClusterException e) {
            return switch (e.reason()) {
                case INVALID, FORBIDDEN, NOT_FOUND -> Optional.of(e);
                case MISSING_KIND, ALREADY_EXISTS, FIELD_CONFLICT -> Optional.empty();
                case STALE, UNAUTHENTICATED, EXPIRED, UNAVAILABLE, STILL_THERE, UNREACHABLE -> throw e;
            };
        }
    }

    /**
     * Creates those of {@code hooks}, all of one wave, that this run has not created yet. Instances of earlier runs go
     * first: where the hook says so, and whatever it says while they are at work, as two must never be.
     */
    Started start(Inventory inventory, List<HookInstance> hooks, Instant deadline) throws InterruptedException {
        List<HookInstance> missing = pending(inventory, hooks).stream()
                .filter(each -> inventory
                        .hook(each.key())
                        .filter(entry -> !entry.uid().isEmpty())
                        .isEmpty())
                .toList();
        Map<ObjectKey, ClusterException> failures = new ConcurrentSkipListMap<>();
        List<HookEntry> earlier = earlier(inventory, missing);
        Remover.Result removed = remove(earlier, deadline);
        for (HookInstance each : missing) {
            earlier.stream()
                    .filter(entry -> entry.hook().equals(each.hook().key()))
                    .filter(entry -> removed.left().containsKey(entry.instance()))
                    .findFirst()
                    .ifPresent(entry -> failures.put(
                            each.key(),
                            removed.hindrance(
                                    entry.instance(),
                                    "the instance of an earlier run, " + entry.instance() + ", is not gone")));
        }
        Map<ObjectKey, HookEntry> made = new ConcurrentSkipListMap<>();
        if (failures.isEmpty()) {
            Parallel.forEach(missing, each -> create(each, made, failures));
        }
        return new Started(inventory.withoutHooks(removed.gone()).withHooks(made.values()), new TreeMap<>(failures));
    }

    /** Instances of earlier runs that have to be gone before {@code hooks} are made. */
    private List<HookEntry> earlier(Inventory inventory, List<HookInstance> hooks) {
        Map<ObjectKey, HookInstance> next =
                hooks.stream().collect(Collectors.toMap(each -> each.hook().key(), each -> each, (one, _) -> one));
        List<HookEntry> before = select(inventory, entry -> {
            HookInstance each = next.get(entry.hook());
            return each != null && each.run() != entry.run();
        });
        Map<ObjectKey, ObjectNode> atWork = atWork(before);
        return before.stream()
                .filter(entry -> atWork.containsKey(entry.instance())
                        || Objects.requireNonNull(next.get(entry.hook()))
                                .hook()
                                .removed()
                                .contains(Hook.Removal.BEFORE_NEXT))
                .toList();
    }

    /** Those that have not ended. */
    private Map<ObjectKey, ObjectNode> atWork(List<HookEntry> entries) {
        Map<ObjectKey, ObjectNode> live = new TreeMap<>(
                live(entries.stream().filter(entry -> !entry.succeeded()).toList()));
        live.values().removeIf(there -> {
            HealthStatus.State state = HookHealth.of(there).state();
            return state != HealthStatus.State.IN_PROGRESS && state != HealthStatus.State.TERMINATING;
        });
        return live;
    }

    /**
     * What became of hooks that were to be stopped.
     *
     * @param gone instances that were stopped
     * @param left those that are still at work, with the reason
     */
    record Stopped(Inventory inventory, Set<ObjectKey> gone, Map<ObjectKey, String> left) {}

    /** Stops what {@code run} has begun on its way and what has not ended, and waits until its pods are gone. */
    Stopped stop(Inventory inventory, int run, Instant deadline) throws InterruptedException {
        return stop(inventory, entry -> entry.run() == run && entry.wave().phase() != Wave.Phase.SYNC_FAIL, deadline);
    }

    /** Stops what other runs than {@code run} have left at work, whatever it is for, as a run must be alone. */
    Stopped stopOthers(Inventory inventory, int run, Instant deadline) throws InterruptedException {
        return stop(inventory, entry -> entry.run() != run, deadline);
    }

    private Stopped stop(Inventory inventory, Predicate<HookEntry> which, Instant deadline)
            throws InterruptedException {
        List<HookEntry> open = select(inventory, which.and(entry -> !entry.succeeded()));
        Map<ObjectKey, ObjectNode> atWork = atWork(open);
        Remover.Result removed = remove(
                open.stream()
                        .filter(entry -> atWork.containsKey(entry.instance()))
                        .map(entry -> entry.made(uid(Objects.requireNonNull(atWork.get(entry.instance())))))
                        .toList(),
                deadline);
        return new Stopped(inventory.withoutHooks(removed.gone()), removed.gone(), removed.left());
    }

    private void create(HookInstance each, Map<ObjectKey, HookEntry> made, Map<ObjectKey, ClusterException> failures) {
        if (!failures.isEmpty()) {
            return;
        }
        try {
            ObjectKey key = each.key();
            ResourceType type = cluster.resourceType(each.hook().apiVersion(), key.kind());
            ObjectNode live = createOrFind(each, type);
            made.put(key, each.intended().made(uid(live)));
        } catch (ClusterException e) {
            failures.put(each.key(), e);
        }
    }

    /** A crash may have come between its creation and our note of it. */
    private ObjectNode createOrFind(HookInstance each, ResourceType type) {
        try {
            return cluster.create(type, each.object().body(), Labels.MANAGER);
        } catch (ClusterException e) {
            if (e.reason() != ClusterException.Reason.ALREADY_EXISTS) {
                throw e;
            }
            return cluster.get(type, each.key().namespace(), each.key().name())
                    .filter(live -> isOf(each.run(), live))
                    .orElseThrow(() -> e);
        }
    }

    /** Notes that {@code hooks} have done their work, and lets those go that are not to stay after it. */
    static Inventory succeeded(Inventory inventory, List<HookInstance> hooks) {
        return inventory.withHooks(hooks.stream()
                .flatMap(each -> inventory.hook(each.key()).stream())
                .filter(entry -> !entry.succeeded())
                .map(HookEntry::done)
                .toList());
    }

    /** Asks for the removal of instances; one that cannot be asked for now is asked for after the next good run. */
    void letGo(Inventory inventory, List<HookInstance> hooks, Hook.Removal when) {
        List<HookEntry> entries = hooks.stream()
                .filter(each -> each.hook().removed().contains(when))
                .flatMap(each -> inventory.hook(each.key()).stream())
                .filter(entry -> !entry.uid().isEmpty())
                .toList();
        for (HookEntry entry : entries) {
            try {
                ResourceType type = cluster.resourceType(
                        entry.apiVersion(), entry.instance().kind());
                cluster.delete(
                        type, entry.instance().namespace(), entry.instance().name(), entry.uid());
            } catch (ClusterException e) {
                LOG.atWarn()
                        .addKeyValue("hook", entry.instance())
                        .addKeyValue("reason", e.getMessage())
                        .log("a hook that has ended is not removed yet");
            }
        }
    }

    /** Those of {@code hooks} that the cluster says have failed. */
    List<HookInstance> failed(Inventory inventory, List<HookInstance> hooks) {
        List<HookEntry> made = pending(inventory, hooks).stream()
                .flatMap(each -> inventory.hook(each.key()).stream())
                .filter(entry -> !entry.uid().isEmpty())
                .toList();
        Map<ObjectKey, ObjectNode> live = live(made);
        return hooks.stream()
                .filter(each -> Optional.ofNullable(live.get(each.key()))
                        .filter(there -> HookHealth.of(there).state() == HealthStatus.State.FAILED)
                        .isPresent())
                .toList();
    }

    /**
     * After a good run: removes instances of earlier runs whose hook is no longer wanted, those that were to go when
     * they had succeeded, and those of older runs than the newest few; and forgets what is gone. It needs no budget:
     * nobody misses them.
     */
    Inventory tidy(Inventory inventory, DesiredState good, int run, Instant deadline) throws InterruptedException {
        if (inventory.hooks().isEmpty()) {
            return inventory;
        }
        Map<ObjectKey, Set<Hook.Removal>> wanted =
                good.hooks().stream().collect(Collectors.toMap(Hook::key, Hook::removed, (one, _) -> one));
        Predicate<HookEntry> goes = entry -> {
            Set<Hook.Removal> policy = wanted.get(entry.hook());
            return policy == null
                    ? entry.run() != run
                    : entry.succeeded() && policy.contains(Hook.Removal.SUCCEEDED) || isOld(inventory, entry);
        };
        try {
            List<HookEntry> staying = select(inventory, goes.negate());
            Map<ObjectKey, ObjectNode> live = live(staying);
            List<ObjectKey> gone = new ArrayList<>(staying.stream()
                    .map(HookEntry::instance)
                    .filter(key -> !live.containsKey(key))
                    .toList());
            gone.addAll(remove(select(inventory, goes), deadline).gone());
            return inventory.withoutHooks(gone);
        } catch (ClusterException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("hooks of earlier runs are not removed yet");
            return inventory;
        }
    }

    /** A policy may let each run leave one more behind. */
    private static boolean isOld(Inventory inventory, HookEntry entry) {
        return inventory.hooks().values().stream()
                        .filter(each -> each.hook().equals(entry.hook()) && each.run() > entry.run())
                        .map(HookEntry::run)
                        .distinct()
                        .count()
                >= KEPT_RUNS;
    }

    /** All instances, the last wave first, as the environment itself goes. */
    Remover.Result removeAll(Inventory inventory, Instant deadline) throws InterruptedException {
        return remove(select(inventory, _ -> true).reversed(), deadline);
    }

    /** One is gone when its pods are: a Job that is deleted at once leaves them at work. */
    private Remover.Result remove(List<HookEntry> entries, Instant deadline) throws InterruptedException {
        return entries.isEmpty()
                ? new Remover.Result(Set.of(), Map.of())
                : new Remover(cluster, label, clock, Cluster.Propagation.FOREGROUND)
                        .remove(entries.stream().map(HookEntry::toRemove).toList(), deadline);
    }

    /** What is there of {@code entries} and ours. */
    private Map<ObjectKey, ObjectNode> live(Collection<HookEntry> entries) {
        if (entries.isEmpty()) {
            return Map.of();
        }
        Map<ObjectKey, ObjectNode> live = new LiveObjects(cluster, label)
                .read(entries.stream()
                        .map(entry -> new LiveObjects.Wanted(entry.instance(), entry.apiVersion()))
                        .toList());
        for (HookEntry entry : entries) {
            live.computeIfPresent(entry.instance(), (_, there) -> isOf(entry, there) ? there : null);
        }
        return live;
    }

    private boolean isOf(HookEntry entry, ObjectNode live) {
        return isOf(entry.run(), live) && (entry.uid().isEmpty() || entry.uid().equals(uid(live)));
    }

    private boolean isOf(int run, ObjectNode live) {
        var labels = live.path("metadata").path("labels");
        return labels.path(Labels.CONFIG_REPO).asText().equals(label)
                && labels.path(Labels.RUN).asText().equals(Integer.toString(run));
    }

    private static String uid(ObjectNode live) {
        return live.path("metadata").path("uid").asText();
    }

    private static List<HookEntry> select(Inventory inventory, Predicate<HookEntry> which) {
        return inventory.hooks().values().stream()
                .filter(which)
                .sorted(IN_ORDER)
                .toList();
    }
}
