package dev.orkestra.katalog;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import java.nio.charset.StandardCharsets;

/**
 * The ConfigMap that carries a Katalog to an operator runtime. Name and data key are those that the runtime's chart
 * looks for. The checksum lets a Deployment's pod template follow the content, since the runtime reads it only at its
 * start. Wave 1 puts it before the runtime, which cannot start without it.
 */
final class KatalogConfigMap {
    static final String DEFAULT_NAMESPACE = "orkestra";
    static final String NAME = "orkestra-katalog";
    static final String DATA_KEY = "katalog.yaml";

    /** Kubernetes refuses a ConfigMap with more than 1 MiB of data; some room is left for its metadata. */
    static final int MAX_BYTES = 1_000_000;

    private KatalogConfigMap() {}

    static ObjectNode of(String namespace, String text) {
        ObjectNode configMap = JsonNodeFactory.instance.objectNode();
        configMap.put("apiVersion", "v1").put("kind", "ConfigMap");
        ObjectNode metadata = configMap.putObject("metadata");
        metadata.put("name", NAME).put("namespace", namespace);
        metadata.putObject("annotations")
                .put("argocd.argoproj.io/sync-wave", "1")
                .put("orkestra.dev/checksum", CanonicalJson.digest(text.getBytes(StandardCharsets.UTF_8)));
        configMap.putObject("data").put(DATA_KEY, text);
        return configMap;
    }
}
