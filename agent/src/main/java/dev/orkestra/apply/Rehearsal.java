package dev.orkestra.apply;

import dev.orkestra.apply.RunPlanning.ToApply;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.document.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/**
 * Dry-runs what the plan could not ask about, as a set, so that a wave that would be refused in part is not written in
 * part (DESIGN.md §4.7, "deferred to wave n").
 */
final class Rehearsal {
    private final Cluster cluster;
    /** Names of the namespaces that the wave applies. */
    private final Set<String> namespaces;
    /** The kinds that its definitions bring, as {@code group/Kind}. */
    private final Set<String> kinds;

    private final BiPredicate<DesiredObject, ClusterException> isToBeReplaced;
    private List<ToApply> open;

    /**
     * @param wave all that is to be applied in one wave
     * @param isToBeReplaced whether an object that is refused so is deleted and created again
     */
    Rehearsal(Cluster cluster, List<ToApply> wave, BiPredicate<DesiredObject, ClusterException> isToBeReplaced) {
        this.isToBeReplaced = isToBeReplaced;
        this.cluster = cluster;
        this.namespaces = wave.stream()
                .map(each -> each.object().key())
                .filter(key -> key.kind().equals("Namespace") && key.group().isEmpty())
                .map(ObjectKey::name)
                .collect(Collectors.toSet());
        this.kinds = wave.stream()
                .map(ToApply::object)
                .filter(object -> object.key().kind().equals("CustomResourceDefinition"))
                .map(object -> object.body().at("/spec/group").asText() + "/"
                        + object.body().at("/spec/names/kind").asText())
                .collect(Collectors.toSet());
        this.open = wave.stream().filter(each -> !each.asked()).toList();
    }

    /** Before the wave's first write. What needs a namespace or kind of this very wave is left for later. */
    Map<ObjectKey, ClusterException> askWhatCanBeAsked() {
        ConcurrentLinkedQueue<ToApply> later = new ConcurrentLinkedQueue<>();
        // One of each namespace and kind that the wave brings tells for the others that it is not there yet.
        Map<String, ToApply> firsts = new LinkedHashMap<>();
        open.forEach(each -> needs(each.object()).forEach(need -> firsts.putIfAbsent(need, each)));
        Set<ToApply> asked = new LinkedHashSet<>(firsts.values());
        Map<ObjectKey, ClusterException> refusals = ask(List.copyOf(asked), later);
        Set<String> missing =
                later.stream().flatMap(each -> needs(each.object()).stream()).collect(Collectors.toSet());
        List<ToApply> others = new ArrayList<>();
        for (ToApply each : open) {
            if (!asked.contains(each)) {
                boolean waits = needs(each.object()).stream().anyMatch(missing::contains);
                (waits ? later : others).add(each);
            }
        }
        refusals.putAll(ask(others, later));
        open = new ArrayList<>(later);
        return refusals;
    }

    /** When the wave's namespaces and CRDs are there. */
    Map<ObjectKey, ClusterException> askTheRest() {
        Map<ObjectKey, ClusterException> refusals = ask(open, new ConcurrentLinkedQueue<>());
        open = List.of();
        return refusals;
    }

    /** What {@code object} needs that comes with this very wave; most need nothing. */
    private List<String> needs(DesiredObject object) {
        ObjectKey key = object.key();
        List<String> needs = new ArrayList<>(2);
        if (!key.namespace().isEmpty() && hasNamespace(key.namespace())) {
            needs.add("namespace " + key.namespace());
        }
        if (hasKind(key)) {
            needs.add("kind " + key.group() + "/" + key.kind());
        }
        return needs;
    }

    private Map<ObjectKey, ClusterException> ask(List<ToApply> objects, ConcurrentLinkedQueue<ToApply> later) {
        Map<ObjectKey, ClusterException> refusals = new ConcurrentSkipListMap<>();
        Parallel.forEach(objects, each -> {
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
            case NOT_FOUND -> hasNamespace(object.key().namespace());
            case MISSING_KIND -> hasKind(object.key());
            default -> false;
        };
    }

    private boolean hasNamespace(String name) {
        return namespaces.contains(name);
    }

    private boolean hasKind(ObjectKey key) {
        return kinds.contains(key.group() + "/" + key.kind());
    }
}
