package dev.orkestra.agent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.Ledger;
import dev.orkestra.run.LedgerJson;
import dev.orkestra.run.Pinned;
import java.time.temporal.ChronoUnit;

/** The ledger's entries in a ConfigRepo's status, for people; the ledger itself is what counts. */
final class LedgerFields {
    private LedgerFields() {}

    static void write(ObjectNode status, Environment environment) {
        Ledger ledger = environment.ledger();
        LastGood good = ledger.lastGood();
        if (good != null) {
            status.set("lastGood", LedgerJson.lastGood(good));
        }
        ArrayNode quarantined = status.putArray("quarantined");
        ledger.quarantined()
                .forEach(entry -> quarantined.add(LedgerJson.quarantined(entry)
                        .put("at", entry.at().truncatedTo(ChronoUnit.SECONDS).toString())));
        status.putObject("inventory").put("objects", environment.inventory().size());
        Pinned pinned = ledger.pinned();
        if (pinned == null) {
            status.remove("pinned");
        } else {
            status.set(
                    "pinned",
                    LedgerJson.pinned(pinned)
                            .put(
                                    "at",
                                    pinned.at().truncatedTo(ChronoUnit.SECONDS).toString()));
        }
    }
}
