package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is decided from each pair of status and Helm's records that a kill between two steps can leave. */
class ReleaseStepTest {
    private static final String WANTED = "sha256:" + "a".repeat(64);
    private static final String BEFORE = "sha256:" + "b".repeat(64);
    private static final String ATTEMPTED = "'lastAttemptedGeneration': 2, 'lastAttemptedRevision': '1.0.0', "
            + "'lastAttemptedConfigDigest': '" + WANTED + "', 'lastAttemptedReleaseAction': '%s'";
    private static final String INSTALLING = ATTEMPTED.formatted("install");
    private static final String UPGRADING = ATTEMPTED.formatted("upgrade");
    private static final String ROLLBACK = "'upgrade': {'remediation': {'retries': 1}}";
    private static final String UNINSTALL = "'install': {'remediation': {'retries': 1}}";

    @Test
    void installsWhatIsNotThereAndUpgradesWhatIs() throws IOException {
        assertThat(next("", "")).isEqualTo(new ReleaseStep.Attempt(true));
        assertThat(next("", "", record(1, "uninstalled", BEFORE))).isEqualTo(new ReleaseStep.Attempt(true));
        assertThat(next("", "", record(1, "deployed", BEFORE))).isEqualTo(new ReleaseStep.Attempt(false));
        assertThat(next("", "", record(1, "failed", BEFORE))).isEqualTo(new ReleaseStep.Attempt(false));
    }

    @Test
    void looksAtARevisionThatHelmHasMadeBeforeTheStatusSaidSo() throws IOException {
        ReleaseRecord made = record(2, "deployed", WANTED);
        assertThat(next("", UPGRADING, made, record(1, "superseded", BEFORE))).isEqualTo(new ReleaseStep.Observe(made));
        assertThat(next(
                        "",
                        UPGRADING + ", " + ready("Released", "Ready") + ", " + history(2, "deployed", WANTED),
                        made))
                .isEqualTo(new ReleaseStep.Done());
    }

    @Test
    void countsAFailureThatHelmKnowsAndTheStatusDoesNotOnlyOnce() throws IOException {
        ReleaseRecord failed = record(1, "failed", WANTED);
        assertThat(next("", INSTALLING, failed)).isEqualTo(new ReleaseStep.CountFailure(failed));
        String counted = INSTALLING + ", 'failures': 1, 'installFailures': 1, " + history(1, "failed", WANTED);
        assertThat(next("", counted, failed)).isEqualTo(new ReleaseStep.Exhausted(ReleaseVerb.INSTALL, 1));
    }

    @Test
    void remediatesAnInstallByRemovingItAndTriesAgainAfterwards() throws IOException {
        String counted = INSTALLING + ", 'failures': 1, 'installFailures': 1, " + history(1, "failed", WANTED);
        assertThat(next(UNINSTALL, counted, record(1, "deployed", WANTED))).isEqualTo(new ReleaseStep.Uninstall(false));
        assertThat(next(UNINSTALL, counted, record(1, "uninstalling", WANTED)))
                .isEqualTo(new ReleaseStep.Uninstall(false));
        assertThat(next(UNINSTALL, counted)).isEqualTo(new ReleaseStep.Uninstall(true));
        String removed = INSTALLING + ", 'failures': 1, 'installFailures': 1, " + history(1, "uninstalling", WANTED);
        assertThat(next(UNINSTALL, removed)).isEqualTo(new ReleaseStep.Attempt(true));
    }

    @Test
    void remediatesAnUpgradeByGoingBackToTheLastGoodRevisionOnce() throws IOException {
        String counted = UPGRADING + ", 'failures': 1, 'upgradeFailures': 1, 'history': [" + entry(2, "failed", WANTED)
                + ", " + entry(1, "deployed", BEFORE) + "]";
        ReleaseRecord bad = record(2, "deployed", WANTED);
        ReleaseRecord good = record(1, "superseded", BEFORE);
        assertThat(next(ROLLBACK, counted, bad, good)).isEqualTo(new ReleaseStep.Rollback(good, Optional.empty()));
        ReleaseRecord back = record(3, "deployed", BEFORE);
        assertThat(next(ROLLBACK, counted, back, bad, good))
                .isEqualTo(new ReleaseStep.Rollback(good, Optional.of(back)));
        ReleaseRecord killed = record(3, "pending-rollback", BEFORE);
        assertThat(next(ROLLBACK, counted, killed, bad, good)).isEqualTo(new ReleaseStep.Drop(killed));
        String remediated = UPGRADING + ", 'failures': 1, 'upgradeFailures': 1, 'history': ["
                + entry(3, "deployed", BEFORE) + ", " + entry(2, "failed", WANTED) + ", "
                + entry(1, "superseded", BEFORE) + "]";
        assertThat(next(ROLLBACK, remediated, back, bad, good)).isEqualTo(new ReleaseStep.Attempt(false));
    }

    @Test
    void neverGoesBackToARevisionThatWasBadItself() throws IOException {
        String counted = UPGRADING + ", 'failures': 1, 'upgradeFailures': 1, 'history': [" + entry(3, "failed", WANTED)
                + ", " + entry(2, "failed", BEFORE) + "]";
        ReleaseRecord bad = record(3, "deployed", WANTED);
        ReleaseRecord alsoBad = record(2, "superseded", BEFORE);
        assertThat(next(ROLLBACK, counted, bad, alsoBad)).isEqualTo(new ReleaseStep.NoWayBack());
        String told = counted + ", 'conditions': [{'type': 'Remediated', 'status': 'False'}]";
        assertThat(next(ROLLBACK, told, bad, alsoBad)).isEqualTo(new ReleaseStep.Attempt(false));
    }

