package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogTailTest {
    @Test
    void keepsTheLastTenLinesOnOne() {
        String log = "0\n1\n2\n3\n4\n5\n6\n\n7\n8\n9\n10\n";
        assertThat(LogTail.of(log)).isEqualTo("1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10");
        assertThat(LogTail.of(" \n\n")).isEmpty();
    }

    @Test
    void takesOutColoursAndControlCharacters() {
        assertThat(LogTail.of("\u001b[1;31mred\u001b[0m\tand\u0007 \u202edark\r\nend\u0000"))
                .isEqualTo("red and dark | end");
    }

    @Test
    void staysWithinItsBytesAndKeepsTheEnd() {
        String cut = LogTail.of("\ud83d\ude00".repeat(5000) + "end");
        assertThat(cut).startsWith("\u2026\ud83d\ude00").endsWith("end");
        assertThat(cut.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(LogTail.MAX_BYTES);
    }

    @Test
    void holdsItsLimitsForAnyText() {
        long seed = 20260101;
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(4000);
            for (int j = 0; j < length; j++) {
                text.append((char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000));
            }
            String tail = LogTail.of(text.toString());
            assertThat(tail.getBytes(StandardCharsets.UTF_8).length)
                    .as("seed %d, text %d", seed, i)
                    .isLessThanOrEqualTo(LogTail.MAX_BYTES);
            assertThat(tail.chars().noneMatch(Character::isISOControl))
                    .as("seed %d, text %d", seed, i)
                    .isTrue();
        }
    }
}
