package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides conditions of a Motif's resources that depend on inputs alone: such a resource is there or not, and the
 * runtime never sees the condition. Upstream decides every condition without a template in it that way, also those
 * about the custom resource; here only those that name an input.
 */
final class InputConditions {
    private final MotifInputs inputs;

    InputConditions(MotifInputs inputs) {
        this.inputs = inputs;
    }

    /** A hook block with the inputs in place, without the resources whose conditions do not hold. */
    Node.MapNode resources(Node.MapNode block) {
        Node.MapNode result = block;
        for (Map.Entry<String, Node.Entry> entry : block.entries().entrySet()) {
            Node value = entry.getValue().value();
            Node replaced = value instanceof Node.ListNode list
                            && !entry.getKey().equals("when")
                            && !entry.getKey().equals("or")
                    ? items(list)
                    : inputs.replace(value);
            result = result.with(entry.getKey(), new Node.Entry(entry.getValue().keyPosition(), replaced));
        }
        return result;
    }

    private Node items(Node.ListNode list) {
        List<Node> kept = new ArrayList<>();
        for (Node item : list.items()) {
            if (item instanceof Node.MapNode resource) {
                decide(resource).ifPresent(kept::add);
            } else {
                kept.add(inputs.replace(item));
            }
        }
        return new Node.ListNode(kept, list.position());
    }

    /** The resource with the conditions that are left; empty when one of them does not hold. */
    private Optional<Node> decide(Node.MapNode resource) {
        Node.MapNode left = resource.without("when").without("or");
        List<Node> when = new ArrayList<>();
        for (Node condition : conditions(resource, "when")) {
            Optional<Boolean> holds = holds(condition);
            if (holds.isEmpty()) {
                when.add(inputs.replace(condition));
            } else if (!holds.get()) {
                return Optional.empty();
            }
        }
        List<Node> or = new ArrayList<>();
        List<Node> alternatives = conditions(resource, "or");
        boolean oneHolds = false;
        for (Node condition : alternatives) {
            Optional<Boolean> holds = holds(condition);
            oneHolds |= holds.orElse(false);
            if (holds.isEmpty()) {
                or.add(inputs.replace(condition));
            }
        }
        if (!alternatives.isEmpty() && !oneHolds && or.isEmpty()) {
            return Optional.empty();
        }
        Node.MapNode result = (Node.MapNode) inputs.replace(left);
        result = when.isEmpty() ? result : with(result, resource, "when", when);
        return Optional.of(oneHolds || or.isEmpty() ? result : with(result, resource, "or", or));
    }

    private static Node.MapNode with(Node.MapNode result, Node.MapNode resource, String key, List<Node> conditions) {
        Position place = resource.get(key).map(Node::position).orElse(resource.position());
        return result.with(key, new Node.Entry(resource.keyPosition(key), new Node.ListNode(conditions, place)));
    }

    private static List<Node> conditions(Node.MapNode resource, String key) {
        return resource.list(key).map(Node.ListNode::items).orElse(List.of());
    }

    /** Whether a condition holds; empty when it is the runtime's to decide. */
    private Optional<Boolean> holds(Node condition) {
        if (!(condition instanceof Node.MapNode map)
                || map.text("field").filter(InputExpressions::concerns).isEmpty()) {
            return Optional.empty();
        }
        Node.MapNode known = (Node.MapNode) inputs.replace(map);
        String field = known.text("field")
                .orElseGet(() -> known.get("field").map(ScalarText::of).orElse(""));
        if (field.contains("{{")) {
            return Optional.empty();
        }
        String operator = known.text("operator").orElse("");
        for (String shorthand : List.of(
                "equals",
                "notEquals",
                "contains",
                "notContains",
                "prefix",
                "notPrefix",
                "suffix",
                "notSuffix",
                "exists",
                "notExists")) {
            Optional<Node> value = known.get(operator.equals(shorthand) ? "value" : shorthand);
            boolean needsNoValue = operator.equals("exists") || operator.equals("notExists");
            if (value.isPresent() || operator.equals(shorthand) && needsNoValue) {
                return compare(shorthand, field, value.map(ScalarText::of).orElse("true"));
            }
        }
        return Optional.empty();
    }

    private static Optional<Boolean> compare(String operator, String field, String value) {
        if (value.contains("{{")) {
            return Optional.empty();
        }
        return Optional.of(
                switch (operator) {
                    case "equals" -> field.equals(value);
                    case "notEquals" -> !field.equals(value);
                    case "contains" -> field.contains(value);
                    case "notContains" -> !field.contains(value);
                    case "prefix" -> field.startsWith(value);
                    case "notPrefix" -> !field.startsWith(value);
                    case "suffix" -> field.endsWith(value);
                    case "notSuffix" -> !field.endsWith(value);
                    case "exists" -> field.isEmpty() != value.equals("true");
                    case "notExists" -> field.isEmpty() == value.equals("true");
                    default -> throw new IllegalStateException("no such operator: " + operator);
                });
    }
}
