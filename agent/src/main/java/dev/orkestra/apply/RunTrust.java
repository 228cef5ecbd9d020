package dev.orkestra.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.RunStateJson;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which ConfigRuns the agent itself has written: a journal says what is done next, with which consent. */
final class RunTrust {
    static final String JOURNAL = "journal";

    private static final Logger LOG = LoggerFactory.getLogger(RunTrust.class);
    private static final String PURPOSE = "journal";
    private static final ResourceType REPOS =
            new ResourceType("orkestra.dev", "v1alpha1", "ConfigRepo", "configrepos", true);

    private final Cluster cluster;
    private final Map<String, StateSeal> seals = new ConcurrentHashMap<>();
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    RunTrust(Cluster cluster) {
        this.cluster = cluster;
    }

    /** {@code journal} as that of {@code run}, with its seal inside: an older definition keeps that. */
    ObjectNode sealed(ObjectNode run, JsonNode journal) {
        ObjectNode sealed = withoutSeal(journal);
        return sealed.put(StateSeal.FIELD, sealOf(run).of(PURPOSE, place(run), withoutSeal(journal)));
    }

    private static ObjectNode withoutSeal(JsonNode journal) {
        ObjectNode content = journal.deepCopy();
        content.remove(StateSeal.FIELD);
        return content;
    }

    /** Whether the journal is as the agent wrote it, for this very object with this very spec. */
    boolean isSealed(ObjectNode run) {
        if (!(run.path("status").path(JOURNAL) instanceof ObjectNode journal)) {
            return false;
        }
        String seal = journal.path(StateSeal.FIELD).asText("");
        return !seal.isEmpty() && sealOf(run).fits(seal, PURPOSE, place(run), withoutSeal(journal));
    }

    /**
     * Whether the version before may have written the journal, which had no seals. Asked only while nothing sealed is
     * known of the ConfigRepo.
     */
    boolean isOfEarlierVersion(ObjectNode run, String label) {
        JsonNode journal = run.path("status").path(JOURNAL);
        return journal.isObject()
                && !journal.has(StateSeal.FIELD)
                && journal.path("schemaVersion").asInt(1) == 1
                && cluster
                        .list(
                                EnvironmentStore.LEDGERS,
                                run.path("metadata").path("namespace").asText(),
                                Labels.CONFIG_REPO + "=" + label)
                        .stream()
                        .noneMatch(LedgerTrust::isSealed)
                && isOf(run, state(run).spec());
    }

    private static boolean isOf(ObjectNode run, RunSpec journal) {
        JsonNode metadata = run.path("metadata");
        JsonNode spec = run.path("spec");
        return metadata.path("name").asText().equals(journal.name())
                && metadata.path("namespace").asText().equals(journal.namespace())
                && spec.path("configRepo").asText().equals(journal.configRepo())
                && spec.path("number").canConvertToInt()
                && spec.path("number").asInt() == journal.number()
                && spec.path("commit").asText().equals(journal.commit())
                && spec.path("trigger")
                        .asText()
                        .equalsIgnoreCase(journal.trigger().name());
    }

    /** What the journal says. */
    static RunState state(ObjectNode run) {
        String what = "the journal of the ConfigRun "
                + run.path("metadata").path("namespace").asText() + "/"
                + run.path("metadata").path("name").asText();
        return KeptState.read(what, () -> RunStateJson.read(run.path("status").path(JOURNAL)));
    }

    /** Says once that {@code run} is not believed: in the log, and beside its ConfigRepo, where people look. */
    void tell(ObjectNode run) {
        JsonNode metadata = run.path("metadata");
        if (!told.add(metadata.path("uid").asText())) {
            return;
        }
        String namespace = metadata.path("namespace").asText();
        String name = metadata.path("name").asText();
        LOG.atWarn()
                .addKeyValue("run", name)
                .log("this ConfigRun has a journal that the agent did not write: it is left alone, and no run "
                        + "goes on from it; delete it, or read docs/configrepo.md");
        try {
            cluster.get(REPOS, namespace, run.path("spec").path("configRepo").asText())
                    .ifPresent(repo -> cluster.event(
                            repo,
                            true,
                            "NotSealed",
                            "the ConfigRun " + name
                                    + " has a journal that the agent did not write: it is left alone, and no"
                                    + " run goes on from it. Find out who wrote it, then: kubectl -n " + namespace
                                    + " delete configrun " + name));
        } catch (ClusterException e) {
            // It stands in the log; what a stranger made must not keep a run from going on.
            LOG.atWarn()
                    .addKeyValue("run", name)
                    .addKeyValue("why", e.getMessage())
                    .log("and no event tells of it");
        }
    }

    private StateSeal sealOf(ObjectNode run) {
        return seals.computeIfAbsent(
                run.path("metadata").path("namespace").asText(), namespace -> new StateSeal(cluster, namespace));
    }

    private static ObjectNode place(ObjectNode run) {
        ObjectNode place = JsonNodeFactory.instance.objectNode();
        place.set("uid", run.path("metadata").path("uid"));
        place.set("spec", run.path("spec"));
        return place;
    }
}
