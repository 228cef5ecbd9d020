package dev.orkestra.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedObjectTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000, 2_000, 2_100, 100_000})
    void whatIsPackedComesBackWholeWhateverItsSize(int length) throws Exception {
        ObjectNode live = object("ConfigMap", text(length));

        Seen seen = PackedObject.read(PackedObject.pack(live, CanonicalJson::digest));

        assertThat(seen.whole()).contains(live);
        assertThat(seen.ownedDigest()).isEqualTo(CanonicalJson.digest(live));
        assertThat(seen.uid()).isEqualTo("u1");
        assertThat(seen.resourceVersion()).isEqualTo("7");
        assertThat(seen.terminating()).isFalse();
    }

    @Test
    void theValuesOfASecretAreNotKept() throws Exception {
        ObjectNode kept = PackedObject.pack(object("Secret", "c2VjcmV0"), CanonicalJson::digest);

        assertThat(PackedObject.read(kept).whole()).isEmpty();
        assertThat(kept.toString()).doesNotContain("c2VjcmV0");
    }

    @Test
    void anObjectThatIsBeingDeletedSaysSo() throws Exception {
        ObjectNode live = object("ConfigMap", "x");
        live.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");

        assertThat(PackedObject.read(PackedObject.pack(live, CanonicalJson::digest))
                        .terminating())
                .isTrue();
    }

    private static ObjectNode object(String kind, String text) throws Exception {
        ObjectNode object = (ObjectNode) JSON.readTree("{\"apiVersion\":\"v1\",\"kind\":\"" + kind
                + "\",\"metadata\":{\"namespace\":\"shop\",\"name\":\"a\",\"uid\":\"u1\",\"resourceVersion\":\"7\"}}");
        object.putObject("data").put("text", text);
        return object;
    }

    private static String text(int length) {
        return new Random(1)
                .ints(length, ' ', 0x2fff)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
