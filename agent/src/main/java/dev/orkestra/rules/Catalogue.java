package dev.orkestra.rules;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What there is to read about findings, by their {@linkplain dev.orkestra.outcome.Diagnostic#id ids}. */
public final class Catalogue {
    private static final Map<String, RuleInfo> RULES =
            byId(Stream.concat(Rules.ALL.stream().map(Rule::info), RepositoryRules.ALL.stream()));
    private static final Map<String, RuleInfo> BY_ID =
            byId(Stream.concat(RULES.values().stream(), CodeInfos.ALL.stream()));

    private Catalogue() {}

    private static Map<String, RuleInfo> byId(Stream<RuleInfo> infos) {
        return infos.collect(Collectors.toMap(
                RuleInfo::id,
                info -> info,
                (one, other) -> {
                    throw new IllegalStateException("two rules are called " + one.id());
                },
                TreeMap::new));
    }

    /** All rules, and the findings that are no rule's, by id. */
    public static List<RuleInfo> all() {
        return List.copyOf(BY_ID.values());
    }

    /** The rules alone, by id. */
    public static List<RuleInfo> rules() {
        return List.copyOf(RULES.values());
    }

    /** The rule or finding with this id. */
    public static Optional<RuleInfo> find(String id) {
        return Optional.ofNullable(BY_ID.get(id));
    }
}
