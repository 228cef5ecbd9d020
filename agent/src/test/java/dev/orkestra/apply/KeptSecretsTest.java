package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.DamagedException;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Position;
import dev.orkestra.testing.Testbed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Resolved states hold clear Secrets; what is kept of them is for nobody without the key. */
class KeptSecretsTest {
    private static final String PASSWORD = "open-sesame";
    private static final ObjectKey KEY = new ObjectKey("", "Secret", "orkestra", SealSecret.NAME);

    private final MemoryCluster cluster = new MemoryCluster();

    @Test
    void noChunkHoldsAClearSecret() {
        save();

        assertThat(chunks()).isNotEmpty().allSatisfy((name, content) -> {
            assertThat(name).matches(".*-k[0-9a-f]{32}");
            assertThat(clear(content)).doesNotContain(PASSWORD).doesNotContain("\"entries\"");
        });
        assertThat(store().state(store().load(), state().digest())).contains(state());
    }

    @Test
    void savingTheSameInAnotherProcessMakesNoChunk() {
        Environment saved = save();
        List<String> before = List.copyOf(cluster.created);

        EnvironmentStore other = store();
        other.save(other.load().with(saved.ledger().unsettled()), state());

        assertThat(cluster.created).isEqualTo(before);
    }

    @Test
    void theLedgerIsSealedBeforeItsFirstChunk() {
        cluster.made = object -> {
            if (object.path("type").asText().equals("orkestra.dev/chunk")) {
                assertThat(cluster.list(EnvironmentStore.LEDGERS, "orkestra", ""))
                        .hasSize(1)
                        .allMatch(LedgerTrust::isSealed);
            }
        };

        save();
    }

    @Test
    void aChangedChunkIsDamageAndNothingIsRemoved() {
        save();
        ObjectKey chunk = chunk("-state-");
        byte[] content = content(object(chunk));
        content[content.length - 1] ^= 1;
        put(chunk, content);

        Environment loaded = store().load();
        DamagedException damage =
                catchThrowableOfType(DamagedException.class, () -> store().state(loaded, state().digest()));

        assertThat(damage).hasMessageContaining(chunk.name()).hasMessageNotContaining(PASSWORD);
        assertThat(damage.hint()).contains("restore it");
        assertThat(cluster.deleted).isEmpty();
    }

    /** As after "delete the ConfigLedger to begin anew": the new ledger must not point at what was damaged. */
    @Test
    void aDamagedChunkIsPutRightWhenItsContentIsWrittenAgain() {
        save();
        put(chunk("-state-"), new byte[] {1, 2, 3});
        put(chunk("-inventory-"), new byte[0]);
        cluster.objects.keySet().removeIf(key -> key.kind().equals("ConfigLedger"));

        Environment anew = save();

        assertThat(store().load()).isEqualTo(anew);
        assertThat(store().state(anew, state().digest())).contains(state());
    }

    @Test
    void aChunkUnderTheNameOfAnotherIsDamage() {
        save();
        put(chunk("-inventory-"), content(object(chunk("-state-"))));

        assertThatThrownBy(() -> store().load()).isInstanceOf(DamagedException.class);
    }

    /** Of a ledger that a person has accepted the seal does not tell it. */
    @Test
    void anotherKeyIsDamageThatNamesTheKey() {
        save();
        ObjectNode ledger =
                cluster.list(EnvironmentStore.LEDGERS, "orkestra", "").getFirst();
        byte[] other = new byte[32];
        object(KEY).withObject("/data").put("key", Base64.getEncoder().encodeToString(other));
        DamagedException refused = catchThrowableOfType(DamagedException.class, () -> store().load());
        String hash = refused.hint().replaceAll("(?s).*" + LedgerTrust.ACCEPT + "=(\\w+).*", "$1");
        ledger.withObject("/metadata/annotations").put(LedgerTrust.ACCEPT, hash);

        DamagedException damage = catchThrowableOfType(DamagedException.class, () -> store().load());

        assertThat(damage).hasMessageContaining("the Secret " + SealSecret.NAME + " holds another key");
        assertThat(cluster.deleted).isEmpty();
    }

