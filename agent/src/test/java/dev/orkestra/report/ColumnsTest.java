package dev.orkestra.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ColumnsTest {
    @Test
    void wideLettersTakeTwoColumnsAndMarksNone() {
        assertThat(Columns.width("abc")).isEqualTo(3);
        assertThat(Columns.width("日本")).isEqualTo(4);
        assertThat(Columns.width("e\u0301")).isEqualTo(1);
        assertThat(Columns.width("\uD83D\uDE80")).isEqualTo(2);
    }

    @Test
    void cutsWhatIsTooLongAndNeverInTheMiddleOfACharacter() {
        assertThat(Columns.cut("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Columns.cut("abcdef", 4)).isEqualTo("abc…");
        assertThat(Columns.cut("日本語", 4)).isEqualTo("日…");
        assertThat(Columns.cut("\uD83D\uDE80\uD83D\uDE80", 3)).isEqualTo("\uD83D\uDE80…");
        assertThat(Columns.pad("日", 4)).isEqualTo("日  ");
    }

    @Test
    void breaksBetweenWordsAndAtTheTextsOwnLines() {
        assertThat(Columns.wrap("one two three\nfour", 8)).containsExactly("one two", "three", "four");
        assertThat(Columns.wrap("aaaaaaaaaa b", 4)).containsExactly("aaaa", "aaaa", "aa b");
        assertThat(Columns.wrap("日本", 1)).containsExactly("日", "本", "");
        assertThat(Columns.wrap("", 4)).containsExactly("");
        assertThat(Columns.wrap("a\u001B[2Jb\tc", 40)).containsExactly("a\\u001B[2Jb\\tc");
    }

    @Test
    void noLineIsEverWiderThanItMayBeAndNothingGetsLost() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String letters = "ab  日\uD83D\uDE80\n";
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(60), 0, letters.codePointCount(0, letters.length()))
                    .forEach(at -> text.appendCodePoint(letters.codePointAt(letters.offsetByCodePoints(0, at))));
            int columns = 2 + random.nextInt(20);
            assertThat(Columns.wrap(text.toString(), columns))
                    .as("seed %d", seed)
                    .allSatisfy(line -> assertThat(Columns.width(line)).isLessThanOrEqualTo(columns));
            assertThat(String.join("", Columns.wrap(text.toString(), columns)).replace(" ", ""))
                    .as("seed %d", seed)
                    .isEqualTo(text.toString().replaceAll("\\s", ""));
        }
    }
}
