package dev.orkestra.rules;

import java.util.List;
import java.util.Map;

/** What a condition can be made of; the lists are those of Orkestra's condition type (pkg/types/conditions.go). */
final class ConditionOperators {
    /** Values of {@code operator}. */
    static final List<String> ALL = List.of(
            "equals",
            "notEquals",
            "contains",
            "notContains",
            "prefix",
            "notPrefix",
            "suffix",
            "notSuffix",
            "exists",
            "notExists",
            "gt",
            "lt",
            "gte",
            "lte",
            "in",
            "notIn",
            "regex",
            "between",
            "notBetween",
            "unique",
            "typeOf",
            "typeMap",
            "typeList",
            "typeString",
            "typeNumber",
            "typeBool",
            "typeNull");

    /** Keys of a rule under {@code admission.validation} that stand for an operator and its value. */
    static final List<String> SHORTHANDS = List.of(
            "equals",
            "notEquals",
            "contains",
            "notContains",
            "prefix",
            "notPrefix",
            "suffix",
            "notSuffix",
            "regex",
            "greaterThan",
            "lessThan",
            "greaterThanOrEqual",
            "lessThanOrEqual",
            "min",
            "max",
            "between",
            "notBetween",
            "in",
            "notIn");

    /** What people write who know other languages, or the shorthands. */
    private static final Map<String, String> MEANT = Map.ofEntries(
            Map.entry("greaterThan", "gt"),
            Map.entry("lessThan", "lt"),
            Map.entry("greaterThanOrEqual", "gte"),
            Map.entry("lessThanOrEqual", "lte"),
            Map.entry("min", "gte"),
            Map.entry("max", "lte"),
            Map.entry("eq", "equals"),
            Map.entry("is", "equals"),
            Map.entry("==", "equals"),
            Map.entry("ne", "notEquals"),
            Map.entry("neq", "notEquals"),
            Map.entry("!=", "notEquals"),
            Map.entry(">", "gt"),
            Map.entry("<", "lt"),
            Map.entry(">=", "gte"),
            Map.entry("<=", "lte"),
            Map.entry("startsWith", "prefix"),
            Map.entry("endsWith", "suffix"),
            Map.entry("matches", "regex"),
            Map.entry("present", "exists"),
            Map.entry("absent", "notExists"));

    private ConditionOperators() {}

    /** A hint for {@code written}, which is no operator. */
    static String hint(String written) {
        String meant = MEANT.get(written);
        return meant == null
                ? DidYouMean.of(written, ALL, "use one such as equals, contains, exists, gt, in or regex")
                : "did you mean '" + meant + "'?";
    }
}
