package dev.orkestra.katalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Follows the imports of a Komposer. */
final class Importer {
    private final ComposeRequest request;
    private final Inputs inputs;
    private final Sources sources;
    private final List<Diagnostic> findings;

    Importer(ComposeRequest request, Inputs inputs, Sources sources, List<Diagnostic> findings) {
        this.request = request;
        this.inputs = inputs;
        this.sources = sources;
        this.findings = findings;
    }

    /** What one import brought. */
    sealed interface Imported {
        /**
         * A Katalog, or the Komposer of a pattern.
         *
         * @param position the import
         */
        record Document(Source source, Position position) implements Imported {}

        /** All Katalogs and Komposers that a chart renders. */
        record Rendered(List<Source> documents) implements Imported {}
    }

    /** All that can be read now, in order; naming the same thing twice is no error, as upstream. */
    List<Imported> load(Source komposer) {
        List<Imported> all = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        ImportList list = ImportList.of(komposer.root(), findings);
        if (!list.isWhole()) {
            inputs.markIncomplete();
        }
        for (ImportList.Import item : list.all()) {
            Optional<Imported> imported = switch (item) {
                case ImportList.FileImport file -> file(komposer, file, seen);
                case ImportList.RegistryImport registry -> registry(registry, seen);
                case ImportList.HelmImport helm -> helm(komposer, helm, seen);
            };
            imported.ifPresent(all::add);
        }
        return all;
    }

    private Optional<Imported> file(Source komposer, ImportList.FileImport item, Set<String> seen) {
        return variables(item.text(), item.position())
                .filter(text -> isStorable(item, text))
                .flatMap(text -> located(
                        Location.isUrl(text)
                                ? Location.OnWeb.of(text, item.auth())
                                : komposer.location().relative(text),
                        item.text(),
                        item.position()))
                .filter(location -> seen.add(location.key()))
                .flatMap(location -> sources.load(location, item.position()))
                .filter(source -> isKatalog(source, item.position()))
                .map(source -> new Imported.Document(source, item.position()));
    }

    /** A query in a URL out of the environment may be a signature, and the lock file would store it. */
    private boolean isStorable(ImportList.FileImport item, String text) {
        boolean isSigned = !text.equals(item.text()) && text.indexOf('?') >= 0;
        if (isSigned) {
            inputs.fail(
                    ErrorCode.ImportNotAllowed,
                    "the URL in " + item.text() + " has a query",
                    item.position(),
                    "take the query out, and name variables under auth");
        }
        return !isSigned;
    }

    private boolean isKatalog(Source source, Position position) {
        if (source.kind().equals("Katalog")) {
            return true;
        }
        inputs.fail(
                ErrorCode.ImportNotAllowed,
                source.isKomposer()
                        ? "a Komposer cannot import another Komposer"
                        : "a Komposer cannot import " + source.kindWithArticle(),
                position,
                source.isKomposer() ? "import the Katalogs that it imports" : "import a Katalog");
        return false;
    }

    private Optional<Imported> registry(ImportList.RegistryImport item, Set<String> seen) {
        Optional<PatternAddress> address =
                variables(item.url(), item.position()).map(url -> PatternAddress.of(url, item.version(), item.oci()));
        if (address.filter(PatternAddress::holdsUser).isPresent()) {
            inputs.fail(
                    ErrorCode.ImportNotAllowed,
                    "the import's address holds a user, a password or a query",
                    item.position(),
                    "take them out, and name variables under auth");
            return Optional.empty();
        }
        if (address.isEmpty() || !seen.add(address.get().shown() + item.useKomposer())) {
            return Optional.empty();
        }
        String shown = address.get().shown();
        return inputs.remote(address.get().need(item.auth(), item.position()), shown)
                .flatMap(files -> sources.load(
                        new Location.InArchive(shown, files, item.useKomposer() ? "komposer.yaml" : "katalog.yaml"),
                        item.position()))
                .filter(source -> isWanted(source, item))
                .map(source -> {
                    deprecated(source, shown, item.position());
                    return new Imported.Document(source, item.position());
                });
    }

    private boolean isWanted(Source source, ImportList.RegistryImport item) {
        String wanted = item.useKomposer() ? "Komposer" : "Katalog";
        if (source.kind().equals(wanted)) {
            return true;
        }
        inputs.fail(
                ErrorCode.ImportNotAllowed,
                "with useKomposer: " + item.useKomposer() + " the pattern's "
                        + source.location().shown() + " must be a " + wanted + ", and is a " + source.kind(),
                item.position(),
                source.isKomposer() ? "set useKomposer: true" : "import a pattern that has a " + wanted);
        return false;
    }

