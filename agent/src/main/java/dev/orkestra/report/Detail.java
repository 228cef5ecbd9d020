package dev.orkestra.report;

/** What can be told of a composed Katalog beside what is wrong with it. */
public enum Detail {
    /** Everything about its CRDs: effective values, permissions, the order in which they start. */
    FULL,
    /** The template functions that it declares. */
    NOTES,
    /** The presets that it declares, and those that there are anyway. */
    PROFILES
}
