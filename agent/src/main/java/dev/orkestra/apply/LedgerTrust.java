package dev.orkestra.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.DamagedException;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.document.CanonicalJson;
import java.util.List;
import java.util.stream.StreamSupport;

/** Whether a ConfigLedger says what the agent wrote: it decides which commits run again, and what is pruned. */
final class LedgerTrust {
    /** A person answers for what a changed ledger says; the value is the digest that the message names. */
    static final String ACCEPT = "orkestra.dev/accept-ledger";

    private static final String PURPOSE = "ledger";
    private static final int HASH_DIGITS = 16;
    private static final String HOW = "restore its status from a backup";

    private final Cluster cluster;
    private final String namespace;
    private final StateSeal seals;

    LedgerTrust(Cluster cluster, String namespace, StateSeal seals) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.seals = seals;
    }

    static boolean isSealed(JsonNode ledger) {
        return ledger.path("status").has(StateSeal.FIELD);
    }

    /** {@code status} with the seal of {@code ledger}. */
    ObjectNode sealed(JsonNode ledger, ObjectNode status) {
        ObjectNode content = withoutSeal(status);
        ObjectNode sealed = content.deepCopy();
        return sealed.put(StateSeal.FIELD, seals.of(PURPOSE, place(ledger), content));
    }

    /**
     * From here on a ledger of this name without a seal is damaged. Written after the first seal: the other way round a
     * crash between the two would damage a sound ledger of the version before.
     */
    void remember(String name, String label) {
        ObjectNode marker = JsonNodeFactory.instance.objectNode();
        marker.put("apiVersion", "v1").put("kind", "Secret").put("type", "orkestra.dev/sealed");
        marker.put("immutable", true);
        marker.putObject("metadata")
                .put("name", marker(name))
                .put("namespace", namespace)
                .putObject("labels")
                .put(Labels.CONFIG_REPO, label);
        try {
            cluster.create(SecretChunks.SECRETS, marker, Labels.MANAGER);
        } catch (ClusterException e) {
            if (e.reason() != ClusterException.Reason.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    void forget(String name) {
        cluster.delete(SecretChunks.SECRETS, namespace, marker(name), "");
    }

    private static String marker(String name) {
        return name + "-sealed";
    }

    /**
     * Passes what the agent wrote, this version or the one before, and what a person answers for.
     *
     * @throws DamagedException when somebody else has changed the ledger
     */
    void check(ObjectNode ledger) {
        String name = ledger.path("metadata").path("name").asText();
        String what = "the ConfigLedger " + namespace + "/" + name;
        if (!(ledger.path("status") instanceof ObjectNode status)) {
            requireNew(ledger, what, name);
            return;
        }
        String hash = CanonicalJson.digest(CanonicalJson.bytes(withoutSeal(status)))
                .substring("sha256:".length(), "sha256:".length() + HASH_DIGITS);
        if (ledger.path("metadata").path("annotations").path(ACCEPT).asText("").equals(hash)) {
            return;
        }
        String seal = status.path(StateSeal.FIELD).asText("");
        boolean isOurs = isSealed(ledger)
                ? seals.fits(seal, PURPOSE, place(ledger), withoutSeal(status))
                : cluster.get(SecretChunks.SECRETS, namespace, marker(name)).isEmpty();
        if (!isOurs) {
            throw new DamagedException(
                    what + " was changed by somebody else than the agent" + writer(ledger) + ", so it is not believed",
                    HOW + ", or answer for what it says now: kubectl -n " + namespace + " annotate configledger " + name
                            + " " + ACCEPT + "=" + hash + " --overwrite");
        }
    }

    /** A ledger is given a status before its first chunk is written. */
    private void requireNew(ObjectNode ledger, String what, String name) {
        String created = created(ledger);
        boolean wasWritten = cluster.list(SecretChunks.SECRETS, namespace, Labels.CHUNK + "=" + name).stream()
                .anyMatch(chunk -> created(chunk).compareTo(created) >= 0);
        if (wasWritten) {
            throw new DamagedException(
                    what + " has lost its status" + writer(ledger)
                            + ": last-good, the quarantine and what was applied are not known",
                    HOW + ", or delete it to begin anew: objects stay as they are, and quarantined commits are tried"
                            + " again");
        }
    }

    private static String created(ObjectNode object) {
        return object.path("metadata").path("creationTimestamp").asText("");
    }

    /** Who wrote the status last, as far as the API server knows. */
    private static String writer(ObjectNode ledger) {
        List<String> others = StreamSupport.stream(
                        ledger.path("metadata").path("managedFields").spliterator(), false)
                .filter(entry -> entry.path("subresource").asText("").equals("status"))
                .map(entry -> entry.path("manager").asText(""))
                .filter(manager -> !manager.isEmpty() && !manager.equals(Labels.MANAGER))
                .distinct()
                .toList();
        return others.isEmpty() ? "" : " (" + String.join(", ", others) + ")";
    }

    private static ObjectNode withoutSeal(ObjectNode status) {
        ObjectNode content = status.deepCopy();
        content.remove(StateSeal.FIELD);
        return content;
    }

    /** Not the uid: a ledger that a backup brought back is the same ledger. Its spec never changes. */
    private static ObjectNode place(JsonNode ledger) {
        ObjectNode place = JsonNodeFactory.instance.objectNode();
        place.set("namespace", ledger.path("metadata").path("namespace"));
        place.set("name", ledger.path("metadata").path("name"));
        place.set("spec", ledger.path("spec"));
        return place;
    }
}
