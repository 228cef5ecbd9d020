package dev.orkestra.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WorkQueueTest {
    private final BlockingQueue<String> looks = new LinkedBlockingQueue<>();

    private String nextLook() throws InterruptedException {
        return String.valueOf(looks.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void looksAtWhatWasAdded() throws Exception {
        try (WorkQueue<String> queue = WorkQueue.start("test", 2, key -> {
            looks.add(key);
            return Optional.empty();
        })) {
            queue.add("a");
            assertThat(nextLook()).isEqualTo("a");
            queue.add("a");
            assertThat(nextLook()).isEqualTo("a");
        }
    }

    @Test
    void looksAgainAfterTheAskedTime() throws Exception {
        AtomicInteger times = new AtomicInteger();
        try (WorkQueue<String> queue = WorkQueue.start("test", 1, key -> {
            looks.add(key + times.incrementAndGet());
            return times.get() == 1 ? Optional.of(Duration.ofMillis(20)) : Optional.empty();
        })) {
            queue.addAfter("a", Duration.ofMillis(20));
            assertThat(nextLook()).isEqualTo("a1");
            assertThat(nextLook()).isEqualTo("a2");
        }
    }

    @Test
    void repeatsALookThatThrew() throws Exception {
        AtomicInteger times = new AtomicInteger();
        try (WorkQueue<String> queue = WorkQueue.start("test", 1, key -> {
            looks.add(key);
            if (times.incrementAndGet() < 3) {
                throw new IllegalStateException("on purpose");
            }
            return Optional.empty();
        })) {
            queue.add("a");
            assertThat(List.of(nextLook(), nextLook(), nextLook())).containsOnly("a");
        }
    }

    @Test
    void aLookThatReportsAnInterruptDoesNotEndItsWorker() throws Exception {
        try (WorkQueue<String> queue = WorkQueue.start("test", 1, key -> {
            looks.add(key);
            if (key.equals("a") && looks.size() == 1) {
                throw new InterruptedException("of a request, not of this worker");
            }
            return Optional.empty();
        })) {
            queue.add("a");
            queue.add("b");
            assertThat(List.of(nextLook(), nextLook())).containsExactlyInAnyOrder("a", "b");
        }
    }

    @Test
    void oneSlowKeyDoesNotHoldUpTheOthers() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (WorkQueue<String> queue = WorkQueue.start("test", 2, key -> {
            if (key.equals("slow")) {
                assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
            }
            looks.add(key);
            return Optional.empty();
        })) {
            queue.add("slow");
            queue.add("fast");
            assertThat(nextLook()).isEqualTo("fast");
            release.countDown();
            assertThat(nextLook()).isEqualTo("slow");
        }
    }

    @Test
    void tellsItsDepthAndAge() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (WorkQueue<String> queue = WorkQueue.start("test", 1, key -> {
            looks.add(key);
            assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
            return Optional.empty();
        })) {
            queue.add("first");
            assertThat(nextLook()).isEqualTo("first");
            queue.add("second");
            queue.add("third");
            assertThat(queue.depth()).isEqualTo(2);
            assertThat(queue.oldestReady()).isPositive();
            assertThat(queue).hasToString("queue test: 2 ready, 1 in flight");
            release.countDown();
        }
    }

    @Test
    void closeLetsRunningLooksFinishAndStartsNoOther() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        WorkQueue<String> queue = WorkQueue.start("test", 1, key -> {
            began.countDown();
            assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
            looks.add(key);
            return Optional.empty();
        });
        queue.add("running");
        queue.add("waiting");
        assertThat(began.await(30, TimeUnit.SECONDS)).isTrue();
        Thread closing = Thread.ofVirtual().start(queue::close);
        release.countDown();
        assertThat(closing.join(Duration.ofSeconds(30))).isTrue();
        queue.add("later");

        assertThat(looks).hasSizeBetween(1, 2).contains("running").doesNotContain("later");
    }

    @Test
    void closeInterruptsWhatDoesNotFinish() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        WorkQueue<String> queue = WorkQueue.start("test", 1, _ -> {
            began.countDown();
            try {
                new CountDownLatch(1).await(50, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return Optional.empty();
        });
        queue.add("stuck");
        assertThat(began.await(30, TimeUnit.SECONDS)).isTrue();

        queue.close(Duration.ofMillis(20));

        assertThat(interrupted.getCount()).isZero();
    }

    /** Many threads add at random: never one key twice at once, and the last wish of each key is looked at. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void neverLooksAtOneKeyTwiceAtOnceAndLosesNoWish(long seed) throws Exception {
        int keys = 7;
        int adders = 4;
        int addsEach = 2_000;
        Map<Integer, AtomicInteger> inFlight = new ConcurrentHashMap<>();
        Map<Integer, AtomicInteger> wishes = new ConcurrentHashMap<>();
        Map<Integer, Integer> seen = new ConcurrentHashMap<>();
        AtomicInteger overlaps = new AtomicInteger();
        Semaphore looked = new Semaphore(0);
        try (WorkQueue<Integer> queue = WorkQueue.start("test", 4, key -> {
            AtomicInteger running = inFlight.computeIfAbsent(key, _ -> new AtomicInteger());
            if (running.incrementAndGet() > 1) {
                overlaps.incrementAndGet();
            }
            seen.put(key, wishes.getOrDefault(key, new AtomicInteger()).get());
            Thread.yield();
            running.decrementAndGet();
            looked.release();
            return Optional.empty();
        })) {
            List<Thread> threads = new ArrayList<>();
            for (int adder = 0; adder < adders; adder++) {
                Random random = new Random(seed * 31 + adder);
                threads.add(Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < addsEach; i++) {
                        int key = random.nextInt(keys);
                        wishes.computeIfAbsent(key, _ -> new AtomicInteger()).incrementAndGet();
                        if (random.nextInt(10) == 0) {
                            queue.addAfter(key, Duration.ofNanos(random.nextInt(2_000_000)));
                        } else {
                            queue.add(key);
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
            }
            Map<Integer, Integer> last = new ConcurrentHashMap<>();
            wishes.forEach((key, count) -> last.put(key, count.get()));
            while (!seen.equals(last)) {
                assertThat(looked.tryAcquire(30, TimeUnit.SECONDS))
                        .as("seed %s: wanted %s, seen %s", seed, last, seen)
                        .isTrue();
            }
        }
        assertThat(overlaps).as("seed %s", seed).hasValue(0);
    }
}
