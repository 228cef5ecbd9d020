package dev.orkestra.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.Diagnostic;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AskedRunTest {
    private static final String A = "a".repeat(40);
    private static final String B = "b".repeat(40);
    private static final String BAD = "c".repeat(40);
    private static final String UNKNOWN = "d".repeat(40);

    /** A and B were good, the third run failed and went back to B. */
    private static final Ledger LEDGER = Ledger.EMPTY
            .good(new LastGood(A, 1, "sha256:a"))
            .finished(ended(1, A, "sha256:a", Phase.Good))
            .good(new LastGood(B, 2, "sha256:b"))
            .finished(ended(2, B, "sha256:b", Phase.Good))
            .quarantine(new Quarantined(BAD, "sha256:bad", 3, "Unhealthy", Instant.EPOCH))
            .finished(ended(3, BAD, "sha256:bad", Phase.RolledBack));

    @Test
    void aRetryIsForTheNewestCommitWhenItIsQuarantined() {
        assertThat(refusal(retry(4, BAD), BAD)).isEmpty();
        assertThat(refusal(retry(4, BAD), "")).isEmpty();
        assertThat(refusal(retry(4, B), B))
                .hasValueSatisfying(why -> assertThat(words(why))
                        .contains("bbbbbbbbbbbb is not quarantined", "quarantined is cccccccccccc"));
        assertThat(refusal(retry(4, BAD), UNKNOWN))
                .hasValueSatisfying(why -> assertThat(words(why)).contains("newest commit is dddddddddddd"));
    }

    @Test
    void aCommitThatWasHeldForItsContentMayBeRetriedToo() {
        Ledger held = LEDGER.finished(ended(4, UNKNOWN, "sha256:bad", Phase.Held));

        assertThat(retry(5, UNKNOWN).refusal(known(held, 4, UNKNOWN))).isEmpty();
    }

    @Test
    void aRetryNeedsAReason() {
        AskedRun silent = new AskedRun("staging-4", "staging", 4, BAD, "retry", "", " ");

        assertThat(refusal(silent, BAD))
                .hasValueSatisfying(why -> assertThat(words(why)).contains("needs a reason"));
    }

    @Test
    void nothingIsRetriedWhileAnotherCommitIsPinned() {
        Ledger pinned = LEDGER.pin(new Pinned(A, 4, "", "", Instant.EPOCH));

        assertThat(retry(5, BAD).refusal(known(pinned, 4, BAD)))
                .hasValueSatisfying(
                        why -> assertThat(words(why)).contains("pinned to commit aaaaaaaaaaaa", "ork resume staging"));
        assertThat(rollback(5, B).refusal(known(pinned, 4, BAD))).isEmpty();
    }

    @Test
    void aRollbackIsToWhatWasGoodHere() {
        assertThat(refusal(rollback(4, A), BAD)).isEmpty();
        assertThat(refusal(rollback(4, B), BAD)).isEmpty();
        assertThat(refusal(rollback(4, BAD), BAD))
                .hasValueSatisfying(why ->
                        assertThat(words(why)).contains("was never good here", "good was aaaaaaaaaaaa, bbbbbbbbbbbb"));
        assertThat(rollback(1, A).refusal(known(Ledger.EMPTY, 0, "")))
                .hasValueSatisfying(why -> assertThat(words(why)).contains("no commit was"));
    }

    @Test
    void lastGoodIsGoodAlsoWhenHistoryHasForgottenIt() {
        Ledger forgotten = Ledger.EMPTY.good(new LastGood(A, 1, "sha256:a"));

        assertThat(rollback(2, A).refusal(known(forgotten, 1, ""))).isEmpty();
    }

    @Test
    void contentThatFailedSinceItWasGoodIsNotGoneBackTo() {
        Ledger failed = LEDGER.quarantine(new Quarantined(UNKNOWN, "sha256:a", 4, "Unhealthy", Instant.EPOCH));

        assertThat(rollback(5, A).refusal(known(failed, 4, "")))
                .hasValueSatisfying(why -> assertThat(words(why))
                        .contains("has failed since", "name another one that was good: bbbbbbbbbbbb"));
    }

    @ParameterizedTest
    @CsvSource({
        "staging-3, 3, 'has the number 3 already'",
        "staging-0, 0, 'has the number 3 already'",
        "staging-13, 13, ''",
        "staging-14, 14, 'too far ahead'",
        "staging-9223372036854775807, 9223372036854775807, 'too far ahead'",
        "staging-5, 4, 'The name must be staging-4'",
        "other-4, 4, 'The name must be staging-4'"
    })
    void theNumberIsTheNextOneOrNearIt(String name, long number, String said) {
        AskedRun asked = new AskedRun(name, "staging", number, A, "rollback", "", "");

        assertThat(refusal(asked, "").map(AskedRunTest::words).orElse("")).contains(said);
        assertThat(refusal(asked, "").isEmpty()).isEqualTo(said.isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"schedule", "sync", "generation", "webhook"})
    void nothingElseIsAskedForThisWay(String trigger) {
        AskedRun asked = new AskedRun("staging-4", "staging", 4, B, trigger, "", "because");

        assertThat(refusal(asked, ""))
                .hasValueSatisfying(why -> assertThat(words(why)).contains("not " + trigger, "ork sync staging"));
    }

    @Test
    void aCommitIsNamedInFull() {
        for (String commit : new String[] {"aaaaaaa", "A".repeat(40), "main", ""}) {
            assertThat(refusal(rollback(4, commit), ""))
                    .hasValueSatisfying(why -> assertThat(words(why)).contains("full object name"));
        }
    }

    private static Optional<Diagnostic> refusal(AskedRun asked, String head) {
        return asked.refusal(known(LEDGER, 3, head));
    }

    private static AskedRun.Known known(Ledger ledger, int newest, String head) {
        return new AskedRun.Known("orkestra", ledger, newest, head);
    }

    private static AskedRun retry(int number, String commit) {
        return new AskedRun("staging-" + number, "staging", number, commit, "retry", "ann", "the registry is back");
    }

    private static AskedRun rollback(int number, String commit) {
        return new AskedRun("staging-" + number, "staging", number, commit, "rollback", "", "");
    }

    private static String words(Diagnostic why) {
        return why.message() + ". " + why.hint();
    }

    private static RunSummary ended(int run, String commit, String digest, Phase phase) {
        return new RunSummary(run, commit, digest, Trigger.SCHEDULE, phase, Instant.EPOCH, Instant.EPOCH, "", "", "");
    }
}
