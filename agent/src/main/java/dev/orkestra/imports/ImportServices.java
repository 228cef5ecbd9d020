package dev.orkestra.imports;

import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;
import dev.orkestra.process.ChildProcesses;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * All that fetches, put together. The agent and the command line use the same parts; they differ in whose variables may
 * be named, and in which cache is used.
 *
 * @param processes starts Helm
 * @param helm the Helm program; only charts need it
 * @param clock for deadlines
 * @param limits for each import
 */
public record ImportServices(ChildProcesses processes, Optional<Path> helm, InstantSource clock, ImportLimits limits) {
    /**
     * Answers what compositions need, except files of their own repository, which the caller has.
     *
     * @param variables what imports may name
     * @param cache a folder that may be lost at any time; whoever may use it may read all imports in it
     */
    public OpenImports open(Variables variables, Path cache) {
        GitFolders git = new GitFolders(cache.resolve("git"), clock, variables, limits, false);
        HelmCharts charts = new HelmCharts(variables, limits);
        HelmRendering rendering =
                new HelmRendering(processes, HelmRendering.Settings.standard(helm, cache.resolve("render")));
        RemoteImports remote = new RemoteImports(
                ImportServices::elsewhere,
                variables,
                limits,
                Optional.of(new ImportCache(cache.resolve("pinned"), ImportCache.DEFAULT_BYTES, clock)),
                new RemoteImports.Others(git::provide, charts::provide, rendering::provide));
        return new OpenImports(remote, git, charts, limits.maxImportTime().multipliedBy(OpenImports.TIMES));
    }

    private static Provided elsewhere(Need need) {
        throw new IllegalStateException("the caller has its repository: " + need.key());
    }
}
