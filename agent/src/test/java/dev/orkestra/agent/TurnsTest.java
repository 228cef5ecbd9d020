package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class TurnsTest {
    private final Turns turns = new Turns(1);

    @Test
    void whoHasATurnDoesNotWaitForASecondOne() throws InterruptedException {
        assertThat(turns.take(() -> turns.take(() -> "done"))).isEqualTo("done");
    }

    @Test
    void whoWaitsForAServerHoldsNobodysTurn() throws InterruptedException {
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        Thread slow = Thread.ofVirtual().start(() -> composing(waits, answer));
        waits.await();

        assertThat(turns.take(() -> "mine")).isEqualTo("mine");

        answer.countDown();
        slow.join();
        assertThat(turns.take(() -> "again")).isEqualTo("again");
    }

    private void composing(CountDownLatch waits, CountDownLatch answer) {
        try {
            String _ = turns.take(() -> turns.without(() -> {
                waits.countDown();
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return "answered";
            }));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
