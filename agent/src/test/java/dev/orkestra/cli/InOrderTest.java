package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InOrderTest {
    private static final List<Integer> NUMBERS = IntStream.range(0, 500).boxed().toList();

    @Test
    void resultsComeInOrderThoughASlowOneIsFirst() throws InterruptedException {
        CountDownLatch later = new CountDownLatch(1);
        List<Integer> taken = new ArrayList<>();

        InOrder.each(
                NUMBERS,
                4,
                number -> {
                    if (number == 0) {
                        await(later);
                    } else if (number == 5) {
                        later.countDown();
                    }
                    return -number;
                },
                taken::add);

        assertThat(taken).isEqualTo(NUMBERS.stream().map(number -> -number).toList());
    }

    @Test
    void aDefectIsThrownAsItIs() {
        assertThatThrownBy(() -> InOrder.each(
                        NUMBERS,
                        2,
                        number -> {
                            if (number == 20) {
                                throw new IllegalStateException("twenty");
                            }
                            return number;
                        },
                        _ -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("twenty");
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the others do not run meanwhile");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
