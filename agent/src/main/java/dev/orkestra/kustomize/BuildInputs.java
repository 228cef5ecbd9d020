package dev.orkestra.kustomize;

import dev.orkestra.document.CanonicalJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that a build needs, and nothing else.
 *
 * @param folder path of the folder from the repository's root; "" for the root
 * @param metadata what the folder's kustomization has under {@code buildMetadata}, which kustomize heeds only in the
 *     kustomization that it is started with
 * @param files contents by path from the repository's root
 */
public record BuildInputs(String folder, List<String> metadata, SortedMap<String, byte[]> files) {
    /** What paths in annotations of origin begin with: the build starts from a folder beside the repository's root. */
    public static final String PREFIX = "../repo/";

    public BuildInputs {
        metadata = List.copyOf(metadata);
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** A digest over everything, so that two inputs with the same one are the same. */
    public String digest() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        add(all, folder.getBytes(StandardCharsets.UTF_8));
        add(all, String.join(",", metadata).getBytes(StandardCharsets.UTF_8));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            add(all, file.getKey().getBytes(StandardCharsets.UTF_8));
            add(all, file.getValue());
        }
        return CanonicalJson.digest(all.toByteArray());
    }

    /** With its length before it, so that no two lists of parts come to the same bytes. */
    private static void add(ByteArrayOutputStream all, byte[] part) {
        all.writeBytes((part.length + ":").getBytes(StandardCharsets.UTF_8));
        all.writeBytes(part);
    }
}
