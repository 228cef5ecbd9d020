package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.RunPlanning.ToApply;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.plan.OwnedFields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Applies the objects of one wave by server-side apply under the environment's identity: namespaces and CRDs first,
 * then the rest in parallel (DESIGN.md §4.8). Applying twice changes nothing, so a run may repeat it after a crash.
 */
final class WaveApplier {
    private static final int REST = 2;

    private final Cluster cluster;
    private final HealthGate gate;

    /**
     * @param cluster seen with the environment's identity
     * @param gate waits for namespaces and CRDs before what needs them
     */
    WaveApplier(Cluster cluster, HealthGate gate) {
        this.cluster = cluster;
        this.gate = gate;
    }

    /**
     * What became of the objects of a wave.
     *
     * @param applied entries for the inventory, with digests and uids
     * @param failures why others were not applied
     */
    record Result(List<InventoryEntry> applied, Map<ObjectKey, ClusterException> failures) {}

    /**
     * Applies {@code objects}, all of one wave. A namespace or CRD that fails, or is not ready at {@code deadline},
     * stops what comes behind it; the wave's own gate then says so. After a failure nothing new is begun.
     */
    Result apply(List<ToApply> objects, Instant deadline, BooleanSupplier cancelled) throws InterruptedException {
        Map<ObjectKey, InventoryEntry> applied = new ConcurrentSkipListMap<>();
        Map<ObjectKey, ClusterException> failures = new ConcurrentSkipListMap<>();
        Map<Integer, List<ToApply>> byRank = objects.stream().collect(Collectors.groupingBy(WaveApplier::rank));
        for (Map.Entry<Integer, List<ToApply>> ranked : new TreeMap<>(byRank).entrySet()) {
            Parallel.forEach(ranked.getValue(), object -> applyOne(object, applied, failures));
            boolean ready = failures.isEmpty()
                    && (ranked.getKey() == REST
                            || gate.await(
                                            ranked.getValue().stream()
                                                    .map(ToApply::object)
                                                    .toList(),
                                            deadline,
                                            cancelled,
                                            waiting -> {})
                                    instanceof HealthGate.Result.Healthy);
            if (!ready) {
                break;
            }
        }
        return new Result(new ArrayList<>(applied.values()), new TreeMap<>(failures));
    }

    private void applyOne(
            ToApply each, Map<ObjectKey, InventoryEntry> applied, Map<ObjectKey, ClusterException> failures) {
        if (!failures.isEmpty()) {
            return;
        }
        DesiredObject object = each.object();
        try {
            ObjectNode live = cluster.apply(
                    cluster.resourceType(object.apiVersion(), object.key().kind()), object.body(), each.options());
            applied.put(object.key(), entry(object, live));
        } catch (ClusterException e) {
            failures.put(object.key(), e);
        }
    }

    /** The inventory entry of {@code object} as the server returned it. */
    static InventoryEntry entry(DesiredObject object, ObjectNode live) {
        return new InventoryEntry(
                object.key(),
                object.apiVersion(),
                object.wave(),
                object.digest(),
                OwnedFields.digest(live, Labels.MANAGER),
                live.path("metadata").path("uid").asText());
    }

    private static int rank(ToApply each) {
        return switch (each.object().key().kind()) {
            case "Namespace" -> 0;
            case "CustomResourceDefinition" -> 1;
            default -> REST;
        };
    }
}
