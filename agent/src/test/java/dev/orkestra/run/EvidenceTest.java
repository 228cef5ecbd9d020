package dev.orkestra.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.ObjectKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EvidenceTest {
    private static final ObjectKey KEY = new ObjectKey("", "ConfigMap", "shop", "settings");

    @Test
    void saysWhichObjectOnce() {
        assertThat(text(KEY, "field conflict")).isEqualTo("ConfigMap/shop/settings: field conflict");
        assertThat(text(KEY, "ConfigMap/shop/settings belongs to another"))
                .isEqualTo("ConfigMap/shop/settings belongs to another");
        assertThat(text(KEY, "ConfigMap/shop/settings-2 is away"))
                .isEqualTo("ConfigMap/shop/settings: ConfigMap/shop/settings-2 is away");
        assertThat(text(null, "the registry is away")).isEqualTo("the registry is away");
    }

    private static String text(@Nullable ObjectKey object, String message) {
        return new Evidence(object, Evidence.Kind.UNAVAILABLE, Evidence.Before.NOT_KNOWN, false, message).toString();
    }
}
