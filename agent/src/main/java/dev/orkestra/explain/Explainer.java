package dev.orkestra.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.explain.Explanation.Fact;
import dev.orkestra.run.RunState;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Explains a ConfigRepo. What is nearest to being the reason comes first: no agent, deletion, a run, then conditions. */
public final class Explainer {
    private Explainer() {}

    public static Explanation explain(Observed observed) {
        Optional<Explanation> alone = withoutAgent(observed);
        if (alone.isPresent()) {
            return alone.get();
        }
        Optional<RunState> active = observed.run().filter(run -> !run.isEnd());
        if (observed.configRepo().at("/metadata").hasNonNull("deletionTimestamp")) {
            return leaving(observed);
        }
        return active.map(run -> RunExplainer.explain(observed, run)).orElseGet(() -> resting(observed));
    }

    /** Nobody leads: whatever the status says is old. */
    private static Optional<Explanation> withoutAgent(Observed observed) {
        Optional<Observed.Leader> leader = observed.leader();
        if (leader.isEmpty() || observed.now().isBefore(leader.get().until())) {
            return Optional.empty();
        }
        String who = leader.get().holder().isEmpty()
                ? "no agent leads"
                : "the agent " + leader.get().holder() + " does not renew its lease";
        return Optional.of(new Explanation(
                true,
                "nothing happens: " + who,
                List.of(),
                Optional.of(leader.get().until()),
                Optional.empty(),
                "an agent that starts goes on where the last one stopped",
                facts(observed),
                List.of(
                        "kubectl -n " + observed.namespace() + " get pods,leases",
                        "kubectl -n " + observed.namespace() + " logs deploy/orkestra-agent --tail=50")));
    }

    private static Explanation leaving(Observed observed) {
        JsonNode ready = observed.condition("Ready");
        return new Explanation(
                true,
                "it is being deleted",
                texts(ready.path("message").asText("")),
                instant(observed.configRepo().at("/metadata/deletionTimestamp")),
                Optional.empty(),
                "it is gone when the agent has done what spec.deletionPolicy asks for",
                facts(observed),
                List.of("kubectl -n " + observed.namespace() + " get configrepo " + observed.name() + " -o yaml"));
    }

    private static Explanation resting(Observed observed) {
        JsonNode ready = observed.condition("Ready");
        if (ready.isMissingNode()) {
            return new Explanation(
                    true,
                    "no agent has looked at it yet",
                    List.of(),
                    instant(observed.configRepo().at("/metadata/creationTimestamp")),
                    Optional.empty(),
                    "",
                    facts(observed),
                    List.of("kubectl -n " + observed.namespace() + " logs deploy/orkestra-agent --tail=50"));
        }
        boolean good = ready.path("status").asText().equals("True");
        List<String> because = new ArrayList<>();
        if (!good) {
            because.addAll(texts(ready.path("message").asText("")));
        }
        JsonNode pruned = observed.condition("Pruned");
        if (pruned.path("status").asText().equals("False")) {
            because.add("pruning: " + pruned.path("message").asText());
        }
        String interval = observed.configRepo().at("/spec/schedule/interval").asText("1m");
        Resting rest = Resting.of(observed, ready.path("reason").asText(), interval);
        return new Explanation(
                !good,
                rest.what(),
                because,
                instant(ready.path("lastTransitionTime")),
                rest.until(),
                rest.then(),
                facts(observed),
                rest.commands());
    }

    static List<Fact> facts(Observed observed) {
        List<Fact> facts = new ArrayList<>();
        JsonNode status = observed.configRepo().path("status");
        String head = status.path("headCommit").asText("");
        if (!head.isEmpty()) {
            facts.add(new Fact("newest commit", shortId(head)));
        }
        String good = status.at("/lastGood/commit").asText("");
        if (!good.isEmpty()) {
            facts.add(new Fact(
                    "last-good",
                    shortId(good) + ", run " + status.at("/lastGood/run").asText()));
        }
        int quarantined = status.path("quarantined").size();
        if (quarantined > 0) {
            JsonNode newest = status.path("quarantined").get(quarantined - 1);
            facts.add(new Fact(
                    "quarantined",
                    shortId(newest.path("commit").asText()) + ", "
                            + newest.path("reason").asText()
                            + (quarantined > 1 ? ", and " + (quarantined - 1) + " more" : "")));
        }
        return facts;
    }

    private static List<String> texts(String message) {
        return message.isEmpty() ? List.of() : List.of(message);
    }

    static Optional<Instant> instant(JsonNode text) {
        try {
            return text.isTextual() ? Optional.of(Instant.parse(text.textValue())) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    static String shortId(String commit) {
        return commit.substring(0, Math.min(12, commit.length()));
    }

    /** {@code 3 min 12 s}; two units at most. */
    static String words(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        long days = seconds / 86_400;
        long hours = seconds % 86_400 / 3_600;
        long minutes = seconds % 3_600 / 60;
        if (days > 0) {
            return days + " d" + (hours > 0 ? " " + hours + " h" : "");
        }
        if (hours > 0) {
            return hours + " h" + (minutes > 0 ? " " + minutes + " min" : "");
        }
        return minutes > 0 ? minutes + " min" + (seconds % 60 > 0 ? " " + seconds % 60 + " s" : "") : seconds + " s";
    }
}
