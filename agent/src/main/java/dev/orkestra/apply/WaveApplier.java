package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.RunPlanning.ToApply;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.plan.IgnoredFields;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.plan.OwnedFields;
import dev.orkestra.plan.Ownership;
import dev.orkestra.plan.Replacement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Applies the objects of one wave by server-side apply under the environment's identity: namespaces and CRDs first,
 * then the rest in parallel (DESIGN.md §4.8). Applying twice changes nothing, so a run may repeat it after a crash.
 */
final class WaveApplier {
    private static final int DEFINITION = 1;
    private static final int REST = 2;

    private final Cluster cluster;
    private final ConfigRepo repo;
    private final HealthGate gate;
    private final Claims claims;
    private final InstantSource clock;
    private Set<ObjectKey> wereReplaced = Set.of();

    /**
     * @param cluster seen with the environment's identity
     * @param gate waits for namespaces and CRDs before what needs them
     * @param claims of all environments of this process
     */
    WaveApplier(Cluster cluster, ConfigRepo repo, HealthGate gate, Claims claims, InstantSource clock) {
        this.cluster = cluster;
        this.repo = repo;
        this.gate = gate;
        this.claims = claims;
        this.clock = clock;
    }

    /**
     * On the way back: {@code keys} may have been replaced by the failed commit, which allowed it, and then come back in
     * no other way, whether the old state allowed it already or not.
     */
    WaveApplier afterReplacing(Set<ObjectKey> keys) {
        wereReplaced = keys;
        return this;
    }

    /**
     * What became of the objects of a wave.
     *
     * @param applied entries for the inventory, with digests and uids
     * @param failures why others were not applied
     * @param foreign what belongs to somebody else by now, and to whom; it was not touched
     * @param awaited what became of the namespaces and CRDs; where they are not healthy the rest was not begun
     */
    record Result(
            List<InventoryEntry> applied,
            Map<ObjectKey, ClusterException> failures,
            Map<ObjectKey, Diagnostic> foreign,
            HealthGate.Result awaited) {
        boolean isWhole() {
            return failures.isEmpty() && foreign.isEmpty() && awaited instanceof HealthGate.Result.Healthy;
        }
    }

    /** What is known so far. */
    private static final class Progress {
        final Map<ObjectKey, InventoryEntry> applied = new ConcurrentSkipListMap<>();
        final Map<ObjectKey, ClusterException> failures = new ConcurrentSkipListMap<>();

        final Map<ObjectKey, Diagnostic> foreign = new ConcurrentSkipListMap<>();

        HealthGate.Result awaited = new HealthGate.Result.Healthy();

        boolean isGood() {
            return failures.isEmpty() && foreign.isEmpty();
        }

        Result result() {
            return new Result(
                    new ArrayList<>(applied.values()), new TreeMap<>(failures), new TreeMap<>(foreign), awaited);
        }
    }

    /**
     * Applies {@code objects}, all of one wave. What no plan could ask about is asked first, all of it: a refusal there
     * stops the wave before anything of it is written, and so does an object that is somebody else's. A namespace or CRD that fails, or is not ready at
     * {@code deadline}, stops what comes behind it. After a failure
     * nothing new is begun.
     */
    Result apply(List<ToApply> objects, Instant deadline, BooleanSupplier cancelled) throws InterruptedException {
        Progress progress = new Progress();
        objects.forEach(each -> each.foreign()
                .ifPresent(why -> progress.foreign.put(each.object().key(), why)));
        if (!progress.isGood()) {
            return progress.result();
        }
        boolean bringsKinds = objects.stream().anyMatch(each -> rank(each) == DEFINITION);
        if (!bringsKinds) {
            awaitKinds(objects, deadline);
        }
        Rehearsal rehearsal = new Rehearsal(cluster, objects, this::isToBeReplaced);
        progress.failures.putAll(rehearsal.askWhatCanBeAsked());
        Map<Integer, List<ToApply>> byRank = objects.stream().collect(Collectors.groupingBy(WaveApplier::rank));
        for (Map.Entry<Integer, List<ToApply>> ranked : new TreeMap<>(byRank).entrySet()) {
            if (ranked.getKey() == REST && progress.failures.isEmpty()) {
                if (bringsKinds) {
                    awaitKinds(ranked.getValue(), deadline);
                }
                progress.failures.putAll(rehearsal.askTheRest());
            }
            if (!progress.isGood()) {
                break;
            }
            applyAll(ranked.getValue(), deadline, progress);
            if (!progress.isGood()) {
                break;
            }
            if (ranked.getKey() != REST) {
                progress.awaited = await(ranked.getValue(), deadline, cancelled);
            }
            if (!(progress.awaited instanceof HealthGate.Result.Healthy)) {
                break;
            }
        }
        return progress.result();
    }

