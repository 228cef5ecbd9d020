package dev.orkestra.source;

/** What became of a {@link VersionRequest}. */
public sealed interface VersionResult {
    /** The commit that the version names; its files can be read from the mirror now. */
    record Found(Commit commit) implements VersionResult {}

    record Failed(FetchFailure failure) implements VersionResult {}
}
