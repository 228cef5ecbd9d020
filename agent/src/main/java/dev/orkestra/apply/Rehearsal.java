package dev.orkestra.apply;

import dev.orkestra.apply.RunPlanning.ToApply;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.document.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
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
        Map<ObjectKey, ClusterException> refusals = new TreeMap<>();
        Set<String> missing = ConcurrentHashMap.newKeySet();
        Set<String> there = new HashSet<>();
        List<ToApply> unasked = open;
        // One of each namespace and kind that the wave brings tells for the others whether it is there already.
        for (Set<ToApply> firsts = firsts(unasked, there); !firsts.isEmpty(); firsts = firsts(unasked, there)) {
            refusals.putAll(ask(firsts, missing));
            firsts.stream()
                    .map(each -> needs(each.object()))
                    .filter(needs -> needs.stream().noneMatch(missing::contains))
                    .forEach(there::addAll);
            unasked = without(unasked, firsts, missing);
        }
        refusals.putAll(ask(unasked, missing));
        open = open.stream().filter(each -> waits(each, missing)).toList();
        return refusals;
    }

    /** The first of {@code unasked} for each need of which it is not known whether it is there. */
    private Set<ToApply> firsts(List<ToApply> unasked, Set<String> there) {
        Map<String, ToApply> firsts = new LinkedHashMap<>();
        for (ToApply each : unasked) {
            needs(each.object()).stream()
                    .filter(need -> !there.contains(need))
                    .forEach(need -> firsts.putIfAbsent(need, each));
        }
        return new LinkedHashSet<>(firsts.values());
    }

    private List<ToApply> without(List<ToApply> unasked, Set<ToApply> asked, Set<String> missing) {
        return unasked.stream()
                .filter(each -> !asked.contains(each) && !waits(each, missing))
                .toList();
    }

    private boolean waits(ToApply each, Set<String> missing) {
        return needs(each.object()).stream().anyMatch(missing::contains);
    }

    /** When the wave's namespaces and CRDs are there. */
    Map<ObjectKey, ClusterException> askTheRest() {
        Map<ObjectKey, ClusterException> refusals = ask(open, ConcurrentHashMap.newKeySet());
        open = List.of();
        return refusals;
    }

    /** What {@code object} needs that comes with this very wave; most need nothing. */
    private List<String> needs(DesiredObject object) {
        ObjectKey key = object.key();
        List<String> needs = new ArrayList<>(2);
        if (!key.namespace().isEmpty() && hasNamespace(key.namespace())) {
            needs.add(namespace(key));
        }
        if (hasKind(key)) {
            needs.add(kind(key));
        }
        return needs;
    }

    /** @param missing is told what is not there yet: only what the refusal names, as the rest of it was not looked at */
    private Map<ObjectKey, ClusterException> ask(Collection<ToApply> objects, Set<String> missing) {
        Map<ObjectKey, ClusterException> refusals = new ConcurrentSkipListMap<>();
        Parallel.forEach(List.copyOf(objects), each -> {
            DesiredObject object = each.object();
            try {
                cluster.apply(
                        ServedKind.of(cluster, object),
                        each.body(),
                        each.options().asDryRun());
            } catch (ClusterException e) {
                Optional<String> need = broughtByThisWave(object.key(), e);
                if (need.isPresent()) {
                    missing.add(need.get());
                } else if (!isToBeReplaced.test(object, e)) {
                    refusals.put(object.key(), e);
                }
            }
        });
        return new TreeMap<>(refusals);
    }

    private Optional<String> broughtByThisWave(ObjectKey key, ClusterException e) {
        return switch (e.reason()) {
            case NOT_FOUND -> hasNamespace(key.namespace()) ? Optional.of(namespace(key)) : Optional.empty();
            case MISSING_KIND -> hasKind(key) ? Optional.of(kind(key)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static String namespace(ObjectKey key) {
        return "namespace " + key.namespace();
    }

    private static String kind(ObjectKey key) {
        return "kind " + key.group() + "/" + key.kind();
    }

    private boolean hasNamespace(String name) {
        return namespaces.contains(name);
    }

    private boolean hasKind(ObjectKey key) {
        return kinds.contains(key.group() + "/" + key.kind());
    }
}