    private void deprecated(Source source, String shown, Position position) {
        source.root()
                .map("lifecycle")
                .flatMap(lifecycle -> lifecycle.map("deprecation"))
                .ifPresent(block -> findings.add(Diagnostic.warning(
                        ErrorCode.NotStable,
                        shown + " is deprecated: " + block.text("message").orElse("it does not say why"),
                        position,
                        block.text("migratedTo").map(to -> "use " + to).orElse(""))));
    }

    private Optional<Imported> helm(Source komposer, ImportList.HelmImport item, Set<String> seen) {
        Optional<Chart> chart = new ChartImport(inputs, findings).chart(komposer, item);
        List<JsonNode> valueFiles = new ArrayList<>();
        boolean allThere = true;
        for (Node.ScalarNode file : item.valueFiles()) {
            Optional<JsonNode> values = valueFile(komposer, String.valueOf(file.value()), file.position());
            values.ifPresent(valueFiles::add);
            allThere &= values.isPresent();
        }
        if (chart.isEmpty() || !allThere) {
            return Optional.empty();
        }
        JsonNode values = item.values().map(Node::toJson).orElseGet(JsonNodeFactory.instance::objectNode);
        Need.Rendering rendering = new Need.Rendering(chart.get().files(), valueFiles, values, item.position());
        if (!seen.add(rendering.key())) {
            return Optional.empty();
        }
        Location.Rendered location = inputs.locationOf(rendering, chart.get().shown());
        return inputs.rendered(rendering, location)
                .flatMap(text -> documents(location, text, item.position()))
                .map(Imported.Rendered::new);
    }

    /**
     * A chart at hand.
     *
     * @param shown its name for people
     */
    record Chart(String shown, Provided.Files files) {}

    private Optional<JsonNode> valueFile(Source komposer, String written, Position position) {
        Optional<Location> location = variables(written, position)
                .flatMap(text -> located(komposer.location().resolve(text), written, position));
        Optional<byte[]> bytes = location.flatMap(file -> inputs.bytes(file, position));
        if (location.isEmpty() || bytes.isEmpty()) {
            return Optional.empty();
        }
        ReadResult result = DocumentReader.read(location.get().shown(), bytes.get(), request.limits());
        findings.addAll(result.findings());
        if (result.hasErrors()) {
            inputs.markIncomplete();
            return Optional.empty();
        }
        return Optional.of(
                result.documents().isEmpty()
                        ? JsonNodeFactory.instance.objectNode()
                        : result.documents().getFirst().root().toJson());
    }

    /** Every Katalog and Komposer that a chart renders; of other documents nobody said that they are to be deployed. */
    private Optional<List<Source>> documents(Location.Rendered location, byte[] text, Position position) {
        List<Source> found = sources.readAll(location, text);
        if (found.isEmpty()) {
            inputs.fail(
                    ErrorCode.UnknownKind,
                    "the chart " + location.name() + " renders no Katalog",
                    position,
                    "one of its templates must have kind: Katalog, with these values as well");
            return Optional.empty();
        }
        return Optional.of(found);
    }

    /** {@code text} with a leading {@code $NAME} or {@code ${NAME}} replaced. */
    private Optional<String> variables(String text, Position position) {
        return EnvironmentText.of(text)
                .map(reference -> inputs.variable(reference.name(), position).map(value -> value + reference.rest()))
                .orElseGet(() -> Optional.of(text));
    }

    private Optional<Location> located(Location.Reference reference, String written, Position position) {
        return switch (reference) {
            case Location.Reference.To(Location location) -> Optional.of(location);
            case Location.Reference.Nowhere(ErrorCode code, String reason, String hint) -> {
                inputs.fail(
                        code,
                        Location.isUrl(written)
                                ? "the import's address " + reason
                                : "the import '" + written + "' " + reason,
                        position,
                        hint);
                yield Optional.empty();
            }
        };
    }

    /** Blocks of what charts render that are not looked at, as upstream. */
    static void warnOfBlocks(Imported.Rendered chart, List<Diagnostic> findings) {
        for (Source source : chart.documents()) {
            Map<String, Node.Entry> blocks = new TreeMap<>(source.root().entries());
            List.of("apiVersion", "kind", "metadata", "spec").forEach(blocks::remove);
            blocks.forEach((key, entry) -> findings.add(Diagnostic.warning(
                    ErrorCode.NoEffect,
                    "'" + key + "' of a Katalog that a chart renders has no effect; only its spec.crds count",
                    entry.keyPosition(),
                    "write it into the Komposer")));
        }
    }
}
