package dev.orkestra.desired;

import dev.orkestra.cel.CelCompilation;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the policies of a ConfigRepo. */
final class PolicyReader {
    /** As the CRD has it. */
    private static final int MOST_HEALTH_RULES = 64;

    private static final int MOST_IGNORED = 64;
    private static final int MOST_POINTERS = 64;
    private static final int MOST_ALLOWED = 256;

    /** Of what the agent applies; never renamed. */
    private static final String FIELD_MANAGER = "orkestra-agent";

    /** Pointers to all of an object, to its identity, or to the label of its ConfigRepo; a star means these too. */
    private static final Pattern IDENTITY = Pattern.compile(
            "/|/(apiVersion|kind|metadata|\\*)|/(metadata|\\*)/(name|namespace|labels|managedFields|uid|\\*)"
                    + "|/(metadata|\\*)/(labels|\\*)/(orkestra\\.dev~1config-repo|\\*)");

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
        Set<String> kinds = new HashSet<>();
        for (SpecReader rule : health.children("rules", MOST_HEALTH_RULES)) {
            String apiVersion = rule.required("apiVersion", "write for example apps.example.com/v1");
            String kind = rule.required("kind", "");
            if (!kinds.add(apiVersion + " " + kind)) {
                rule.error(
                        ErrorCode.DuplicateObject,
                        rule.name("kind") + ": there is another rule for " + kind + " in " + apiVersion,
                        "remove one of them");
            }
            rules.add(new HealthRule(
                    apiVersion,
                    kind,
                    expression(rule, "inProgress", rule.text("inProgress", "")),
                    expression(rule, "failed", rule.text("failed", "")),
                    expression(
                            rule,
                            "current",
                            rule.required("current", "a CEL expression over object that is true when it is healthy"))));
        }
        return rules;
    }

    private static String expression(SpecReader rule, String field, String expression) {
        String hint = "write a CEL expression over object, such as object.status.phase == 'Ready'";
        if (expression.isEmpty()) {
            return expression;
        }
        String name = rule.name(field);
        switch (HealthExpression.compile(expression)) {
            case CelCompilation.Wrong(String message, int line, int column) ->
                rule.error(
                        ErrorCode.WrongValue,
                        name + " cannot be read at " + line + ":" + column + ": " + message,
                        hint);
            case CelCompilation.NotSupported(String what) ->
                rule.error(ErrorCode.WrongValue, name + " uses what is not known here: " + what, hint);
            case CelCompilation.Compiled compiled
            when !compiled.program().isTruth() ->
                rule.error(
                        ErrorCode.WrongValue,
                        name + " says " + compiled.program().resultType() + ", not true or false",
                        hint);
            case CelCompilation.Compiled _ -> {
                // It can be asked.
            }
        }
        return expression;
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
            pointers.stream()
                    .filter(PolicyReader::meansIdentity)
                    .forEach(pointer -> entry.error(
                            ErrorCode.WrongValue,
                            entry.name("jsonPointers") + ": '" + pointer + "' means what says which object it is, and"
                                    + " whose",
                            "name single fields, such as /metadata/annotations/example.com~1note"));
            if (managers.contains(FIELD_MANAGER)) {
                entry.error(
                        ErrorCode.WrongValue,
                        entry.name("managedFieldsManagers") + " names the agent itself, so nothing would ever differ",
                        "name those to whom fields are left");
            }
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

    /** Without these an object is another one, or nobody's. */
    private static boolean meansIdentity(String pointer) {
        return IDENTITY.matcher(pointer).matches();
    }

    private static Allow allow(SpecReader allow) {
        List<AllowedKind> kinds = new ArrayList<>();
        allow.refuseEmpty("kinds");
        for (SpecReader kind : allow.children("kinds", MOST_ALLOWED)) {
            kinds.add(new AllowedKind(
                    kind.text("group", ""), kind.required("kind", "a kind, or * for all of the group")));
        }
        return new Allow(kinds, allow.texts("namespaces", MOST_ALLOWED));
    }
}
