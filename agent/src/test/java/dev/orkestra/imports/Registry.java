package dev.orkestra.imports;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The documents of a registry, as tests push them to a real one and put them on pages of their own. */
final class Registry {
    private Registry() {}

    /** The manifest of an artifact whose layers are {@code files}, each with its name as the title. */
    static ObjectNode manifest(Map<String, byte[]> files) {
        ObjectNode manifest = JsonNodeFactory.instance.objectNode();
        manifest.put("schemaVersion", 2).put("mediaType", "application/vnd.oci.image.manifest.v1+json");
        manifest.set("config", descriptor("application/vnd.orkestra.config.v1+json", bytes("{}")));
        ArrayNode layers = manifest.putArray("layers");
        files.forEach((title, content) -> layers.add(layer(title, content)));
        return manifest;
    }

    static ObjectNode layer(String title, byte[] content) {
        ObjectNode layer = descriptor("application/vnd.orkestra.file.v1", content);
        layer.putObject("annotations").put("org.opencontainers.image.title", title);
        return layer;
    }

    /** A layer that is a folder, as ORAS packs one. */
    static ObjectNode folder(String title, byte[] tgz) {
        ObjectNode layer = layer(title, tgz);
        ((ObjectNode) layer.get("annotations")).put("io.deis.oras.content.unpack", "true");
        return layer;
    }

    private static ObjectNode descriptor(String mediaType, byte[] content) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("mediaType", mediaType)
                .put("digest", CanonicalJson.digest(content))
                .put("size", content.length);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Puts an artifact on pages of {@code server}; answers its manifest's digest. */
    static String put(WebServer server, String name, String tag, ObjectNode manifest, byte[]... blobs) {
        for (byte[] blob : blobs) {
            server.put("/v2/" + name + "/blobs/" + CanonicalJson.digest(blob), WebServer.bytes(blob));
        }
        byte[] bytes = bytes(manifest.toString());
        String digest = CanonicalJson.digest(bytes);
        server.put("/v2/" + name + "/manifests/" + tag, WebServer.bytes(bytes));
        server.put("/v2/" + name + "/manifests/" + digest, WebServer.bytes(bytes));
        return digest;
    }

    /** Fills an archive. */
    @FunctionalInterface
    interface Filling {
        void into(TarArchiveOutputStream tar) throws IOException;
    }

    static byte[] tgz(Filling filling) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes), "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            filling.into(tar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static void entry(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    static void link(TarArchiveOutputStream tar, String name, byte kind, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }
}
