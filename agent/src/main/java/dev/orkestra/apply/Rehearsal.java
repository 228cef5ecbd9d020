package dev.orkestra.apply;

import dev.orkestra.apply.RunPlanning.ToApply;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.document.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiPredicate;

/**
 * Dry-runs what the plan could not ask about, as a set, so that a wave that would be refused in part is not written in
 * part (DESIGN.md §4.7, "deferred to wave n").
 */
final class Rehearsal {
    private final Cluster cluster;
    private final List<ToApply> wave;
    private final BiPredicate<DesiredObject, ClusterException> isToBeReplaced;
    private List<ToApply> open;

    /**
     * @param wave all that is to be applied in one wave
     * @param isToBeReplaced whether an object that is refused so is deleted and created again
     */
    Rehearsal(Cluster cluster, List<ToApply> wave, BiPredicate<DesiredObject, ClusterException> isToBeReplaced) {
        this.isToBeReplaced = isToBeReplaced;
        this.cluster = cluster;
        this.wave = wave;
        this.open = wave.stream().filter(each -> !each.asked()).toList();
    }

    /** Before the wave's first write. What needs a namespace or kind of this very wave is left for later. */
    Map<ObjectKey, ClusterException> askWhatCanBeAsked() {
        ConcurrentLinkedQueue<ToApply> later = new ConcurrentLinkedQueue<>();
        Map<ObjectKey, ClusterException> refusals = ask(later);
        open = new ArrayList<>(later);
        return refusals;
    }

    /** When the wave's namespaces and CRDs are there. */
    Map<ObjectKey, ClusterException> askTheRest() {
        Map<ObjectKey, ClusterException> refusals = ask(new ConcurrentLinkedQueue<>());
        open = List.of();
        return refusals;
    }

    private Map<ObjectKey, ClusterException> ask(ConcurrentLinkedQueue<ToApply> later) {
        Map<ObjectKey, ClusterException> refusals = new ConcurrentSkipListMap<>();
        Parallel.forEach(open, each -> {
            DesiredObject object = each.object();
            try {
                cluster.apply(
                        ServedKind.of(cluster, object),
                        each.body(),
                        each.options().asDryRun());
            } catch (ClusterException e) {
                if (isBroughtByThisWave(object, e)) {
                    later.add(each);
                } else if (!isToBeReplaced.test(object, e)) {
                    refusals.put(object.key(), e);
                }
            }
        });
        return new TreeMap<>(refusals);
    }

    private boolean isBroughtByThisWave(DesiredObject object, ClusterException e) {
        return switch (e.reason()) {
            case NOT_FOUND ->
                has("Namespace", each -> each.key().name().equals(object.key().namespace()));
            case MISSING_KIND ->
                has("CustomResourceDefinition", each -> {
                    var spec = each.body().path("spec");
                    return spec.path("group").asText().equals(object.key().group())
                            && spec.path("names")
                                    .path("kind")
                                    .asText()
                                    .equals(object.key().kind());
                });
            default -> false;
        };
    }

    private boolean has(String kind, java.util.function.Predicate<DesiredObject> wanted) {
        return wave.stream()
                .map(ToApply::object)
                .anyMatch(each -> each.key().kind().equals(kind) && wanted.test(each));
    }
}
