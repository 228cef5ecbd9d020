package dev.orkestra.imports;

import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.katalog.InputSource;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Pin;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/**
 * Answers every need of a composition: files of the repository by the source at hand, all others from a network. What a
 * lock file pins and the cache holds is answered without a single request, so that it can be had with every server
 * away; what is not pinned is always asked for anew.
 */
public final class RemoteImports implements InputSource, AutoCloseable {
    private final InputSource repository;
    private final Variables variables;
    private final Optional<ImportCache> cache;
    private final Others others;
    private final Downloads downloads = new Downloads();
    private final WebFiles webFiles;
    private final OciArtifacts artifacts;

    /**
     * Whoever fetches what is not fetched over plain HTTP. Each keeps to the limits itself and throws nothing.
     *
     * @param git folders of Git repositories
     * @param charts charts of Helm repositories
     * @param rendering what Helm makes of a chart
     */
    public record Others(
            Function<Need.GitFiles, Provided> git,
            Function<Need.HelmChart, Provided> charts,
            Function<Need.Rendering, Provided> rendering) {}

    /**
     * @param repository files and folders of the repository that is composed
     * @param cache what may be used of earlier fetches; empty to fetch always
     */
    public RemoteImports(
            InputSource repository,
            Variables variables,
            ImportLimits limits,
            Optional<ImportCache> cache,
            Others others) {
        this.repository = repository;
        this.variables = variables;
        this.cache = cache;
        this.others = others;
        this.webFiles = new WebFiles(downloads, variables, limits);
        this.artifacts = new OciArtifacts(downloads, variables, limits);
    }

    @Override
    public Provided provide(Need need) {
        return switch (need) {
            case Need.RepositoryFile _, Need.RepositoryFolder _ -> repository.provide(need);
            case Need.Variable(String name, var _) ->
                Provided.of(variables.value(name).map(value -> value.getBytes(StandardCharsets.UTF_8)));
            case Need.Rendering rendering -> others.rendering.apply(rendering);
            case Need.Remote remote -> cached(remote);
        };
    }

    /** Ends what is still under way. */
    @Override
    public void close() {
        downloads.close();
    }

    private Provided cached(Need.Remote need) {
        Optional<Provided.Files> known =
                cache.flatMap(entries -> need.locked().flatMap((Pin pin) -> entries.find(need, pin)));
        if (known.isPresent()) {
            return known.get();
        }
        Provided answer = fetched(need);
        if (need.locked().isPresent() && answer instanceof Provided.Unreadable trouble) {
            return Refusals.ofLocked(trouble);
        }
        if (answer instanceof Provided.Files files) {
            cache.ifPresent(entries -> entries.keep(need, files));
        }
        return answer;
    }

    private Provided fetched(Need.Remote need) {
        try {
            return switch (need) {
                case Need.WebFile file -> webFiles.fetch(file);
                case Need.OciArtifact artifact -> artifacts.fetch(artifact);
                case Need.GitFiles files -> others.git.apply(files);
                case Need.HelmChart chart -> others.charts.apply(chart);
            };
        } catch (ImportTrouble e) {
            return e.answer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Provided.Unreadable(ErrorCode.ImportFailed, "fetching it was broken off", "run it again");
        }
    }
}