    @Test
    void endsAfterTheLastRetryAndRemediatesThatOnlyWhereAskedTo() throws IOException {
        String counted = UPGRADING + ", 'failures': 2, 'upgradeFailures': 2, 'history': [" + entry(2, "failed", WANTED)
                + ", " + entry(1, "deployed", BEFORE) + "]";
        ReleaseRecord bad = record(2, "deployed", WANTED);
        ReleaseRecord good = record(1, "superseded", BEFORE);
        assertThat(next(ROLLBACK, counted, bad, good)).isInstanceOf(ReleaseStep.Rollback.class);
        String not = "'upgrade': {'remediation': {'retries': 1, 'remediateLastFailure': false}}";
        assertThat(next(not, counted, bad, good)).isEqualTo(new ReleaseStep.Exhausted(ReleaseVerb.UPGRADE, 2));
        String forEver = "'upgrade': {'remediation': {'retries': -1, 'remediateLastFailure': false}}";
        assertThat(next(forEver, counted.replace("ailures': 2", "ailures': 2000"), bad, good))
                .isInstanceOf(ReleaseStep.Rollback.class);
    }

    @Test
    void forgetsFailuresOfAnotherGenerationAndOfOtherValues() throws IOException {
        String counted = INSTALLING + ", 'failures': 1, 'installFailures': 1";
        assertThat(next("", counted)).isEqualTo(new ReleaseStep.Exhausted(ReleaseVerb.INSTALL, 1));
        assertThat(next("", counted.replace("'lastAttemptedGeneration': 2", "'lastAttemptedGeneration': 1")))
                .isEqualTo(new ReleaseStep.Attempt(true));
        assertThat(next("", counted.replace(WANTED, BEFORE))).isEqualTo(new ReleaseStep.Attempt(true));
    }

    @Test
    void repeatsWhatHelmWasKilledInAndGoesBackFromWhatNobodyWantsAnyMore() throws IOException {
        ReleaseRecord good = record(1, "deployed", BEFORE);
        ReleaseRecord same = record(2, "pending-upgrade", WANTED);
        assertThat(next("", UPGRADING, same, good)).isEqualTo(new ReleaseStep.Drop(same));
        ReleaseRecord other = record(2, "pending-upgrade", "sha256:" + "c".repeat(64));
        assertThat(next("", UPGRADING, other, good)).isEqualTo(new ReleaseStep.FreeByRollback(1));
        ReleaseRecord first = record(1, "pending-install", BEFORE);
        assertThat(next("", INSTALLING, first)).isEqualTo(new ReleaseStep.FreeByUninstall());
    }

    @Test
    void testsOnceAndActsOnAFailedTestUnlessThatIsToBeIgnored() throws IOException {
        String test = "'test': {'enable': true}";
        ReleaseRecord made = record(1, "deployed", WANTED);
        String released = INSTALLING + ", " + ready("Released") + ", 'history': [" + entry(1, "deployed", WANTED) + "]";
        assertThat(next(test, released, made)).isEqualTo(new ReleaseStep.Test(made));
        String failed = released.replace("'version': 1", "'version': 1, 'testHooks': {'t': {'phase': 'Failed'}}")
                + ", 'failures': 1, 'installFailures': 1";
        assertThat(next(test, failed, made)).isEqualTo(new ReleaseStep.Exhausted(ReleaseVerb.INSTALL, 1));
        assertThat(next(test + ", " + UNINSTALL, failed, made)).isEqualTo(new ReleaseStep.Uninstall(false));
        String ignored = failed.replace(ready("Released"), ready("Released", "Ready"))
                .replace(", 'failures': 1, 'installFailures': 1", "");
        assertThat(next("'test': {'enable': true, 'ignoreFailures': true}", ignored, made))
                .isEqualTo(new ReleaseStep.Done());
    }

    private static ReleaseStep next(String spec, String status, ReleaseRecord... records) throws IOException {
        ObjectNode release = (ObjectNode) new ObjectMapper()
                .readTree(("{'metadata': {'generation': 2}, 'spec': {" + spec + "}, 'status': {" + status + "}}")
                        .replace('\'', '"'));
        return ReleaseStep.next(new ReleaseFacts(release, List.of(records), WANTED, "1.0.0"));
    }

    private static ReleaseRecord record(long revision, String status, String config) {
        return new ReleaseRecord("secret", "uid-" + revision, revision, status, ReleaseRecord.label(config));
    }

    private static String ready(String... conditions) {
        return "'conditions': ["
                + String.join(
                        ", ",
                        List.of(conditions).stream()
                                .map(type -> "{'type': '" + type + "', 'status': 'True'}")
                                .toList())
                + "]";
    }

    private static String history(long version, String status, String config) {
        return "'history': [" + entry(version, status, config) + "]";
    }

    private static String entry(long version, String status, String config) {
        return "{'version': " + version + ", 'status': '" + status + "', 'configDigest': '" + config + "'}";
    }
}
