package dev.orkestra.imports;

import dev.orkestra.document.GoDuration;
import dev.orkestra.document.LimitHints;
import dev.orkestra.katalog.InputSource;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import java.time.Duration;

/** What {@link ImportServices#open} opened; whoever opened it closes it. */
public final class OpenImports implements InputSource, AutoCloseable {
    private final RemoteImports remote;
    private final GitFolders git;
    private final HelmCharts charts;
    private final Duration total;
    private final long end;

    OpenImports(RemoteImports remote, GitFolders git, HelmCharts charts, Duration total) {
        this.remote = remote;
        this.git = git;
        this.charts = charts;
        this.total = total;
        this.end = System.nanoTime() + total.toNanos();
    }

    /** As many single times as all imports of a composition may take together: a newer commit must not wait for ever. */
    static final int TIMES = 10;

    @Override
    public Provided provide(Need need) {
        if (need instanceof Need.Remote && System.nanoTime() - end > 0) {
            return new Provided.Unreadable(
                    ErrorCode.ImportFailed,
                    "the imports before it took more than " + GoDuration.text(total) + ", " + TIMES
                            + " times maxImportTime",
                    "see which server is slow, or " + LimitHints.raise("maxImportTime"));
        }
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
