package dev.orkestra.desired;

import dev.orkestra.desired.ConfigRepo.Allow;
import dev.orkestra.desired.ConfigRepo.AllowedKind;
import dev.orkestra.desired.ConfigRepo.Approval;
import dev.orkestra.desired.ConfigRepo.Deletion;
import dev.orkestra.desired.ConfigRepo.Drift;
import dev.orkestra.desired.ConfigRepo.HealthRule;
import dev.orkestra.desired.ConfigRepo.IgnoredDifference;
import dev.orkestra.desired.ConfigRepo.Policies;
import dev.orkestra.outcome.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the policies of a ConfigRepo. */
final class PolicyReader {
    /** As the CRD has it. */
    private static final int MOST_HEALTH_RULES = 64;

    private static final int MOST_IGNORED = 64;
    private static final int MOST_POINTERS = 64;
    private static final int MOST_ALLOWED = 256;

    private PolicyReader() {}

    static Policies read(SpecReader spec) {
        return new Policies(
                healthRules(spec.child("health")),
                ignored(spec),
                allow(spec.child("allow")),
                spec.choice("drift", Map.of("correct", Drift.CORRECT, "report", Drift.REPORT), Drift.CORRECT),
                spec.choice(
                        "approval",
                        Map.of(
                                "none", Approval.NONE,
                                "destructive", Approval.DESTRUCTIVE,
                                "required", Approval.REQUIRED),
                        Approval.NONE),
                spec.choice(
                        "deletionPolicy",
                        Map.of("orphan", Deletion.ORPHAN, "delete", Deletion.DELETE),
                        Deletion.ORPHAN));
    }

    private static List<HealthRule> healthRules(SpecReader health) {
        List<HealthRule> rules = new ArrayList<>();
        for (SpecReader rule : health.children("rules", MOST_HEALTH_RULES)) {
            rules.add(new HealthRule(
                    rule.required("apiVersion", "write for example apps.example.com/v1"),
                    rule.required("kind", ""),
                    rule.text("inProgress", ""),
                    rule.text("failed", ""),
                    rule.required("current", "a CEL expression over object that is true when it is healthy")));
        }
        return rules;
    }

    private static List<IgnoredDifference> ignored(SpecReader spec) {
        List<IgnoredDifference> ignored = new ArrayList<>();
        for (SpecReader entry : spec.children("ignoreDifferences", MOST_IGNORED)) {
            List<String> pointers = entry.texts("jsonPointers", MOST_POINTERS);
            List<String> managers = entry.texts("managedFieldsManagers", MOST_POINTERS);
            if (pointers.isEmpty() && managers.isEmpty()) {
                entry.error(
                        ErrorCode.MissingField,
                        entry.name("jsonPointers") + " and " + entry.name("managedFieldsManagers") + " are both empty",
                        "say which fields are to be ignored");
            }
            pointers.stream()
                    .filter(pointer -> !pointer.startsWith("/"))
                    .forEach(pointer -> entry.error(
                            ErrorCode.WrongValue,
                            entry.name("jsonPointers") + ": '" + pointer + "' does not begin with /",
                            "write for example /spec/replicas"));
            ignored.add(new IgnoredDifference(
                    entry.text("group", ""),
                    entry.required("kind", "name the kind whose fields are ignored"),
                    entry.text("namespace", ""),
                    entry.text("name", ""),
                    pointers,
                    managers));
        }
        return ignored;
    }

    private static Allow allow(SpecReader allow) {
        List<AllowedKind> kinds = new ArrayList<>();
        for (SpecReader kind : allow.children("kinds", MOST_ALLOWED)) {
            kinds.add(new AllowedKind(
                    kind.text("group", ""), kind.required("kind", "a kind, or * for all of the group")));
        }
        return new Allow(kinds, allow.texts("namespaces", MOST_ALLOWED));
    }
}
