package dev.orkestra.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.rules.KatalogDetails;
import dev.orkestra.rules.KatalogDetails.CrdDetails;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Details as JSON. */
final class DetailsJson {
    private DetailsJson() {}

    static ObjectNode of(KatalogDetails details, Set<Detail> asked) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        boolean isFull = asked.contains(Detail.FULL);
        if (isFull) {
            ArrayNode crds = object.putArray("crds");
            details.crds().forEach(crd -> crds.add(crd(crd)));
            ArrayNode order = object.putArray("startOrder");
            details.startOrder().forEach(step -> texts(order.addArray(), step));
        }
        if (isFull || asked.contains(Detail.PROFILES)) {
            object.set("profiles", names(details.profiles()));
        }
        if (isFull || asked.contains(Detail.NOTES)) {
            ArrayNode notes = object.putArray("notes");
            details.notes()
                    .forEach(note -> notes.addObject()
                            .put("name", note.name())
                            .put("description", OneLine.of(note.description()))
                            .put("expression", note.expression()));
        }
        return object;
    }

    static ObjectNode names(Map<String, List<String>> byClass) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        byClass.forEach((key, names) -> texts(object.putArray(key), names));
        return object;
    }

    private static ObjectNode crd(CrdDetails crd) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("name", crd.name());
        object.put("group", crd.group());
        object.put("version", crd.version());
        object.put("kind", crd.kind());
        object.put("plural", crd.plural());
        object.put("namespaced", crd.namespaced());
        object.put("namespace", crd.namespace());
        object.put("mode", crd.mode());
        ArrayNode values = object.putArray("values");
        crd.values()
                .forEach(value -> values.addObject()
                        .put("name", value.name())
                        .put("value", value.value())
                        .put("origin", value.origin()));
        texts(object.putArray("protection"), crd.protection());
        texts(object.putArray("waitsFor"), crd.waitsFor());
        texts(object.putArray("profiles"), crd.profiles());
        ArrayNode permissions = object.putArray("permissions");
        crd.permissions().forEach(permission -> {
            ObjectNode rule = permissions.addObject();
            texts(rule.putArray("apiGroups"), List.of(permission.group()));
            texts(rule.putArray("resources"), List.of(permission.resource()));
            texts(rule.putArray("verbs"), permission.verbs());
            rule.put("guessed", permission.isGuessed());
        });
        return object;
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }
}
