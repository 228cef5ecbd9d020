package dev.orkestra.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.RunStore;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.run.AskedRun;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks for a run by a ConfigRun, as a person who may create those. The agent decides what becomes of it. */
final class AskedRuns {
    private static final ResourceType SELF =
            new ResourceType("authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews", false);
    private static final String MANAGER = "ork";
    /** The bound in the definition of ConfigRun. */
    private static final int LONGEST_NAME = 253;
    /** A beginning that is shorter fits too much. */
    private static final int SHORTEST = 4;

    private final Cluster cluster;
    private final String namespace;
    private final String name;

    AskedRuns(Cluster cluster, String namespace, String name) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.name = name;
    }

    /** What was asked for cannot be asked for; the message says why. */
    static final class NotAskedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotAskedException(String message) {
            super(message);
        }
    }

    /**
     * Creates the ConfigRun.
     *
     * @param commit its full object name, or a beginning
     * @return its name
     * @throws NotAskedException when no commit is meant, or more than one
     */
    String create(Trigger trigger, String commit, String reason) {
        ObjectNode repo = cluster.get(RunRequest.CONFIG_REPOS, namespace, name)
                .orElseThrow(() -> new NotAskedException("the ConfigRepo " + namespace + "/" + name + " is gone"));
        List<ObjectNode> runs = cluster.list(RunStore.RUNS, namespace, ConfigRepo.LABEL + "=" + namespace + "." + name);
        String full = resolved(commit.toLowerCase(Locale.ROOT), repo, runs);
        String who = asker();
        int newest = newest(repo, runs);
        for (int number = newest + 1; number <= newest + AskedRun.MOST_AHEAD; number++) {
            RunSpec spec = new RunSpec(
                    namespace,
                    name,
                    number,
                    full,
                    trigger,
                    Instant.EPOCH,
                    new RunSpec.Limits(Duration.ZERO, Duration.ZERO, Duration.ZERO),
                    who,
                    reason);
            if (created(RunStore.document(spec, namespace + "." + name))) {
                return spec.name();
            }
        }
        throw new NotAskedException("the next " + AskedRun.MOST_AHEAD + " numbers after " + newest
                + " are taken by requests that the agent has not answered; see 'ork explain " + name + "'");
    }

    private boolean created(ObjectNode run) {
        try {
            cluster.create(RunStore.RUNS, run, MANAGER);
            return true;
        } catch (ClusterException e) {
            return switch (e.reason()) {
                // The agent, or somebody else, was faster.
                case ALREADY_EXISTS -> false;
                case FORBIDDEN ->
                    throw new ClusterException(
                            e.reason(), e.getMessage() + "; it takes the right to create configruns.orkestra.dev");
                default -> throw e;
            };
        }
    }

    /** The number of the newest run that the agent tells of. A ConfigRun by itself may be made up. */
    private static int newest(ObjectNode repo, List<ObjectNode> runs) {
        JsonNode status = repo.path("status");
        String prefix = repo.path("metadata").path("name").asText() + "-";
        int told = Stream.of("currentRun", "lastRun")
                .map(field -> status.path(field).asText())
                .filter(run -> run.matches(Pattern.quote(prefix) + "[0-9]{1,9}"))
                .mapToInt(run -> Integer.parseInt(run.substring(prefix.length())))
                .max()
                .orElse(0);
        return told > 0
                ? told
                : runs.stream()
                        .filter(run -> run.path("status").has("journal"))
                        .mapToInt(run -> run.path("spec").path("number").asInt())
                        .max()
                        .orElse(0);
    }

    /** The one known commit that begins with {@code commit}. */
    private static String resolved(String commit, ObjectNode repo, List<ObjectNode> runs) {
        if (AskedRun.isFullName(commit)) {
            return commit;
        }
        if (!commit.matches("[0-9a-f]{" + SHORTEST + ",64}")) {
            throw new NotAskedException("a commit is named by its full object name, or by at least " + SHORTEST
                    + " digits that it begins with: " + commit);
        }
        JsonNode status = repo.path("status");
        List<String> known = new ArrayList<>();
        runs.forEach(run -> known.add(run.path("spec").path("commit").asText()));
        status.path("quarantined")
                .forEach(entry -> known.add(entry.path("commit").asText()));
        known.add(status.path("lastGood").path("commit").asText());
        known.add(status.path("headCommit").asText());
        TreeSet<String> fitting = known.stream()
                .filter(each -> each.startsWith(commit) && AskedRun.isFullName(each))
                .collect(Collectors.toCollection(TreeSet::new));
        if (fitting.size() == 1) {
            return fitting.first();
        }
        throw new NotAskedException(
                fitting.isEmpty()
                        ? "no run knows a commit that begins with " + commit + "; see 'ork history "
                                + repo.path("metadata").path("name").asText() + "', or name it in full"
                        : "more than one commit begins with " + commit + ": " + String.join(", ", fitting));
    }

    /** Who asks, as the API server knows them; empty when it does not say. */
    private String asker() {
        ObjectNode review = JsonNodeFactory.instance.objectNode();
        review.put("apiVersion", SELF.apiVersion()).put("kind", SELF.kind());
        try {
            String user = cluster.create(SELF, review, MANAGER)
                    .at("/status/userInfo/username")
                    .asText();
            return user.substring(0, Math.min(user.length(), LONGEST_NAME));
        } catch (ClusterException e) {
            return "";
        }
    }
}
