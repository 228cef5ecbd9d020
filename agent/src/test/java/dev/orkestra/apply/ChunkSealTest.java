package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkSealTest {
    private static final ChunkSeal.Place PLACE = new ChunkSeal.Place("shop-1", "state");
    private static final byte[] CONTENT = "open-sesame".getBytes(StandardCharsets.UTF_8);

    private final ChunkSeal seal = new ChunkSeal(key(1));

    @Test
    void theSameContentInTheSamePlaceIsTheSameBytes() {
        ChunkSeal.Sealed first = seal.seal(PLACE, CONTENT);
        ChunkSeal.Sealed second = new ChunkSeal(key(1)).seal(PLACE, CONTENT);

        assertThat(second.digits()).isEqualTo(first.digits()).matches("[0-9a-f]{32}");
        assertThat(second.bytes()).isEqualTo(first.bytes());
        assertThat(new ChunkSeal(key(1)).open(PLACE, first.digits(), first.bytes()))
                .contains(CONTENT);
    }

    /** What an agent before this one has written is read by all after it. */
    @Test
    void theFormIsBoundToWhatIsInClusters() {
        ChunkSeal.Sealed sealed = seal.seal(PLACE, CONTENT);

        assertThat(sealed.digits() + " " + HexFormat.of().formatHex(sealed.bytes()))
                .isEqualTo("131148ac8d93a07a4eb92297596ebad3 01fbcd0ca3578fe9cb007d692b4d5495e0"
                        + "cd27460a3acf4b030e42d122a831cef8e345c25b991dc5");
    }

    @Test
    void anotherContentOrPlaceHasAnotherNonceAndName() {
        ChunkSeal.Sealed sealed = seal.seal(PLACE, CONTENT);

        for (ChunkSeal.Sealed other : new ChunkSeal.Sealed[] {
            seal.seal(PLACE, "open-sesamf".getBytes(StandardCharsets.UTF_8)),
            seal.seal(new ChunkSeal.Place("shop-2", "state"), CONTENT),
            seal.seal(new ChunkSeal.Place("shop-1", "inventory"), CONTENT),
            new ChunkSeal(key(2)).seal(PLACE, CONTENT)
        }) {
            assertThat(other.digits()).isNotEqualTo(sealed.digits());
            assertThat(nonce(other)).isNotEqualTo(nonce(sealed));
        }
    }

    @Test
    void anotherKeyPlaceOrNameDoesNotOpenIt() {
        ChunkSeal.Sealed sealed = seal.seal(PLACE, CONTENT);

        assertThat(new ChunkSeal(key(2)).open(PLACE, sealed.digits(), sealed.bytes()))
                .isEmpty();
        assertThat(seal.open(new ChunkSeal.Place("shop-2", "state"), sealed.digits(), sealed.bytes()))
                .isEmpty();
        assertThat(seal.open(new ChunkSeal.Place("shop-1", "inventory"), sealed.digits(), sealed.bytes()))
                .isEmpty();
        assertThat(seal.open(PLACE, "0".repeat(32), sealed.bytes())).isEmpty();
    }

    @Test
    void noBitOfItCanBeTurnedAndNoByteCutOff() {
        ChunkSeal.Sealed sealed = seal.seal(PLACE, CONTENT);

        for (int bit = 0; bit < sealed.bytes().length * 8; bit++) {
            byte[] turned = sealed.bytes().clone();
            turned[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(seal.open(PLACE, sealed.digits(), turned))
                    .as("bit %d", bit)
                    .isEmpty();
        }
        for (int length = 0; length < sealed.bytes().length; length++) {
            byte[] cut = Arrays.copyOf(sealed.bytes(), length);
            assertThat(seal.open(PLACE, sealed.digits(), cut))
                    .as("cut to %d", length)
                    .isEmpty();
        }
    }

    private static String nonce(ChunkSeal.Sealed sealed) {
        return HexFormat.of().formatHex(sealed.bytes(), 1, 13);
    }

    private static byte[] key(int seed) {
        byte[] key = new byte[32];
        new Random(seed).nextBytes(key);
        return key;
    }
}
