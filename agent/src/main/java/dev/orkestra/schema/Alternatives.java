package dev.orkestra.schema;

import com.networknt.schema.Error;
import dev.orkestra.document.Pointers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a schema offers alternatives, a validator reports what is wrong with each of them. People meant one: this
 * keeps the errors of the alternative that came nearest.
 */
final class Alternatives {
    private static final Pattern BRANCH = Pattern.compile("(.*?/(?:anyOf|oneOf))/(\\d+)(/.*)?");

    /** Keywords whose next token is the name of a child, and those that lead to a child at once. */
    private static final Set<String> NAMING = Set.of("properties", "patternProperties", "prefixItems");

    private static final Set<String> CHILDREN = Set.of("items", "additionalProperties", "unevaluatedProperties");

    private Alternatives() {}

    static List<Error> choose(List<Error> errors) {
        List<Error> chosen = new ArrayList<>();
        Map<String, Map<String, List<Error>>> groups = new LinkedHashMap<>();
        for (Error error : errors) {
            Matcher branch = BRANCH.matcher(error.getEvaluationPath().toString());
            if (branch.matches()) {
                // Items of one list share the path in the schema; the place in the document tells them apart.
                String place = branch.group(1) + " at " + instanceOf(error, branch.group(3));
                groups.computeIfAbsent(place, _ -> new LinkedHashMap<>())
                        .computeIfAbsent(branch.group(2), _ -> new ArrayList<>())
                        .add(error);
            } else {
                chosen.add(error);
            }
        }
        groups.values()
                .forEach(branches -> chosen.addAll(branches.values().stream()
                        .min(Comparator.comparingInt(Alternatives::distance))
                        .orElse(List.of())));
        return chosen;
    }

    /** Where in the document the alternatives stand: the error's place without the steps made below them. */
    private static String instanceOf(Error error, @Nullable String below) {
        int steps = 0;
        String[] tokens = below == null ? new String[0] : below.substring(1).split("/", -1);
        for (int i = 0; i + 1 < tokens.length; i++) {
            boolean namesChild = NAMING.contains(tokens[i]);
            if (namesChild || CHILDREN.contains(tokens[i])) {
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
