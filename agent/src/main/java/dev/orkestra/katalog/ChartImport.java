package dev.orkestra.katalog;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.util.List;
import java.util.Optional;

/** Tells where a helm import's chart is: a Git repository, a folder, or a Helm repository (orkspace-katalog.md §2.2). */
final class ChartImport {
    /** The default branch of a Git repository, see {@link Need.GitFiles}. */
    private static final String HEAD = "HEAD";

    private final Inputs inputs;
    private final List<Diagnostic> findings;

    ChartImport(Inputs inputs, List<Diagnostic> findings) {
        this.inputs = inputs;
        this.findings = findings;
    }

    /** The chart's files; empty when they are to be fetched first, or cannot be had. */
    Optional<Importer.Chart> chart(Source komposer, ImportList.HelmImport item) {
        if (isGit(item.repo())) {
            return git(item);
        }
        return Location.isUrl(item.repo()) ? repository(item) : folder(komposer, item);
    }

    private static boolean isGit(String written) {
        String repo = written.replaceFirst("(?<=[.]git)@[^/@]*$", "");
        boolean knownHost = repo.contains("github.com") || repo.contains("gitlab.com");
        return repo.endsWith(".git")
                || repo.startsWith("git://")
                || repo.startsWith("git@")
                || knownHost && !repo.contains("/raw/");
    }

    private Optional<Importer.Chart> git(ImportList.HelmImport item) {
        PatternAddress address =
                PatternAddress.of(item.repo(), item.version().isEmpty() ? HEAD : item.version(), false);
        if (address.holdsUser()) {
            return holdsUser(item);
        }
        if (address.version().equals(HEAD)) {
            noVersion("without a version the newest commit is taken", item);
        }
        String folder = item.path().isEmpty() ? item.chart() : item.path();
        Optional<String> inside = folder.isEmpty() ? Optional.of("") : RepositoryPath.resolve("", folder);
        if (inside.isEmpty()) {
            inputs.fail(
                    ErrorCode.OutsideRoot,
                    "the chart's folder '" + folder + "' leads out of its repository",
                    item.position(),
                    "write its path from the repository's root");
            return Optional.empty();
        }
        Need.GitFiles need = new Need.GitFiles(
                address.place(), address.version(), inside.get(), Optional.empty(), Optional.empty(), item.position());
        return inputs.remote(need, need.key()).map(files -> new Importer.Chart(need.key(), files));
    }

    private Optional<Importer.Chart> repository(ImportList.HelmImport item) {
        if (PatternAddress.of(item.repo(), "", false).holdsUser()) {
            return holdsUser(item);
        }
        if (item.chart().isEmpty()) {
            inputs.fail(
                    ErrorCode.MissingField,
                    "a Helm repository holds many charts, and this import names none",
                    item.position(),
                    "add 'chart'");
            return Optional.empty();
        }
        if (item.version().isEmpty()) {
            noVersion("without a version the newest chart is taken", item);
        }
        Need.HelmChart need = new Need.HelmChart(
                item.repo(), item.chart(), item.version(), Optional.empty(), Optional.empty(), item.position());
        return inputs.remote(need, need.key()).map(files -> new Importer.Chart(need.key(), files));
    }

    private void noVersion(String message, ImportList.HelmImport item) {
        findings.add(Diagnostic.warning(ErrorCode.MissingField, message, item.position(), "add 'version'"));
    }

    private Optional<Importer.Chart> holdsUser(ImportList.HelmImport item) {
        inputs.fail(
                ErrorCode.ImportNotAllowed,
                "the import's address holds a user, a password or a query",
                item.position(),
                "use a repository that asks for no password");
        return Optional.empty();
    }

    /** Relative to the Komposer; upstream takes the working directory, which is another one for everybody. */
    private Optional<Importer.Chart> folder(Source komposer, ImportList.HelmImport item) {
        String path = item.chart().isEmpty() ? item.repo() : item.repo() + "/" + item.chart();
        return switch (komposer.location().relative(path)) {
            case Location.Reference.To(Location.InRepository folder) ->
                inputs.folder(new Need.RepositoryFolder(folder.path(), item.position()), folder.shown())
                        .map(files -> new Importer.Chart(folder.shown(), files));
            case Location.Reference.To(Location.InArchive folder) -> {
                Provided.Files files = folder.below();
                if (files.contents().isEmpty()) {
                    inputs.fail(
                            ErrorCode.NotFound,
                            "there is no chart in " + folder.shown(),
                            item.position(),
                            "the chart must be part of the pattern");
                    yield Optional.empty();
                }
                yield Optional.of(new Importer.Chart(folder.shown(), files));
            }
            case Location.Reference.To(var other) -> {
                inputs.fail(
                        ErrorCode.ImportNotAllowed,
                        "a chart cannot be a folder beside " + other.shown(),
                        item.position(),
                        "name a Helm or Git repository");
                yield Optional.empty();
            }
            case Location.Reference.Nowhere(ErrorCode code, String reason, String hint) -> {
                inputs.fail(code, "the chart '" + path + "' " + reason, item.position(), hint);
                yield Optional.empty();
            }
        };
    }
}
