package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.document.CanonicalJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Bytes kept in immutable Secrets of the agent's namespace: compressed, cut so that each stays below the API server's
 * 1 MiB, and encrypted (DESIGN.md §6). A chunk is named after its content: writing the same bytes twice writes nothing,
 * and a chunk that was tampered with is found out. The version before did not encrypt; its chunks are read as well.
 */
final class SecretChunks {
    /** DESIGN.md §6: "under 900 KiB each", counted before base64 makes a third more of it. */
    private static final int CHUNK_BYTES = 640 * 1024;
    /** What one value may unpack to; 10,000 objects of 6 KB. A bomb in a Secret must not take the agent down. */
    private static final int MAX_BYTES = 64 * 1024 * 1024;

    private static final String DATA_KEY = "chunk";
    /** Before the digits of a chunk that is encrypted; no digit itself. */
    private static final String KEYED = "k";

    private static final Pattern DIGITS = Pattern.compile(".*-(k?)([0-9a-f]{" + ChunkSeal.NAME_DIGITS + "})");
    static final ResourceType SECRETS = new ResourceType("", "v1", "Secret", "secrets", true);

    private final Cluster cluster;
    private final String namespace;
    private final StateSeal key;
    private volatile Optional<ChunkSeal> seal = Optional.empty();

    SecretChunks(Cluster cluster, String namespace, StateSeal key) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.key = key;
    }

    /**
     * Writes {@code bytes} and returns the names of its chunks, in order. Nothing points at them yet.
     *
     * @param place the ledger that will point at them, and what they hold. It is part of their names: two ledgers with
     *     the same content must not share a chunk, or the one that moves on would take it from the other
     * @param label value of orkestra.dev/config-repo
     */
    List<String> write(ChunkSeal.Place place, String label, byte[] bytes) {
        ChunkSeal sealing = seal.orElseGet(() -> new ChunkSeal(key.key()));
        seal = Optional.of(sealing);
        byte[] packed = pack(bytes);
        List<String> names = new ArrayList<>();
        for (int from = 0; from < packed.length; from += CHUNK_BYTES) {
            ChunkSeal.Sealed chunk =
                    sealing.seal(place, Arrays.copyOfRange(packed, from, Math.min(packed.length, from + CHUNK_BYTES)));
            String name = place.ledger() + "-" + place.what() + "-" + KEYED + chunk.digits();
            createIfAbsent(name, place, label, chunk.bytes());
            names.add(name);
        }
        return names;
    }

    /** Whether the chunks with these names are encrypted; those of the version before are not. */
    static boolean areSealed(List<String> names) {
        return names.stream()
                .map(DIGITS::matcher)
                .allMatch(digits -> digits.matches() && !digits.group(1).isEmpty());
    }

    /**
     * The bytes behind {@code names}; empty when a chunk is gone or is not what its name says, or when the key is
     * another one by now.
     *
     * @throws EnvironmentStore.DamagedException when the key is gone
     */
    Optional<byte[]> read(ChunkSeal.Place place, List<String> names) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (String name : names) {
            Optional<byte[]> chunk = cluster.get(SECRETS, namespace, name)
                    .flatMap(SecretChunks::content)
                    .flatMap(content -> opened(place, name, content));
            if (chunk.isEmpty()) {
                return Optional.empty();
            }
            packed.writeBytes(chunk.get());
        }
        return unpack(packed.toByteArray());
    }

    /** The name says which of the two it is, and the ledger vouches for the name: neither passes for the other. */
    private Optional<byte[]> opened(ChunkSeal.Place place, String name, byte[] content) {
        Matcher digits = DIGITS.matcher(name);
        if (!digits.matches()) {
            return Optional.empty();
        }
        if (digits.group(1).isEmpty()) {
            return Optional.of(content).filter(plain -> digits(plain).equals(digits.group(2)));
        }
        ChunkSeal opening = seal.orElseGet(() -> new ChunkSeal(key.known()));
        seal = Optional.of(opening);
        return opening.open(place, digits.group(2), content);
    }

    /** Empty when it is not base64: somebody wrote the Secret through an API that does not check. */
    private static Optional<byte[]> content(ObjectNode secret) {
        try {
            return Optional.of(Base64.getDecoder()
                    .decode(secret.path("data").path(DATA_KEY).asText("")));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Removes the chunks of {@code ledger} that are not named in {@code keep}. Called after the pointer moved. */
    void removeExcept(String ledger, Collection<String> keep) {
        Set<String> kept = Set.copyOf(keep);
        for (ObjectNode secret : cluster.list(SECRETS, namespace, Labels.CHUNK + "=" + ledger)) {
            String name = secret.path("metadata").path("name").asText();
            if (!kept.contains(name)) {
                cluster.delete(
                        SECRETS,
                        namespace,
                        name,
                        secret.path("metadata").path("uid").asText());
            }
        }
    }

    /** Removes one chunk that nothing points at any more. */
    void remove(String name) {
        cluster.delete(SECRETS, namespace, name, "");
    }

    /** One that is there under this name and is another is what somebody has damaged: it is put right. */
    private void createIfAbsent(String name, ChunkSeal.Place place, String label, byte[] chunk) {
        ObjectNode secret = JsonNodeFactory.instance.objectNode();
        secret.put("apiVersion", "v1").put("kind", "Secret").put("type", "orkestra.dev/chunk");
        secret.put("immutable", true);
        ObjectNode metadata = secret.putObject("metadata").put("name", name).put("namespace", namespace);
        metadata.putObject("labels").put(Labels.CONFIG_REPO, label).put(Labels.CHUNK, place.ledger());
        secret.putObject("data").put(DATA_KEY, Base64.getEncoder().encodeToString(chunk));
        if (createdNow(secret)) {
            return;
        }
        Optional<ObjectNode> damaged = cluster.get(SECRETS, namespace, name)
                .filter(there -> content(there)
                        .flatMap(content -> opened(place, name, content))
                        .isEmpty());
        if (damaged.isPresent()) {
            cluster.delete(
                    SECRETS,
                    namespace,
                    name,
                    damaged.get().path("metadata").path("uid").asText());
            cluster.create(SECRETS, secret, Labels.MANAGER);
        }
    }

    private boolean createdNow(ObjectNode secret) {
        try {
            cluster.create(SECRETS, secret, Labels.MANAGER);
            return true;
        } catch (ClusterException e) {
            if (e.reason() == ClusterException.Reason.ALREADY_EXISTS) {
                return false;
            }
            throw e;
        }
    }

    /** As the version before named a chunk. */
    private static String digits(byte[] chunk) {
        String digest = CanonicalJson.digest(chunk);
        return digest.substring("sha256:".length(), "sha256:".length() + ChunkSeal.NAME_DIGITS);
    }

    private static byte[] pack(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        return packed.toByteArray();
    }

    private static Optional<byte[]> unpack(byte[] packed) {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] bytes = gzip.readNBytes(MAX_BYTES + 1);
            return bytes.length > MAX_BYTES ? Optional.empty() : Optional.of(bytes);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
