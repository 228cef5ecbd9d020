package dev.orkestra.schema;

import com.networknt.schema.Error;
import dev.orkestra.document.Pointers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a schema offers alternatives, a validator reports what is wrong with each of them. People meant one: this
 * keeps the errors of the alternative that came nearest.
 */
final class Alternatives {
    private static final Set<String> ALTERNATIVE = Set.of("anyOf", "oneOf");

    /** Keywords whose next token is the name of a child, and those that lead to a child at once. */
    private static final Set<String> NAMING = Set.of("properties", "patternProperties", "prefixItems");

    private static final Set<String> CHILDREN = Set.of("items", "additionalProperties", "unevaluatedProperties");

    private Alternatives() {}

    static List<Error> choose(List<Error> errors) {
        return choose(errors, 0);
    }

    /** Chooses among the alternatives that stand at {@code from} or later in the errors' paths. */
    private static List<Error> choose(List<Error> errors, int from) {
        List<Error> chosen = new ArrayList<>();
        Map<String, Map<String, List<Error>>> groups = new LinkedHashMap<>();
        for (Error error : errors) {
            List<String> path = Pointers.steps(error.getEvaluationPath().toString());
            int at = alternativeAt(path, from);
            if (at < 0) {
                chosen.add(error);
                continue;
            }
            // Items of one list share the path in the schema; the place in the document tells them apart.
            String place = String.join("/", path.subList(0, at + 1)) + " at "
                    + instanceOf(error, path.subList(at + 2, path.size()));
            groups.computeIfAbsent(place, _ -> new LinkedHashMap<>())
                    .computeIfAbsent(path.get(at + 1), _ -> new ArrayList<>())
                    .add(error);
        }
        groups.forEach((_, branches) -> branches.values().stream()
                .map(branch -> choose(branch, stepAfterAlternative(branch.getFirst(), from)))
                .min(Comparator.comparingInt(Alternatives::distance))
                .ifPresent(chosen::addAll));
        return chosen;
    }

    private static int stepAfterAlternative(Error error, int from) {
        return alternativeAt(Pointers.steps(error.getEvaluationPath().toString()), from) + 2;
    }

    /** Where the next alternative stands in {@code path}; below 0 if there is none. A field may have such a name. */
    private static int alternativeAt(List<String> path, int from) {
        for (int i = from; i + 1 < path.size(); i++) {
            boolean isName = i > 0 && NAMING.contains(path.get(i - 1));
            if (!isName && ALTERNATIVE.contains(path.get(i)) && isNumber(path.get(i + 1))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isNumber(String step) {
        return !step.isEmpty() && step.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Where in the document the alternatives stand: the error's place without the steps made below them. */
    private static String instanceOf(Error error, List<String> below) {
        int steps = 0;
        for (int i = 0; i + 1 < below.size(); i++) {
            boolean namesChild = NAMING.contains(below.get(i));
            if (namesChild || CHILDREN.contains(below.get(i))) {
                steps++;
                i += namesChild ? 1 : 0;
            }
        }
        List<String> instance = Pointers.steps(error.getInstanceLocation().toString());
        return String.join("/", instance.subList(0, Math.max(0, instance.size() - steps)));
    }

    /** An alternative of another type is far off; among the others, fewer errors are nearer. */
    private static int distance(List<Error> errors) {
        boolean otherType = errors.stream().anyMatch(error -> error.getKeyword().equals("type"));
        return errors.size() + (otherType ? 1_000 : 0);
    }
}
