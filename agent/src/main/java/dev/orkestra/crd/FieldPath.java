package dev.orkestra.crd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Paths as rules name fields: {@code .spec.ports}, {@code .labels['a.b']}; never into lists. */
final class FieldPath {
    private FieldPath() {}

    /** The steps of {@code path}; empty when it is none. */
    static Optional<List<String>> steps(String path) {
        List<String> steps = new ArrayList<>();
        int at = 0;
        while (at < path.length()) {
            if (path.startsWith("['", at)) {
                int end = path.indexOf("']", at);
                if (end < 0) {
                    return Optional.empty();
                }
                steps.add(path.substring(at + 2, end).replace("\\'", "'").replace("\\\\", "\\"));
                at = end + 2;
            } else if (path.charAt(at) == '.') {
                int end = at + 1;
                while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
                    end++;
                }
                if (end == at + 1) {
                    return Optional.empty();
                }
                steps.add(path.substring(at + 1, end));
                at = end;
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(steps);
    }

    /** Whether the steps lead to a field that {@code schema} knows. */
    static boolean isKnown(Schema schema, List<String> steps) {
        Optional<Schema> at = Optional.of(schema);
        for (String step : steps) {
            at = at.flatMap(known -> known.at(step));
        }
        return at.isPresent();
    }
}
