package dev.orkestra.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SlowServersTest {
    private final AtomicLong now = new AtomicLong();
    private final SlowServers servers = new SlowServers(now::get);

    @Test
    void whoeverIsQuickIsAskedByAllAtOnce() {
        assertThat(servers.enter("a")).isTrue();
        assertThat(servers.enter("a")).isTrue();
        servers.leave("a", false);
        assertThat(servers.enter("a")).isTrue();
    }

    @Test
    void whoeverWasSlowIsAskedByOneUntilThatIsLongAgoOrMended() {
        servers.enter("a");
        servers.leave("a", true);
        assertThat(servers.enter("a")).isTrue();
        assertThat(servers.enter("a")).isFalse();
        assertThat(servers.enter("b")).isTrue();
        servers.leave("a", true);
        assertThat(servers.enter("a")).isTrue();
        servers.leave("a", false);
        assertThat(servers.enter("a")).isTrue();
        assertThat(servers.enter("a")).isTrue();
        servers.leave("a", true);
        now.addAndGet(SlowServers.MEMORY.plus(Duration.ofSeconds(1)).toNanos());
        assertThat(servers.enter("a")).isTrue();
        assertThat(servers.enter("a")).isTrue();
    }

    @Test
    void manyServersAreForgottenWhenTheyAreLongAgo() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 2_000; i++) {
                servers.leave(round + "-" + i, true);
            }
            now.addAndGet(SlowServers.MEMORY.multipliedBy(2).toNanos());
        }
        assertThat(servers.size()).isLessThanOrEqualTo(3_000);
    }
}
