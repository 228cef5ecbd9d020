package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fields for which the API server returns another value than the one applied: a mutating webhook's work. It is no
 * difference afterwards, since what was returned is what the next look compares with; but whoever reads the plan should
 * know that it is not Git's value which will stand there.
 */
final class Rewritten {
    private static final int MOST_FIELDS = 5;

    /** The server writes {@code 1000m} as {@code 1}, and nobody has changed anything. */
    private static final Pattern QUANTITY = Pattern.compile("[+-]?[0-9.]+([eE][+-]?[0-9]+|[KMGTPE]i|[numkMGTPE])?");

    private Rewritten() {}

    /** What to say of it; empty when there is nothing. Only names, no values. */
    static String note(ObjectNode wanted, ObjectNode result) {
        List<String> fields = BodyDiff.between(wanted, result).stream()
                .filter(change -> isOther(change.before(), change.after()))
                .map(change -> change.path().toString())
                .toList();
        if (fields.isEmpty()) {
            return "";
        }
        String more = fields.size() > MOST_FIELDS ? " and " + (fields.size() - MOST_FIELDS) + " more" : "";
        return fields.stream()
                .limit(MOST_FIELDS)
                .collect(Collectors.joining(
                        ", ", "a webhook, or the API server, puts another value than Git's: ", more));
    }

    /** What is only added, or left out, or told in another form, is not rewritten. */
    private static boolean isOther(@Nullable JsonNode before, @Nullable JsonNode after) {
        return before != null
                && after != null
                && before.isValueNode()
                && before.getNodeType() == after.getNodeType()
                && !(QUANTITY.matcher(before.asText()).matches()
                        && QUANTITY.matcher(after.asText()).matches()
                        && before.isTextual());
    }
}
