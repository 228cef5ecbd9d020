package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.document.ReadResult;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The values of a release: {@code spec.valuesFrom} in order, {@code spec.values} on top, as Flux merges them. The
 * ConfigMaps and Secrets are read in the HelmRelease's namespace and in the name of the group's identity.
 *
 * @param values the merged values
 * @param secrets what came out of Secrets, never to be written anywhere
 * @param fromSecrets whether anything did, however short
 */
record ReleaseValues(ObjectNode values, SecretWords secrets, boolean fromSecrets) {
    /** A reference that cannot be resolved. Its message says where, never what is in it. */
    static final class Unresolved extends Exception {
        private static final long serialVersionUID = 1L;

        Unresolved(String message) {
            super(message);
        }

        /** Never null, unlike that of other exceptions. */
        @Override
        public String getMessage() {
            String message = super.getMessage();
            return message == null ? "" : message;
        }
    }

    /**
     * One entry of {@code valuesFrom}.
     *
     * @param path empty: the text is a YAML mapping, merged at the root
     * @param optional whether it may be missing
     */
    private record Reference(String kind, String namespace, String name, String key, String path, boolean optional) {
        static Reference of(JsonNode written, String namespace) {
            return new Reference(
                    written.path("kind").asText(),
                    namespace,
                    written.path("name").asText(),
                    written.path("valuesKey").asText("values.yaml"),
                    written.path("targetPath").asText(""),
                    written.path("optional").asBoolean());
        }

        Unresolved because(String why) {
            return new Unresolved("could not resolve " + kind + " chart values reference '" + namespace + "/" + name
                    + "' with key '" + key + "': " + why);
        }
    }

    /** @param cluster asked as the group's identity */
    static ReleaseValues read(Cluster cluster, ObjectNode release) throws Unresolved {
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        List<JsonNode> secrets = new ArrayList<>();
        String namespace = ObjectKey.of(release).namespace();
        for (JsonNode written : release.path("spec").path("valuesFrom")) {
            Reference reference = Reference.of(written, namespace);
            Optional<String> text = text(cluster, reference);
            if (text.isPresent()) {
                JsonNode content = merge(values, reference, text.get());
                if (reference.kind().equals("Secret")) {
                    secrets.add(content);
                }
            }
        }
        if (release.path("spec").path("values") instanceof ObjectNode own) {
            merge(values, own);
        }
        return new ReleaseValues(values, SecretWords.of(secrets), !secrets.isEmpty());
    }

    private static JsonNode merge(ObjectNode values, Reference reference, String text) throws Unresolved {
        if (!reference.path().isEmpty()) {
            ValuePath path = ValuePath.parse(reference.path())
                    .orElseThrow(() -> reference.because("targetPath '" + reference.path() + "' cannot be read"));
            JsonNode value = ValuePath.value(text);
            path.put(values, value);
            return value;
        }
        ReadResult read = DocumentReader.read("values", text.getBytes(StandardCharsets.UTF_8));
        if (read.hasErrors() || read.documents().size() > 1) {
            // The reader's own words quote what they are about.
            throw reference.because("it is not one YAML document"
                    + read.findings().stream()
                            .flatMap(finding -> Optional.ofNullable(finding.position()).stream())
                            .map(position -> " (line " + position.line() + ")")
                            .findFirst()
                            .orElse(""));
        }
        JsonNode content = read.documents().isEmpty()
                ? JsonNodeFactory.instance.objectNode()
                : read.documents().getFirst().root().toJson();
        if (content instanceof ObjectNode mapping) {
            merge(values, mapping);
        } else if (!content.isNull()) {
            throw reference.because("it is not a YAML mapping");
        }
        return content;
    }

    /** Mappings are merged, all else is replaced; a null stays, and tells Helm to drop the chart's default. */
    private static void merge(ObjectNode base, ObjectNode over) {
        over.properties().forEach(entry -> {
            if (base.path(entry.getKey()) instanceof ObjectNode inner && entry.getValue() instanceof ObjectNode more) {
                merge(inner, more);
            } else {
                base.set(entry.getKey(), entry.getValue().deepCopy());
            }
        });
    }

    private static Optional<String> text(Cluster cluster, Reference reference) throws Unresolved {
        if (!reference.kind().equals("Secret") && !reference.kind().equals("ConfigMap")) {
            throw reference.because("the kind must be ConfigMap or Secret");
        }
        Optional<ObjectNode> object;
        try {
            object = cluster.get(cluster.resourceType("v1", reference.kind()), reference.namespace(), reference.name());
        } catch (ClusterException refused) {
            throw reference.because(refused.getMessage());
        }
        if (object.isEmpty() && !reference.optional()) {
            throw reference.because("it does not exist");
        }
        if (object.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> text = text(object.get(), reference);
        if (text.isEmpty() && !reference.optional()) {
            throw reference.because("it has no such key");
        }
        return text;
    }

    private static Optional<String> text(ObjectNode object, Reference reference) throws Unresolved {
        boolean secret = reference.kind().equals("Secret");
        if (!secret && object.path("data").has(reference.key())) {
            return Optional.of(object.path("data").path(reference.key()).asText());
        }
        JsonNode encoded = object.path(secret ? "data" : "binaryData").path(reference.key());
        if (!encoded.isTextual()) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(encoded.asText());
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw reference.because("it is not text in UTF-8");
        }
    }

    /** Without the values. */
    @Override
    public String toString() {
        return "values of " + values.size() + " keys";
    }
}
