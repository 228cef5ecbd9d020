package dev.orkestra.rules;

import java.util.Comparator;
import java.util.List;

/**
 * What an operator must be allowed to do with one kind, as a rule of a ClusterRole says it.
 *
 * @param group API group, empty for the core group
 * @param resource plural, and the subresource behind a slash
 * @param verbs in the order in which people write them
 * @param isGuessed whether the plural was made from the kind, for want of its definition
 */
public record Permission(String group, String resource, List<String> verbs, boolean isGuessed)
        implements Comparable<Permission> {
    private static final Comparator<Permission> ORDER =
            Comparator.comparing(Permission::group).thenComparing(Permission::resource);

    public Permission {
        verbs = List.copyOf(verbs);
    }

    @Override
    public int compareTo(Permission other) {
        return ORDER.compare(this, other);
    }
}
