package dev.orkestra.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A run that a person asks for with a ConfigRun, which nobody has looked at yet. What it says is the person's word only:
 * {@link #refusal} tells whether it may become a run.
 *
 * @param name of the ConfigRun
 * @param configRepo name of the ConfigRepo that is meant
 * @param number the run's number, if it becomes one
 * @param commit which one
 * @param trigger as the person wrote it
 * @param requestedBy who asks; empty when nobody says
 * @param reason why; empty when nobody says
 */
public record AskedRun(
        String name, String configRepo, long number, String commit, String trigger, String requestedBy, String reason) {
    /** So far beyond the newest run a number may lie: some may have been refused, but none may use up the numbers. */
    public static final int MOST_AHEAD = 10;

    private static final Pattern FULL_NAME = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final int SHORT_ID = 12;
    private static final int MOST_NAMED = 5;

    /**
     * What a request is judged by.
     *
     * @param namespace of the ConfigRepo
     * @param newest number of the newest run that the agent has begun, or that the ledger knows; 0: none
     * @param head what the ref named when it was looked at last; empty: not known
     */
    public record Known(String namespace, Ledger ledger, int newest, String head) {}

    /** What {@code configRun} asks for. */
    public static AskedRun of(JsonNode configRun) {
        JsonNode spec = configRun.path("spec");
        return new AskedRun(
                configRun.path("metadata").path("name").asText(),
                spec.path("configRepo").asText(),
                spec.path("number").asLong(),
                spec.path("commit").asText(),
                spec.path("trigger").asText(),
                spec.path("requestedBy").asText(),
                spec.path("reason").asText());
    }

    /** Whether {@code text} is the full object name of a commit. */
    public static boolean isFullName(String text) {
        return FULL_NAME.matcher(text).matches();
    }

    public boolean isRetry() {
        return trigger.equals(Trigger.RETRY.text());
    }

    public boolean isRollback() {
        return trigger.equals(Trigger.ROLLBACK.text());
    }

    /** Why it does not become a run, and what to do instead; empty when it does. */
    public Optional<Diagnostic> refusal(Known known) {
        return badForm(known).or(() -> isRetry() ? noRetry(known) : noRollback(known));
    }

    private Optional<Diagnostic> badForm(Known known) {
        String again = "ask again as " + configRepo + "-" + (known.newest() + 1) + ", with this number";
        if (!isRetry() && !isRollback()) {
            return refused(
                    "A run that is asked for has the trigger retry or rollback, not " + trigger,
                    "for a run of the newest commit: " + Commands.sync(known.namespace(), configRepo));
        }
        if (!name.equals(configRepo + "-" + number)) {
            return refused("The name must be " + configRepo + "-" + number + ": repository and number", again);
        }
        if (number <= known.newest()) {
            return refused("The newest run has the number " + known.newest() + " already", again);
        }
        if (number > known.newest() + (long) MOST_AHEAD) {
            return refused(
                    "The number is too far ahead: the newest run has the number " + known.newest(),
                    again + ", or the next one that is free");
        }
        return isFullName(commit)
                ? Optional.empty()
                : refused("The commit must be its full object name, in small letters", "see: git rev-parse COMMIT");
    }

    private Optional<Diagnostic> noRetry(Known known) {
        Pinned pinned = known.ledger().pinned();
        if (pinned != null) {
            return refused(
                    "The environment is pinned to commit " + shortId(pinned.commit()) + ", so nothing else runs",
                    "first end the pin: " + Commands.resume(known.namespace(), configRepo));
        }
        if (reason.isBlank()) {
            return refused("A retry needs a reason, which is kept", "say in spec.reason why it may work now");
        }
        Set<String> quarantined = quarantined(known.ledger());
        if (!quarantined.contains(commit)) {
            return refused(
                    "Commit " + shortId(commit) + " is not quarantined",
                    quarantined.isEmpty()
                            ? "nothing is; for a run of the newest commit: "
                                    + Commands.sync(known.namespace(), configRepo)
                            : "quarantined is " + named(quarantined));
        }
        if (!known.head().isEmpty() && !known.head().equals(commit)) {
            return refused(
                    "The newest commit is " + shortId(known.head()) + ", and it would take the place of "
                            + shortId(commit) + " at once",
                    quarantined.contains(known.head())
                            ? "retry the newest one, or push one with the content of the other"
                            : "push a commit with the content that is to be tried again");
        }
        return Optional.empty();
    }

    private Optional<Diagnostic> noRollback(Known known) {
        List<String> digests = goodDigests(known.ledger(), commit);
        if (digests.isEmpty()) {
            Set<String> good = goodCommits(known.ledger());
            return refused(
                    "Commit " + shortId(commit) + " was never good here, as far as the last " + Ledger.MOST_HISTORY
                            + " runs tell",
                    good.isEmpty() ? "no commit was" : "good was " + named(good));
        }
        return digests.stream().allMatch(known.ledger()::isQuarantined)
                ? refused(
                        "Commit " + shortId(commit)
                                + " was good once, but its content has failed since and is quarantined",
                        "name another one that was good: "
                                + named(goodCommits(known.ledger()).stream()
                                        .filter(Predicate.not(commit::equals))
                                        .collect(Collectors.toCollection(LinkedHashSet::new))))
                : Optional.empty();
    }

    /** Commits whose content is quarantined: those that failed, and those that were held for it. */
    public static Set<String> quarantined(Ledger ledger) {
        return Stream.concat(
                        ledger.quarantined().stream().map(Quarantined::commit),
                        ledger.history().stream()
                                .filter(run -> ledger.isQuarantined(run.digest()))
                                .map(RunSummary::commit))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Commits that were good, the newest last. */
    private static Set<String> goodCommits(Ledger ledger) {
        return Stream.concat(
                        ledger.history().stream()
                                .filter(run -> run.phase() == Phase.Good)
                                .map(RunSummary::commit),
                        Optional.ofNullable(ledger.lastGood()).map(LastGood::commit).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** What {@code commit} was when it was good, the newest first: with another spec it was something else. */
    public static List<String> goodDigests(Ledger ledger, String commit) {
        return Stream.concat(
                        Optional.ofNullable(ledger.lastGood())
                                .filter(good -> good.commit().equals(commit))
                                .map(LastGood::digest)
                                .stream(),
                        ledger.history().reversed().stream()
                                .filter(run -> run.phase() == Phase.Good
                                        && run.commit().equals(commit))
                                .map(RunSummary::digest))
                .distinct()
                .toList();
    }

    private static String named(Set<String> commits) {
        List<String> all = List.copyOf(commits);
        return all.isEmpty()
                ? "there is none"
                : all.subList(Math.max(0, all.size() - MOST_NAMED), all.size()).stream()
                        .map(AskedRun::shortId)
                        .collect(Collectors.joining(", "));
    }

    private static String shortId(String commit) {
        return commit.substring(0, Math.min(SHORT_ID, commit.length()));
    }

    private static Optional<Diagnostic> refused(String why, String hint) {
        return Optional.of(Diagnostic.error(ErrorCode.Invalid, why, null, hint));
    }
}
