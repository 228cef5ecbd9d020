package dev.orkestra.health;

import static dev.orkestra.health.Health.because;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cel.CelBudget;
import dev.orkestra.cel.CelCompilation;
import dev.orkestra.cel.CelProgram;
import dev.orkestra.cel.CelResult;
import dev.orkestra.cel.CelShape;
import dev.orkestra.cel.CelValue;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.HealthExpression;
import dev.orkestra.document.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How healthy the objects of one environment are: by the rules of its ConfigRepo, and by {@link Health} where it has
 * none. Safe for use from many threads.
 */
public final class HealthRules {
    /** No rules but the built-in ones. */
    public static final HealthRules BUILT_IN = new HealthRules(List.of());

    private final List<Rule> rules;

    private record Rule(
            ConfigRepo.HealthRule written,
            Optional<CelProgram> failed,
            Optional<CelProgram> inProgress,
            Optional<CelProgram> current) {
        boolean isOf(String apiVersion, String kind) {
            return written.kind().equals(kind) && written.apiVersion().equals(apiVersion);
        }

        boolean isOfAnyVersion(String apiVersion, String kind) {
            String group = ObjectKey.groupOf(apiVersion);
            return written.kind().equals(kind) && written.apiVersion().equals(group.isEmpty() ? "*" : group + "/*");
        }
    }

    private HealthRules(List<Rule> rules) {
        this.rules = rules;
    }

    /** The rules of a ConfigRepo that was read without errors. */
    public static HealthRules of(ConfigRepo repo) {
        List<ConfigRepo.HealthRule> written = repo.policies().healthRules();
        return written.isEmpty()
                ? BUILT_IN
                : new HealthRules(written.stream()
                        .map(rule -> new Rule(
                                rule, program(rule.failed()), program(rule.inProgress()), program(rule.current())))
                        .toList());
    }

    /** Empty for an empty text; what cannot be read was refused with the ConfigRepo. */
    private static Optional<CelProgram> program(String expression) {
        return !expression.isEmpty()
                        && HealthExpression.compile(expression) instanceof CelCompilation.Compiled(CelProgram program)
                ? Optional.of(program)
                : Optional.empty();
    }

    /** Whether the ConfigRepo has a rule for this kind, which stands for the built-in one. */
    public boolean covers(String apiVersion, String kind) {
        return find(apiVersion, kind).isPresent();
    }

    /** Whether objects of this kind are healthy as soon as they are stored. */
    public boolean isPassive(String apiVersion, ObjectKey key) {
        return Health.isPassive(key) && !covers(apiVersion, key.kind());
    }

    /**
     * The health of a live object, status included. An empty object reads as one that is not there.
     *
     * @param object what the API server returned, with apiVersion and kind; it must not change afterwards
     */
    public HealthStatus of(ObjectNode object) {
        Optional<Rule> rule =
                find(object.path("apiVersion").asText(""), object.path("kind").asText(""));
        boolean isThere = !object.isEmpty() && !object.path("metadata").hasNonNull("deletionTimestamp");
        return rule.isPresent() && isThere ? ask(rule.get(), object) : Health.of(object);
    }

    /** The exact version before the star. */
    private Optional<Rule> find(String apiVersion, String kind) {
        return rules.stream()
                .filter(rule -> rule.isOf(apiVersion, kind))
                .findFirst()
                .or(() -> rules.stream()
                        .filter(rule -> rule.isOfAnyVersion(apiVersion, kind))
                        .findFirst());
    }

    /**
     * Failed, then in progress, then current. What has no value, such as a field of a status that is not written yet, is
     * waited for with the reason as the message: for all three, since nobody may call an object healthy whose rule for
     * failing cannot be asked.
     */
    private static HealthStatus ask(Rule rule, ObjectNode object) {
        Map<String, CelValue> values = Map.of(HealthExpression.VARIABLE, CelValue.of(object, CelShape.Scalar.ANY));
        CelBudget budget = new CelBudget(CelBudget.ONE_DOCUMENT);
        List<String> unknown = new ArrayList<>();
        if (holds(rule.failed(), "failed", values, budget, unknown)) {
            return HealthStatus.failed("It has failed, as the ConfigRepo's rule says" + words(object));
        }
        boolean busy = holds(rule.inProgress(), "inProgress", values, budget, unknown);
        if (!unknown.isEmpty()) {
            return HealthStatus.inProgress(unknown.getFirst());
        }
        if (busy) {
            return HealthStatus.inProgress("In progress, as the ConfigRepo's rule says" + words(object));
        }
        if (holds(rule.current(), "current", values, budget, unknown)) {
            return HealthStatus.current("Current, as the ConfigRepo's rule says");
        }
        return HealthStatus.inProgress(
                unknown.isEmpty()
                        ? "Not current yet, as the ConfigRepo's rule says" + words(object)
                        : unknown.getFirst());
    }

    private static boolean holds(
            Optional<CelProgram> program,
            String name,
            Map<String, CelValue> values,
            CelBudget budget,
            List<String> unknown) {
        if (program.isEmpty()) {
            return false;
        }
        String rule = "The rule's " + name + " ";
        return switch (program.get().evaluate(values, budget)) {
            case CelResult.Truth(boolean value) -> value;
            case CelResult.Failed(String message) -> note(unknown, rule + "has no value yet: " + message);
            case CelResult.NotKnown(String reason) -> note(unknown, rule + "cannot be asked: " + reason);
            case CelResult.TooCostly() -> note(unknown, rule + "costs more than an expression may; make it simpler");
            case CelResult.Text _, CelResult.Other _ -> note(unknown, rule + "says neither true nor false");
        };
    }

    private static boolean note(List<String> unknown, String message) {
        unknown.add(message);
        return false;
    }

    /** What the object itself says, where people usually look. */
    private static String words(ObjectNode object) {
        JsonNode ready = Conditions.find(object, "Ready");
        String words = Conditions.words(ready);
        return words.isEmpty() ? because(object.path("status").path("message")) : ": " + words;
    }
}
