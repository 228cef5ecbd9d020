package dev.orkestra.imports;

import dev.orkestra.katalog.InputSource;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;

/** What {@link ImportServices#open} opened; whoever opened it closes it. */
public final class OpenImports implements InputSource, AutoCloseable {
    private final RemoteImports remote;
    private final GitFolders git;
    private final HelmCharts charts;

    OpenImports(RemoteImports remote, GitFolders git, HelmCharts charts) {
        this.remote = remote;
        this.git = git;
        this.charts = charts;
    }

    @Override
    public Provided provide(Need need) {
        return remote.provide(need);
    }

    /** Ends what is under way. */
    @Override
    public void close() {
        remote.close();
        git.close();
        charts.close();
    }
}
