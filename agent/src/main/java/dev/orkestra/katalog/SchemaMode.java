package dev.orkestra.katalog;

import java.util.Arrays;
import java.util.Optional;

/** Which generations of the format are taken (orkspace-katalog.md §0.2). */
public enum SchemaMode {
    /** All three; what is written in an older one is moved to its new place, with a warning for each key. */
    ANY("any"),
    /** The newest only: an older key is an error that names its new place. */
    V0_7_18("v0.7.18");

    private final String text;

    SchemaMode(String text) {
        this.text = text;
    }

    /** The mode that people call {@code text}. */
    public static Optional<SchemaMode> of(String text) {
        return Arrays.stream(values()).filter(mode -> mode.text.equals(text)).findFirst();
    }

    /** What people call it. */
    @Override
    public String toString() {
        return text;
    }
}
