package dev.orkestra.rules;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What there is to read about rules, by their ids. */
public final class Catalogue {
    private static final Map<String, RuleInfo> BY_ID = Rules.ALL.stream()
            .map(Rule::info)
            .collect(Collectors.toMap(
                    RuleInfo::id,
                    info -> info,
                    (one, other) -> {
                        throw new IllegalStateException("two rules are called " + one.id());
                    },
                    TreeMap::new));

    private Catalogue() {}

    /** All rules, by id. */
    public static List<RuleInfo> all() {
        return List.copyOf(BY_ID.values());
    }

    /** The rule with this id. */
    public static Optional<RuleInfo> find(String id) {
        return Optional.ofNullable(BY_ID.get(id));
    }
}
