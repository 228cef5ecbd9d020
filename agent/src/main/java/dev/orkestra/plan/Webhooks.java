package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.document.ObjectKey;
import java.util.Locale;
import java.util.Set;

/** Which objects an admission webhook will have a say in, as near as its rules tell without a cluster. */
final class Webhooks {
    private static final Set<String> KINDS = Set.of("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration");

    private Webhooks() {}

    static boolean isConfiguration(ObjectKey key) {
        return key.group().equals("admissionregistration.k8s.io") && KINDS.contains(key.kind());
    }

    /** Whether a rule of {@code configuration} names the kind of {@code key}; selectors are not looked at. */
    static boolean concerns(JsonNode configuration, ObjectKey key) {
        for (JsonNode webhook : configuration.path("webhooks")) {
            for (JsonNode rule : webhook.path("rules")) {
                if (holds(rule.path("apiGroups"), key.group()) && holds(rule.path("resources"), plural(key.kind()))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean holds(JsonNode list, String wanted) {
        for (JsonNode each : list) {
            if (each.asText().equals("*")
                    || each.asText().equals("*/*")
                    || each.asText().equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** As Kubernetes guesses it where nobody says otherwise. */
    private static String plural(String kind) {
        String name = kind.toLowerCase(Locale.ROOT);
        if (name.endsWith("s") || name.endsWith("x") || name.endsWith("ch")) {
            return name + "es";
        }
        return name.endsWith("y") && !name.matches(".*[aeiou]y")
                ? name.substring(0, name.length() - 1) + "ies"
                : name + "s";
    }
}