    private void awaitKinds(List<ToApply> objects, Instant deadline) throws InterruptedException {
        new ServedKinds(cluster, clock)
                .await(objects.stream().map(ToApply::object).toList(), deadline);
    }

    private HealthGate.Result await(List<ToApply> objects, Instant deadline, BooleanSupplier cancelled)
            throws InterruptedException {
        return gate.await(
                objects.stream().map(ToApply::object).toList(), deadline, cancelled::getAsBoolean, waiting -> {});
    }

    /**
     * Applies {@code objects}. Those that must first be gone, since they are replaced or somebody deletes them, are
     * applied once they are; after a crash between the two they are simply created.
     */
    private void applyAll(List<ToApply> objects, Instant deadline, Progress progress) throws InterruptedException {
        ConcurrentLinkedQueue<InventoryEntry> inTheWay = new ConcurrentLinkedQueue<>();
        Parallel.forEach(objects, each -> applyOne(each, progress, inTheWay));
        if (inTheWay.isEmpty() || !progress.isGood()) {
            return;
        }
        Remover.Result removed =
                new Remover(cluster, repo.label(), clock).removeTogether(List.copyOf(inTheWay), deadline);
        removed.left()
                .keySet()
                .forEach(key -> progress.failures.put(key, removed.hindrance(key, "it cannot be created again")));
        List<ToApply> again = objects.stream()
                .filter(each -> removed.gone().contains(each.object().key()))
                .map(ToApply::asNew)
                .toList();
        Parallel.forEach(again, each -> applyOne(each, progress, inTheWay));
    }

    private void applyOne(ToApply each, Progress progress, ConcurrentLinkedQueue<InventoryEntry> inTheWay) {
        // What was deleted to be created again is created, whatever happened beside it.
        if (!progress.isGood() && !each.isNew()) {
            return;
        }
        DesiredObject object = each.object();
        try {
            claims.apply(
                            object.key(),
                            repo.label(),
                            () -> live(object).flatMap(live -> Ownership.elsewhere(repo, object, live)),
                            () -> applied(
                                    each,
                                    cluster.apply(ServedKind.of(cluster, object), each.body(), each.options()),
                                    progress,
                                    inTheWay))
                    .ifPresent(why -> progress.foreign.put(object.key(), why));
        } catch (ClusterException e) {
            if (each.isNew() || !isToBeReplaced(object, e) || !findInTheWay(object, inTheWay)) {
                progress.failures.put(object.key(), e);
            }
        }
    }

    private void applied(
            ToApply each, ObjectNode live, Progress progress, ConcurrentLinkedQueue<InventoryEntry> inTheWay) {
        InventoryEntry entry = entry(repo, each.object(), live);
        if (!live.path("metadata").has("deletionTimestamp")) {
            progress.applied.put(entry.key(), entry);
        } else if (each.isNew()) {
            progress.failures.put(
                    entry.key(),
                    new ClusterException(ClusterException.Reason.UNAVAILABLE, "somebody keeps deleting it"));
        } else {
            inTheWay.add(entry);
        }
    }

    private boolean isToBeReplaced(DesiredObject object, ClusterException refusal) {
        return (Replacement.isAllowed(object) || wereReplaced.contains(object.key()))
                && !ImmutableFields.of(refusal).isEmpty();
    }

    private boolean findInTheWay(DesiredObject object, ConcurrentLinkedQueue<InventoryEntry> inTheWay) {
        return live(object)
                .filter(live -> Ownership.isMarked(live, repo.label()))
                .map(live -> inTheWay.add(entry(repo, object, live)))
                .orElse(false);
    }

    private Optional<ObjectNode> live(DesiredObject object) {
        ObjectKey key = object.key();
        return cluster.get(type(object), key.namespace(), key.name());
    }

    private ResourceType type(DesiredObject object) {
        return cluster.resourceType(object.apiVersion(), object.key().kind());
    }

    /** The inventory entry of {@code object} as the server returned it. */
    static InventoryEntry entry(ConfigRepo repo, DesiredObject object, ObjectNode live) {
        return new InventoryEntry(
                object.key(),
                object.apiVersion(),
                object.wave(),
                object.digest(),
                OwnedFields.digest(live, Labels.MANAGER, IgnoredFields.of(repo, object.key())),
                live.path("metadata").path("uid").asText());
    }

    private static int rank(ToApply each) {
        return switch (each.object().key().kind()) {
            case "Namespace" -> 0;
            case "CustomResourceDefinition" -> DEFINITION;
            default -> REST;
        };
    }
}
