package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The namespaces, CRDs and webhooks of a commit, by what needs them. */
final class Bringers {
    private final Map<String, DesiredObject> namespaces = new HashMap<>();
    private final Map<String, DesiredObject> kinds = new HashMap<>();
    private final List<DesiredObject> webhooks = new ArrayList<>();
    private final Map<ObjectKey, ObjectNode> live;

    Bringers(DesiredState desired, Map<ObjectKey, ObjectNode> live) {
        this.live = live;
        for (DesiredObject object : desired.objects()) {
            ObjectKey key = object.key();
            if (key.kind().equals("Namespace") && key.group().isEmpty()) {
                namespaces.put(key.name(), object);
            } else if (key.kind().equals("CustomResourceDefinition")) {
                JsonNode spec = object.body().path("spec");
                kinds.put(
                        spec.path("group").asText()
                                + "/"
                                + spec.path("names").path("kind").asText(),
                        object);
            } else if (Webhooks.isConfiguration(key) && !live.containsKey(key)) {
                webhooks.add(object);
            }
        }
    }

    /** What brings the kind of {@code object}, or null when the commit does not. */
    @Nullable
    DesiredObject ofKind(DesiredObject object) {
        return kinds.get(object.key().group() + "/" + object.key().kind());
    }

    /** What brings the namespace of {@code object}, or null when the commit does not. */
    @Nullable
    DesiredObject ofNamespace(DesiredObject object) {
        return object.key().namespace().isEmpty()
                ? null
                : namespaces.get(object.key().namespace());
    }

    /** What must be applied before {@code object} can even be asked about, or null. */
    @Nullable
    DesiredObject missing(DesiredObject object) {
        DesiredObject kind = ofKind(object);
        if (kind != null && !live.containsKey(kind.key())) {
            return kind;
        }
        DesiredObject namespace = ofNamespace(object);
        if (namespace != null && !live.containsKey(namespace.key())) {
            return namespace;
        }
        // One of a later wave has no say in it yet.
        return webhooks.stream()
                .filter(webhook -> webhook.wave().compareTo(object.wave()) < 0)
                .filter(webhook -> Webhooks.concerns(webhook.body(), object.key()))
                .findFirst()
                .orElse(null);
    }
}
