package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cel.CelBudget;
import dev.orkestra.cel.CelCompilation;
import dev.orkestra.cel.CelResult;
import dev.orkestra.cel.CelShape;
import dev.orkestra.cel.CelValue;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.group.GroupCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Asks a group's {@code spec.conditions} of the cluster, with the rights of the group's identity. */
final class GroupConditions {
    private final Cluster asGroup;
    private final CelBudget budget = new CelBudget(CelBudget.ONE_DOCUMENT);

    /** @param asGroup the cluster as the group's identity sees it */
    GroupConditions(Cluster asGroup) {
        this.asGroup = asGroup;
    }

    /**
     * What is not true, in the conditions' own words; empty when all are.
     *
     * @throws ClusterException when the server cannot answer now
     */
    Optional<String> trouble(List<GroupCondition> conditions) {
        List<String> trouble = new ArrayList<>();
        conditions.forEach(each -> trouble(each).ifPresent(trouble::add));
        return trouble.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", trouble));
    }

    private Optional<String> trouble(GroupCondition condition) {
        if (!(condition.compile() instanceof CelCompilation.Compiled compiled)) {
            return Optional.of("condition " + condition.name() + " cannot be read");
        }
        Map<String, CelValue> values = new TreeMap<>();
        List<GroupCondition.Named> absent = new ArrayList<>();
        for (GroupCondition.Named named : condition.objects()) {
            Optional<String> refused = read(named, values, absent);
            if (refused.isPresent()) {
                return Optional.of("condition " + condition.name() + ": " + refused.get());
            }
        }
        return switch (compiled.program().evaluate(values, budget)) {
            case CelResult.Truth(boolean value) -> value ? Optional.empty() : Optional.of(told(condition, absent));
            case CelResult.Failed(String message) ->
                Optional.of(told(condition, absent) + (absent.isEmpty() ? " (" + message + ")" : ""));
            case CelResult.NotKnown(String reason) -> Optional.of(told(condition, absent) + " (" + reason + ")");
            case CelResult.TooCostly() ->
                Optional.of("condition " + condition.name() + " costs more than an expression may; make it simpler");
            case CelResult.Text _, CelResult.Other _ ->
                Optional.of("condition " + condition.name() + " says neither true nor false");
        };
    }

    private Optional<String> read(
            GroupCondition.Named named, Map<String, CelValue> values, List<GroupCondition.Named> absent) {
        JsonNode value = JsonNodeFactory.instance.nullNode();
        try {
            Optional<ObjectNode> found = asGroup.get(
                    asGroup.resourceType(named.apiVersion(), named.kind()), named.namespace(), named.name());
            if (found.isPresent()) {
                value = found.get();
            } else {
                absent.add(named);
            }
        } catch (ClusterException e) {
            switch (e.reason()) {
                case FORBIDDEN -> {
                    return Optional.of("the group's service account may not get " + named);
                }
                case MISSING_KIND -> absent.add(named);
                default -> throw e;
            }
        }
        values.put(named.as(), CelValue.of(value, CelShape.Scalar.ANY));
        return Optional.empty();
    }

    /** The author's message; what is not there is said beside it. */
    private static String told(GroupCondition condition, List<GroupCondition.Named> absent) {
        String own = condition.message().isEmpty() ? "not true: " + condition.expression() : condition.message();
        String missing = absent.isEmpty()
                ? ""
                : absent.stream()
                        .map(GroupCondition.Named::toString)
                        .collect(Collectors.joining(", ", " (", " not there)"));
        return "condition " + condition.name() + ": " + own + missing;
    }
}
