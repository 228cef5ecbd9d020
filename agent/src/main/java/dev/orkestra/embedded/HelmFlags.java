package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.document.GoDuration;
import java.util.ArrayList;
import java.util.List;

/** The flags of Helm that the settings of a HelmRelease's actions stand for. Pure. */
final class HelmFlags {
    private HelmFlags() {}

    /** What all of an action's commands have. */
    private static List<String> of(ReleaseSpec spec, ReleaseVerb verb) {
        return new ArrayList<>(
                List.of("--namespace", spec.namespace(), "--timeout", GoDuration.text(spec.timeout(verb))));
    }

    static List<String> upgrade(ReleaseSpec spec, boolean first) {
        JsonNode action = spec.action(ReleaseVerb.of(first));
        List<String> flags = of(spec, ReleaseVerb.of(first));
        // Without one of the two Helm keeps the last values when the new ones are empty.
        flags.add(!first && action.path("preserveValues").asBoolean() ? "--reuse-values" : "--reset-values");
        flag(flags, action, "disableHooks", "--no-hooks");
        flag(flags, action, "disableOpenAPIValidation", "--disable-openapi-validation");
        flag(flags, action, "disableSchemaValidation", "--skip-schema-validation");
        flag(flags, action, "force", "--force");
        flag(flags, action, "cleanupOnFail", "--cleanup-on-fail");
        flag(flags, action, "createNamespace", "--create-namespace");
        if (action.path("crds").asText().equals("Skip")
                || action.path("skipCRDs").asBoolean()) {
            flags.add("--skip-crds");
        }
        return flags;
    }

    static List<String> rollback(ReleaseSpec spec) {
        JsonNode action = spec.action(ReleaseVerb.ROLLBACK);
        List<String> flags = of(spec, ReleaseVerb.ROLLBACK);
        flag(flags, action, "disableHooks", "--no-hooks");
        flag(flags, action, "force", "--force");
        flag(flags, action, "recreate", "--recreate-pods");
        flag(flags, action, "cleanupOnFail", "--cleanup-on-fail");
        return flags;
    }

    static List<String> uninstall(ReleaseSpec spec) {
        JsonNode action = spec.action(ReleaseVerb.UNINSTALL);
        List<String> flags = of(spec, ReleaseVerb.UNINSTALL);
        flags.add("--ignore-not-found");
        flag(flags, action, "disableHooks", "--no-hooks");
        flag(flags, action, "keepHistory", "--keep-history");
        String propagation = action.path("deletionPropagation").asText("");
        if (List.of("background", "foreground", "orphan").contains(propagation)) {
            flags.addAll(List.of("--cascade", propagation));
        }
        return flags;
    }

    static List<String> test(ReleaseSpec spec) {
        List<String> flags = of(spec, ReleaseVerb.TEST);
        for (JsonNode filter : spec.action(ReleaseVerb.TEST).path("filters")) {
            String not = filter.path("exclude").asBoolean() ? "!" : "";
            flags.addAll(List.of("--filter", not + "name=" + filter.path("name").asText()));
        }
        return flags;
    }

    private static void flag(List<String> flags, JsonNode action, String field, String flag) {
        if (action.path(field).asBoolean()) {
            flags.add(flag);
        }
    }
}
