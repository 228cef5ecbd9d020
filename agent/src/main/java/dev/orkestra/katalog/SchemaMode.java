package dev.orkestra.katalog;

/** Which generations of the format are taken (orkspace-katalog.md §0.2). */
public enum SchemaMode {
    /** All three; what is written in an older one is moved to its new place, with a warning for each key. */
    ANY,
    /** The newest only: an older key is an error that names its new place. */
    V0_7_18
}
