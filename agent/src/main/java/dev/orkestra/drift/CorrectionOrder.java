package dev.orkestra.drift;

import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.InventoryEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** In which order objects are put right: as a run applies them, wave by wave, namespaces and definitions first. */
record CorrectionOrder(Wave wave, int rank) implements Comparable<CorrectionOrder> {
    private static final int REST = 2;

    @Override
    public int compareTo(CorrectionOrder other) {
        int order = wave.compareTo(other.wave);
        return order != 0 ? order : Integer.compare(rank, other.rank);
    }

    /** The groups of those {@code suspects} that are {@code wanted}; what is in one group has no order. */
    static List<List<InventoryEntry>> of(Collection<InventoryEntry> suspects, Set<ObjectKey> wanted) {
        return new ArrayList<>(suspects.stream()
                .filter(entry -> wanted.contains(entry.key()))
                .collect(Collectors.groupingBy(
                        entry -> new CorrectionOrder(
                                entry.wave(), rank(entry.key().kind())),
                        TreeMap::new,
                        Collectors.toList()))
                .values());
    }

    private static int rank(String kind) {
        return switch (kind) {
            case "Namespace" -> 0;
            case "CustomResourceDefinition" -> 1;
            default -> REST;
        };
    }
}
