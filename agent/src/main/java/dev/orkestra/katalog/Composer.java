package dev.orkestra.katalog;

import dev.orkestra.document.Document;
import dev.orkestra.document.Node;
import dev.orkestra.document.YamlPrinter;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.rules.Rules;
import dev.orkestra.schema.Schemas;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Composes a Komposer and the Katalogs that it imports into one Katalog, and checks the result. Pure: what is missing
 * is asked for, and the caller comes again with it.
 */
public final class Composer {
    private final ComposeRequest request;
    private final List<Diagnostic> findings = new ArrayList<>();
    private final Inputs inputs;
    private final Sources sources;
    private final Motifs motifs;
    private final Map<String, Node.MapNode> done = new HashMap<>();
    private final Set<String> onTheWay = new HashSet<>();

    private Composer(ComposeRequest request) {
        this.request = request;
        this.inputs = new Inputs(request, findings);
        this.sources = new Sources(request, inputs, findings);
        this.motifs = new Motifs(inputs, sources, findings);
    }

    public static Composition compose(ComposeRequest request) {
        return new Composer(request).run();
    }

    /**
     * Composes with files of the repository only, such as the tree of a commit; nothing comes from a network.
     *
     * @param files content by path from the root; empty where there is no file
     */
    public static Composition compose(ComposeRequest request, Function<String, Optional<byte[]>> files) {
        return composeWith(
                request,
                need -> need instanceof Need.RepositoryFile file
                        ? Provided.of(files.apply(file.path()))
                        : new Provided.Unreadable(
                                ErrorCode.ImportNotAllowed, "only files of the repository can be imported here", ""));
    }

    /**
     * Composes to the end.
     *
     * @param source asked once for each need
     */
    public static Composition composeWith(ComposeRequest request, InputSource source) {
        ComposeRequest current = request;
        Composition answer = compose(current);
        InputSource bounded = new BoundedInputs(source, request.importLimits());
        while (answer instanceof Composition.NeedsInput(List<Need> needs)) {
            Map<String, Provided> answers = new LinkedHashMap<>();
            needs.forEach(need -> answers.computeIfAbsent(need.key(), _ -> bounded.provide(need)));
            current = current.with(answers);
            answer = compose(current);
        }
        return answer;
    }

    private Composition run() {
        Optional<Source> entry = sources.load(inputs.entry(), null);
        if (entry.isEmpty()) {
            return inputs.needs().isEmpty() ? refused() : new Composition.NeedsInput(inputs.needs());
        }
        return switch (entry.get().kind()) {
            case "Komposer", "Katalog" -> finish(entry.get());
            default -> {
                findings.add(Diagnostic.error(
                        ErrorCode.UnknownKind,
                        entry.get().kindWithArticle() + " cannot be composed",
                        entry.get().root().keyPosition("kind"),
                        "name a Komposer or a Katalog"));
                yield refused();
            }
        };
    }

    /** One Katalog of a Katalog or a Komposer, what it imports included. */
    private Node.MapNode whole(Source source, int depth) {
        return source.isKomposer() ? komposer(source, depth) : katalog(source);
    }

    private Node.MapNode katalog(Source katalog) {
        refuseImports(katalog);
        Source complete = motifs.forKatalog(katalog);
        CrdEntries entries = new CrdEntries(findings);
        entries.addOwn(complete);
        if (mayInherit(complete, complete.crds().size())) {
            entries.addNamespaces(complete);
        }
        return CrdEntries.withCrds(complete.root().without("imports"), entries.byName());
    }

    private Node.MapNode komposer(Source komposer, int depth) {
        if (komposer.spec()
                .filter(spec -> spec.entries().containsKey("imports"))
                .isPresent()) {
            findings.add(Diagnostic.error(
                    ErrorCode.ImportNotAllowed,
                    "a Komposer has its imports at the top, not under spec",
                    komposer.spec().orElseThrow().keyPosition("imports"),
                    "move them to the top level; Motifs are imported by a Katalog"));
        }
        List<Source> blocks = new ArrayList<>();
        CrdEntries entries = new CrdEntries(findings);
        MaturityFloor floor = MaturityFloor.of(komposer, findings);
        List<Importer.Imported> imports = imports(komposer, depth + 1);
        for (Importer.Imported imported : imports) {
            switch (imported) {
                case Importer.Imported.Rendered chart -> {
                    Importer.warnOfBlocks(chart, findings);
                    chart.documents()
                            .forEach(document ->
                                    floor.compare(document, document.root().keyPosition("lifecycle")));
                    entries.addChart(chart.documents());
                }
                case Importer.Imported.Document(Source source, Position position) ->
                    composed(source, depth + 1, position)
                            .filter(composed ->
                                    mayInherit(composed, composed.crds().size()))
                            .ifPresent(composed -> {
                                floor.compare(composed, position);
                                entries.addImport(composed);
                                blocks.add(composed);
                            });
            }
        }
        entries.addInline(komposer, new OverrideMerge(findings), !isUnfinished());
        if (!namesImports(komposer) && entries.byName().isEmpty()) {
            findings.add(Diagnostic.warning(
                    ErrorCode.MissingField,
                    "this Komposer composes nothing: it has no imports and no spec.crds",
                    komposer.root().position(),
                    "import a Katalog under imports.files"));
        }
        if (mayInherit(komposer, entries.byName().size())) {
            entries.addNamespaces(komposer);
        }
        return CrdEntries.withCrds(new BlockMerge(findings).merge(komposer, blocks), entries.byName());
    }

