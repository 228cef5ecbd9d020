package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The judge of the crash tests, over some lines that an API server has written while one of them ran. */
class AuditTrailTest {
    private static final Set<String> MAY_GO = Set.of("configmaps/announcement", "configmaps/banner");

    @TempDir
    Path folder;

    private Path log;

    @BeforeEach
    void copyExcerpt() throws IOException {
        log = Files.copy(Path.of("src/test/resources/audit/excerpt.jsonl"), folder.resolve("audit.log"));
    }

    private static Predicate<String> with(String... words) {
        return line -> List.of(words).stream().allMatch(line::contains);
    }

    /** Appends the first line that has all of {@code words}, as if it had happened once more. */
    private void again(String... words) throws IOException {
        String line =
                Files.readAllLines(log).stream().filter(with(words)).findFirst().orElseThrow();
        Files.writeString(log, line + "\n", StandardOpenOption.APPEND);
    }

    @Test
    void whatWasDoneOnceIsNoFault() {
        AuditTrail trail = AuditTrail.of(log);

        assertThat(trail.faults("shop", MAY_GO)).isEmpty();
        assertThat(trail.jobs("shop")).containsExactly("migrate-2793340ca23f", "migrate-4ed08193a8fc");
        assertThat(trail.revisions("shop")).isEqualTo(Map.of("cart", 2));
        assertThat(trail.recovered("shop")).isZero();
    }

    @Test
    void aHookThatIsMadeTwiceIsOne() throws IOException {
        again("\"verb\":\"create\"", "migrate-4ed08193a8fc");

        assertThat(AuditTrail.of(log).faults("shop", MAY_GO))
                .containsExactly("jobs/migrate-4ed08193a8fc was made 2 times");
    }

    @Test
    void anObjectThatIsMadeAnewIsOne() throws IOException {
        again("\"verb\":\"patch\"", "helmreleases", "\"code\":201");

        assertThat(AuditTrail.of(log).faults("shop", MAY_GO)).containsExactly("helmreleases/cache was made 2 times");
    }

    @Test
    void whatIsDeletedWithoutAReasonIsOne() {
        assertThat(AuditTrail.of(log).faults("shop", Set.of("configmaps/banner")))
                .containsExactly("configmaps/announcement was deleted");
        assertThat(AuditTrail.of(log).deletions("shop"))
                .isEqualTo(Map.of("configmaps/announcement", 1, "configmaps/banner", 1));
    }

    @Test
    void dryRunsAndRefusalsChangeNothing() throws IOException {
        again("dryRun=All", "\"code\":201", "jobs");
        again("dryRun=All", "\"code\":201", "namespaces");
        Files.writeString(log, Files.readString(log).replace("\"code\":200", "\"code\":409"));

        assertThat(AuditTrail.of(log).faults("shop", Set.of())).isEmpty();
    }

    @Test
    void aRecordOfHelmThatIsMadeAgainIsARecoveryAndNoRevisionMore() throws IOException {
        again("\"verb\":\"create\"", "cart.v2");

        AuditTrail trail = AuditTrail.of(log);

        assertThat(trail.recovered("shop")).isEqualTo(1);
        assertThat(trail.revisions("shop")).isEqualTo(Map.of("cart", 2));
    }

    @Test
    void whatIsWrittenLaterIsReadLaterAndHalfALineWithItsOtherHalf() throws IOException {
        String all = Files.readString(log);
        int half = all.indexOf("\"verb\":\"delete\"");
        Files.writeString(log, all.substring(0, half));
        AuditTrail trail = AuditTrail.of(log);
        int before = trail.deletions("shop").size();

        Files.writeString(log, all.substring(half), StandardOpenOption.APPEND);

        assertThat(before).isZero();
        assertThat(trail.readOn().deletions("shop")).hasSize(2);
        assertThat(AuditTrail.from(log).readOn().jobs("shop")).isEmpty();
    }

    @Test
    void aLogThatWasTurnedOverTellsNoWholeStory() throws IOException {
        AuditTrail trail = AuditTrail.of(log);
        Files.writeString(log, "");

        assertThatThrownBy(trail::readOn).hasMessageContaining("turned over");
    }
}
