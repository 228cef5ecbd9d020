package dev.orkestra.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.run.LedgerJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The parts of a ConfigLedger's status. */
final class LedgerDocument {
    private static final int HASH_DIGITS = 10;

    private LedgerDocument() {}

    /** The status without its seal. */
    static ObjectNode status(Environment environment, List<String> inventoryChunks) {
        ObjectNode status = LedgerJson.write(environment.ledger());
        ObjectNode storage = status.putObject("storage");
        storage.set("inventory", array(inventoryChunks));
        ObjectNode states = storage.putObject("states");
        new TreeMap<>(environment.states()).forEach((digest, names) -> states.set(digest, array(names)));
        return status;
    }

    static List<String> names(JsonNode array) {
        List<String> names = new ArrayList<>();
        array.forEach(name -> names.add(name.asText()));
        return names;
    }

    private static ArrayNode array(List<String> names) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        names.forEach(array::add);
        return array;
    }

    static ObjectNode fresh(String namespace, String name, String label, ObjectNode spec) {
        ObjectNode ledger = JsonNodeFactory.instance.objectNode();
        ledger.put("apiVersion", EnvironmentStore.LEDGERS.apiVersion()).put("kind", EnvironmentStore.LEDGERS.kind());
        ObjectNode metadata = ledger.putObject("metadata").put("name", name).put("namespace", namespace);
        metadata.putObject("labels").put(Labels.CONFIG_REPO, label);
        ledger.set("spec", spec.deepCopy());
        return ledger;
    }

    /** DESIGN.md §6: keyed by URL, path and name, so that a re-created ConfigRepo finds its ledger again. */
    static String shortHash(ConfigRepo repo) {
        String key = repo.source().url() + "\n" + repo.overlay() + "\n" + repo.name();
        return CanonicalJson.digest(key.getBytes(StandardCharsets.UTF_8))
                .substring("sha256:".length(), "sha256:".length() + HASH_DIGITS);
    }
}