    /** Whether the lists that every CRD takes from the document's head may be put into so many. */
    private boolean mayInherit(Source source, int crds) {
        long each = source.spec()
                        .flatMap(spec -> spec.list("finalizers"))
                        .map(list -> list.items().size())
                        .orElse(0)
                + NamespaceLists.count(source.root());
        Position position = source.root().position();
        // Each CRD has such lists of a few names in practice; only what is beyond that counts.
        return each * crds <= 1_000
                || inputs.mayGrowBy(Math.toIntExact(Math.min(each * crds * 64, Integer.MAX_VALUE)), position);
    }

    /** @param depth how many imports lead to each of them */
    private List<Importer.Imported> imports(Source komposer, int depth) {
        boolean any = komposer.root().entries().containsKey("imports");
        return any && inputs.mayImport(depth, komposer.root().keyPosition("imports"))
                ? new Importer(request, inputs, sources, findings).load(komposer)
                : List.of();
    }

    /** An import, composed once however many lead to it; empty when it is on its way to itself. */
    private Optional<Source> composed(Source source, int depth, Position position) {
        String key = source.location().key();
        if (!onTheWay.add(key)) {
            inputs.fail(
                    ErrorCode.ImportNotAllowed,
                    source.location().shown() + " imports itself",
                    position,
                    "take it out of its own imports");
            return Optional.empty();
        }
        Node.MapNode known = done.get(key);
        Node.MapNode root = known == null ? whole(source, depth) : known;
        done.put(key, root);
        onTheWay.remove(key);
        return Optional.of(source.withRoot(root));
    }

    private boolean isUnfinished() {
        return inputs.isIncomplete() || !inputs.needs().isEmpty();
    }

    private Composition finish(Source entry) {
        Node.MapNode resolved = new References(request, inputs, motifs, findings).resolve(whole(entry, 0));
        motifs.tellOfUnused();
        if (!inputs.needs().isEmpty() && !inputs.hasTooMany()) {
            return new Composition.NeedsInput(inputs.needs());
        }
        sources.validate();
        if (!isUnfinished()) {
            // With a file missing, every name that it declares would look like a mistake.
            findings.addAll(Rules.check("Katalog", resolved, inputs.entry().shown(), request.readings()::text));
            if (!isRefused()) {
                // What Motifs and overrides made of sound parts.
                findings.addAll(Schemas.bundled()
                        .validateAs(new Document(inputs.entry().shown(), 0, resolved), Source.API_VERSION, "Katalog"));
            }
        }
        if (inputs.isIncomplete() || isRefused()) {
            return refused();
        }
        Composition.Composed composed = new Composition.Composed(resolved, inputs.files(), inputs.pins(), sorted());
        if (YamlPrinter.mostBytes(resolved) <= KatalogConfigMap.MAX_BYTES) {
            return composed;
        }
        int size = composed.text().getBytes(StandardCharsets.UTF_8).length;
        if (size > KatalogConfigMap.MAX_BYTES) {
            findings.add(Diagnostic.error(
                    ErrorCode.TooLarge,
                    "the composed Katalog has " + size + " bytes; a ConfigMap holds " + KatalogConfigMap.MAX_BYTES,
                    entry.root().position(),
                    "split it over two Komposers and two environments"));
            return refused();
        }
        return composed;
    }

    private void refuseImports(Source katalog) {
        if (namesImports(katalog)) {
            findings.add(Diagnostic.error(
                    ErrorCode.ImportNotAllowed,
                    "a Katalog cannot import",
                    katalog.root().keyPosition("imports"),
                    "make it a Komposer, or let a Komposer import both"));
        }
    }

    private static boolean namesImports(Source source) {
        return source.root().map("imports").stream()
                .flatMap(imports -> imports.entries().values().stream())
                .anyMatch(entry -> entry.value() instanceof Node.ListNode list
                        && !list.items().isEmpty());
    }

    private boolean isRefused() {
        return Diagnostic.anyError(request.rules().apply(findings));
    }

    private Composition.Refused refused() {
        return new Composition.Refused(sorted());
    }

    private List<Diagnostic> sorted() {
        return request.rules().apply(findings).stream()
                .map(this::placed)
                .distinct()
                .sorted(Diagnostic.BY_POSITION)
                .toList();
    }

    /** The finding with the imports that led to it; one in what Helm rendered stands at the import (DESIGN.md §4.4). */
    private Diagnostic placed(Diagnostic finding) {
        Position position = finding.position();
        if (position == null) {
            return finding;
        }
        List<Position> chain = inputs.chainOf(position);
        if (inputs.locationOf(position) instanceof Location.Rendered(String name) && !chain.isEmpty()) {
            return finding.saying(finding.message() + "; line " + position.line() + " of what " + name + " renders")
                    .at(chain.getFirst())
                    .importedBy(chain.subList(1, chain.size()));
        }
        return finding.importedBy(chain);
    }
}
