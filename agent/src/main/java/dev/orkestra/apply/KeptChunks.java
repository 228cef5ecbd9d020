package dev.orkestra.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orkestra.apply.EnvironmentStore.DamagedException;
import dev.orkestra.document.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Values in the chunks of one ledger, and which chunks are there as far as this process knows. */
final class KeptChunks {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SecretChunks chunks;
    private final String namespace;
    private final String label;
    /** Empty until this process has looked for what others left. */
    private Optional<Set<String>> stored = Optional.empty();

    /** @param label value of orkestra.dev/config-repo */
    KeptChunks(SecretChunks chunks, String namespace, String label) {
        this.chunks = chunks;
        this.namespace = namespace;
        this.label = label;
    }

    /** What is there is not known any more: the next sweep looks. */
    void forget() {
        stored = Optional.empty();
    }

    /** The names of the chunks that hold {@code value}. */
    List<String> write(ChunkSeal.Place place, JsonNode value) {
        return write(place, CanonicalJson.bytes(value));
    }

    private List<String> write(ChunkSeal.Place place, byte[] bytes) {
        List<String> written = chunks.write(place, label, bytes);
        stored.ifPresent(known -> known.addAll(written));
        return written;
    }

    /**
     * {@code names} when they are encrypted, else those of new chunks that say the same and are. What cannot be read
     * stays as it is: that is told to whoever needs it.
     */
    List<String> sealed(ChunkSeal.Place place, List<String> names) {
        return SecretChunks.areSealed(names)
                ? names
                : chunks.read(place, names).map(bytes -> write(place, bytes)).orElse(names);
    }

    /**
     * What the chunks {@code names} hold.
     *
     * @param what names it for people
     * @throws DamagedException when it cannot be read
     */
    JsonNode read(ChunkSeal.Place place, String what, List<String> names) {
        byte[] bytes = chunks.read(place, names).orElseThrow(() -> damaged(what, names));
        try {
            return JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
        } catch (JsonProcessingException _) {
            // Not in the parser's words: they quote, and what they quote may be secret.
            throw new DamagedException("the kept " + what + " is not JSON");
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory does not fail", e);
        }
    }

    private DamagedException damaged(String what, List<String> names) {
        String start = "the kept " + what + " is damaged: one of the Secrets " + names + " in namespace " + namespace
                + " is missing or was changed";
        return SecretChunks.areSealed(names)
                ? new DamagedException(
                        start + ", or the Secret " + SealSecret.NAME + " holds another key than theirs",
                        "restore it, or delete the ConfigLedger to begin anew: objects stay as they are")
                : new DamagedException(start);
    }

    /** Removes all chunks of {@code ledger} but {@code needed}. What a crash left is found once, by a list. */
    void sweep(String ledger, Set<String> needed) {
        if (stored.isEmpty()) {
            chunks.removeExcept(ledger, needed);
        } else {
            stored.get().stream().filter(chunk -> !needed.contains(chunk)).forEach(chunks::remove);
        }
        stored = Optional.of(new TreeSet<>(needed));
    }

    /** Removes all chunks of {@code ledger}. */
    void removeAll(String ledger) {
        chunks.removeExcept(ledger, List.of());
    }
}
