package dev.orkestra.apply;

import dev.orkestra.cluster.ClusterException;
import java.util.List;

/** Knows a refusal that is about nothing but fields that cannot be changed, by the words of the API server. */
final class ImmutableFields {
    /** Parts of what the built-in kinds say; a CRD says what its author wrote, most often the first. */
    private static final List<String> WORDS = List.of(
            "immutable",
            "may not change once set",
            "may not be changed",
            "may not change",
            "cannot be changed",
            "cannot change",
            "updates to statefulset spec for fields other than",
            "pod updates may not change fields other than",
            "updates to parameters are forbidden",
            "updates to provisioner are forbidden",
            "updates to reclaimPolicy are forbidden");

    private ImmutableFields() {}

    /** The fields, as the server prints them; empty when there is any other reason, or none is named. */
    static List<String> of(ClusterException refusal) {
        List<ClusterException.FieldFault> faults = refusal.faults();
        boolean all = faults.stream().allMatch(fault -> WORDS.stream().anyMatch(fault.message()::contains));
        return all
                ? faults.stream()
                        .map(ClusterException.FieldFault::field)
                        .distinct()
                        .toList()
                : List.of();
    }
}