    @Test
    void aLostKeyIsDamageAlsoWhenAPersonHasAcceptedTheLedger() {
        save();
        ObjectNode ledger =
                cluster.list(EnvironmentStore.LEDGERS, "orkestra", "").getFirst();
        ObjectNode status = ledger.path("status").deepCopy();
        status.remove(StateSeal.FIELD);
        ledger.withObject("/metadata/annotations")
                .put(LedgerTrust.ACCEPT, CanonicalJson.digest(status).substring(7, 23));
        cluster.objects.remove(KEY);

        assertThatThrownBy(() -> store().load())
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("the Secret orkestra/" + SealSecret.NAME + " is gone");
        assertThat(cluster.objects).doesNotContainKey(KEY);
        assertThat(cluster.deleted).isEmpty();
    }

    @Test
    void whatTheVersionBeforeKeptIsReadAndNotWrittenUntilTheNextSave() {
        recorded();
        List<String> before = List.copyOf(cluster.created);

        Environment loaded = store().load();

        assertThat(loaded.inventory().size()).isEqualTo(1);
        assertThat(loaded.ledger().quarantined()).hasSize(1);
        assertThat(store().state(loaded, state().digest())).contains(state());
        assertThat(cluster.created).isEqualTo(before);
        assertThat(cluster.deleted).isEmpty();
    }

    @Test
    void whatTheVersionBeforeKeptIsEncryptedWithTheNextSave() {
        recorded();
        EnvironmentStore upgraded = store();
        Environment loaded = upgraded.load();

        Environment saved = upgraded.save(loaded.with(loaded.ledger().unsettled()));

        assertThat(chunks())
                .hasSize(2)
                .allSatisfy((name, content) -> assertThat(clear(content))
                        .as(name)
                        .doesNotContain(PASSWORD)
                        .doesNotContain("entries"));
        assertThat(store().load()).isEqualTo(saved);
        assertThat(saved.inventory()).isEqualTo(loaded.inventory());
        assertThat(store().state(saved, state().digest())).contains(state());
    }

    @Test
    void aChangedChunkOfTheVersionBeforeIsDamage() {
        recorded();
        put(chunk("-inventory-"), content(object(chunk("-state-"))));

        assertThatThrownBy(() -> store().load())
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining(chunk("-inventory-").name());
    }

    private EnvironmentStore store() {
        return new EnvironmentStore(cluster, "orkestra", ApplyWorld.repo("orkestra"));
    }

    private Environment save() {
        EnvironmentStore store = store();
        return store.save(store.load(), state());
    }

    /** As in what was recorded. */
    private static DesiredState state() {
        ObjectNode login = ApplyWorld.json("{'apiVersion': 'v1', 'kind': 'Secret', 'metadata': {'name': 'login',"
                + " 'namespace': 'shop', 'labels': {'" + Labels.CONFIG_REPO + "': 'orkestra.shop'}},"
                + " 'stringData': {'password': '" + PASSWORD + "'}}");
        return Assembler.state(
                "c1",
                List.of(new DesiredObject(
                        ObjectKey.of(login),
                        login,
                        Wave.sync(0, 0),
                        Position.startOf("base/login.yaml"),
                        CanonicalJson.digest(login))));
    }

    /** What an agent that did not encrypt has written. */
    private void recorded() {
        try {
            JsonNode kept = new ObjectMapper()
                    .readTree(Files.readString(
                            Testbed.root().resolve("agent/src/test/resources/apply/kept-before-encryption.json")));
            kept.forEach(object -> cluster.objects.put(ObjectKey.of((ObjectNode) object), (ObjectNode) object));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectKey chunk(String part) {
        return cluster.objects.keySet().stream()
                .filter(key -> key.name().contains(part))
                .findFirst()
                .orElseThrow();
    }

    private ObjectNode object(ObjectKey key) {
        return Objects.requireNonNull(cluster.objects.get(key));
    }

    private void put(ObjectKey chunk, byte[] content) {
        object(chunk).withObject("/data").put("chunk", Base64.getEncoder().encodeToString(content));
    }

    private Map<String, byte[]> chunks() {
        Map<String, byte[]> chunks = new TreeMap<>();
        cluster.objects.values().stream()
                .filter(object -> object.path("type").asText().equals("orkestra.dev/chunk"))
                .forEach(object ->
                        chunks.put(object.path("metadata").path("name").asText(), content(object)));
        return chunks;
    }

    private static byte[] content(ObjectNode chunk) {
        return Base64.getDecoder().decode(chunk.path("data").path("chunk").asText());
    }

    /** The bytes as text, unpacked where they are only packed. */
    private static String clear(byte[] content) {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(content))) {
            return new String(gzip.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return new String(content, StandardCharsets.ISO_8859_1);
        }
    }
}
