package dev.orkestra.registry;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.web.Origin;
import dev.orkestra.web.WebClient;
import dev.orkestra.web.WebTrouble;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;

/**
 * Pushes an artifact of one layer. What the registry has already is not sent again, and the same artifact is always the
 * same bytes, so that pushing twice is one push and a look.
 */
public final class OciPush {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

    private OciPush() {}

    /**
     * One part of an artifact.
     *
     * @param mediaType what it is
     */
    @SuppressWarnings("ArrayRecordComponent") // sent once, never compared
    public record Blob(String mediaType, byte[] content) {
        String digest() {
            return CanonicalJson.digest(content);
        }

        ObjectNode descriptor() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("mediaType", mediaType)
                    .put("digest", digest())
                    .put("size", content.length);
        }
    }

    /**
     * Makes the tag or digest that {@code session} was opened for name this artifact.
     *
     * @param session with {@link OciSession.Right#PUSH}
     * @return the manifest's digest
     */
    public static String push(OciSession session, Blob config, Blob layer, Map<String, String> annotations)
            throws RegistryTrouble, WebTrouble, InterruptedException {
        ObjectNode manifest = JsonNodeFactory.instance.objectNode();
        manifest.put("schemaVersion", 2).put("mediaType", MANIFEST);
        manifest.set("config", config.descriptor());
        manifest.putArray("layers").add(layer.descriptor());
        ObjectNode words = manifest.putObject("annotations");
        annotations.forEach(words::put);
        byte[] bytes = CanonicalJson.bytes(manifest);
        String digest = CanonicalJson.digest(bytes);
        if (isThere(session, digest)) {
            return digest;
        }
        upload(session, config);
        upload(session, layer);
        URI uri = session.reference().manifest();
        expect(
                201,
                session.send("PUT", uri, Map.of("Content-Type", MANIFEST), Optional.of(bytes), 0),
                session,
                "pushing " + session.reference().name());
        return digest;
    }

    private static boolean isThere(OciSession session, String digest)
            throws RegistryTrouble, WebTrouble, InterruptedException {
        WebClient.Answer answer =
                session.send("HEAD", session.reference().manifest(), Map.of("Accept", MANIFEST), Optional.empty(), 0);
        return answer.status() == 200
                && answer.headers()
                        .firstValue("Docker-Content-Digest")
                        .orElse("")
                        .equals(digest);
    }

    private static void upload(OciSession session, Blob blob) throws RegistryTrouble, WebTrouble, InterruptedException {
        OciReference repository = session.reference();
        URI there = repository.blob(blob.digest());
        if (session.send("HEAD", there, Map.of(), Optional.empty(), 0).status() == 200) {
            return;
        }
        String what = "pushing " + repository.name();
        WebClient.Answer begun = session.send("POST", repository.uploads(), Map.of(), Optional.of(new byte[0]), 0);
        expect(202, begun, session, what);
        URI place = place(repository, begun);
        URI whole = URI.create(place + (place.getRawQuery() == null ? "?" : "&") + "digest=" + blob.digest());
        WebClient.Answer done = session.send(
                "PUT", whole, Map.of("Content-Type", "application/octet-stream"), Optional.of(blob.content), 0);
        expect(201, done, session, what);
    }

    /** Where the registry wants the blob: only itself, since it is shown the credentials there as well. */
    private static URI place(OciReference repository, WebClient.Answer begun) throws RegistryTrouble {
        try {
            URI place = repository
                    .uploads()
                    .resolve(new URI(begun.headers().firstValue("Location").orElse("")));
            if (WebClient.isWeb(place) && Origin.of(place).equals(Origin.of(repository.base()))) {
                return place;
            }
        } catch (URISyntaxException e) {
            // Said below: where it leads does not matter.
        }
        throw new RegistryTrouble(
                RegistryTrouble.Kind.BROKEN,
                "the registry wants an upload to go to another server",
                "see whether the registry knows the address that it is reached at");
    }

    private static void expect(int status, WebClient.Answer answer, OciSession session, String what)
            throws RegistryTrouble {
        if (answer.status() != status) {
            throw session.refused(answer.status(), what);
        }
    }
}
