package dev.orkestra.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.registry.OciReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What an artifact consists of, as far as it is files. Layers without a title are no files, and left out as ORAS does.
 */
record OciManifest(List<Layer> layers) {
    /** Every kind of manifest, so that a registry gives the index itself and not one of its images. */
    static final String ACCEPT = "application/vnd.oci.image.manifest.v1+json,"
            + "application/vnd.docker.distribution.manifest.v2+json,"
            + "application/vnd.oci.artifact.manifest.v1+json,"
            + "application/vnd.oci.image.index.v1+json,"
            + "application/vnd.docker.distribution.manifest.list.v2+json";
    /** What registries are asked to take at least (distribution specification 1.1); more is no use to anybody. */
    static final int MAX_BYTES = 4 << 20;

    private static final int MAX_LAYERS = 1_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String MEND = "push it with oras or 'ork push'";

    /**
     * One file, or a packed folder.
     *
     * @param title path, from the artifact's folder
     * @param size in bytes
     * @param packed a tar+gzip whose files are meant
     */
    record Layer(String digest, String title, long size, boolean packed) {}

    OciManifest {
        layers = List.copyOf(layers);
    }

    /** What all layers have together as they are sent; the highest number where it is more. */
    long bytes() {
        long sum = 0;
        for (Layer layer : layers) {
            sum = layer.size > Long.MAX_VALUE - sum ? Long.MAX_VALUE : sum + layer.size;
        }
        return sum;
    }

    static OciManifest read(byte[] bytes) throws ImportTrouble {
        JsonNode root = parse(bytes);
        // An artifact manifest calls its layers blobs; it was never released, but registries hold some.
        JsonNode listed = root.has("layers") ? root.path("layers") : root.path("blobs");
        if (root.path("manifests").isArray() && !listed.isArray()) {
            throw new ImportTrouble(
                    ErrorCode.ImportNotAllowed,
                    "this is an index of several artifacts",
                    "name the digest of one of them as the version");
        }
        if (!listed.isArray() || listed.size() > MAX_LAYERS) {
            throw broken("its manifest has no list of layers, or more than " + MAX_LAYERS);
        }
        List<Layer> layers = new ArrayList<>();
        for (JsonNode each : listed) {
            JsonNode annotations = each.path("annotations");
            String title = annotations.path("org.opencontainers.image.title").asText("");
            boolean packed =
                    annotations.path("io.deis.oras.content.unpack").asText("").equals("true");
            if (!title.isEmpty() || packed) {
                layers.add(layer(each, title, packed));
            }
        }
        if (layers.isEmpty()) {
            throw broken("it holds no files: none of its layers has a title");
        }
        return new OciManifest(layers);
    }

    private static Layer layer(JsonNode layer, String title, boolean packed) throws ImportTrouble {
        String digest = layer.path("digest").asText("");
        JsonNode size = layer.path("size");
        if (!OciReference.isDigest(digest) || !size.canConvertToLong() || size.asLong() < 0) {
            throw broken("its manifest has a layer without a sha256 digest or a size");
        }
        return new Layer(digest, packed ? title : FileName.checked(title), size.asLong(), packed);
    }

    private static JsonNode parse(byte[] bytes) throws ImportTrouble {
        try {
            JsonNode root = JSON.readTree(bytes);
            if (root != null && root.isObject()) {
                return root;
            }
        } catch (IOException e) {
            // Said below: whoever imports can do nothing about the place of the error. Bytes that are no text are an
            // IOException that is none of Jackson's own.
        }
        throw broken("its manifest is no JSON object");
    }

    private static ImportTrouble broken(String message) {
        return new ImportTrouble(ErrorCode.WrongValue, message, MEND);
    }
}
