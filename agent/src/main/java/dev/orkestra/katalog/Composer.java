package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Composes a Komposer and the Katalogs that it imports into one Katalog, and checks the result. Pure: what is missing
 * is asked for, and the caller comes again with it.
 */
public final class Composer {
    private final ComposeRequest request;
    private final List<Diagnostic> findings = new ArrayList<>();
    private final List<Need> needs = new ArrayList<>();
    private boolean incomplete;

    private Composer(ComposeRequest request) {
        this.request = request;
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
        while (answer instanceof Composition.NeedsInput(List<Need> needs)) {
            Map<String, Provided> answers = new LinkedHashMap<>();
            needs.forEach(need -> answers.computeIfAbsent(need.key(), _ -> source.provide(need)));
            current = current.with(answers);
            answer = compose(current);
        }
        return answer;
    }

    private Composition run() {
        Optional<Source> entry = load(request.entry(), null);
        if (!needs.isEmpty()) {
            return new Composition.NeedsInput(needs);
        }
        if (entry.isEmpty()) {
            return refused();
        }
        return switch (entry.get().kind()) {
            case "Komposer" -> composeKomposer(entry.get());
            case "Katalog" -> composeKatalog(entry.get());
            default -> {
                findings.add(Diagnostic.error(
                        ErrorCode.UnknownKind,
                        "a " + entry.get().kind() + " cannot be composed",
                        entry.get().root().keyPosition("kind"),
                        "name a Komposer or a Katalog"));
                yield refused();
            }
        };
    }

    private Composition composeKatalog(Source katalog) {
        refuseImports(katalog);
        CrdEntries entries = new CrdEntries(findings);
        entries.addOwn(katalog);
        return finish(CrdEntries.withCrds(katalog.root(), entries.byName()), katalog, List.of());
    }

    private Composition composeKomposer(Source komposer) {
        if (komposer.spec()
                .filter(spec -> spec.entries().containsKey("imports"))
                .isPresent()) {
            findings.add(Diagnostic.error(
                    ErrorCode.ImportNotAllowed,
                    "a Komposer has its imports at the top, not under spec",
                    komposer.spec().orElseThrow().keyPosition("imports"),
                    "move them to the top level; Motifs are imported by a Katalog"));
        }
        List<Source> imports = new ArrayList<>();
        for (FileImports.FileImport item : new FileImports(findings).of(komposer)) {
            load(item.path(), item.position())
                    .filter(source -> importable(source, item.position()))
                    .ifPresent(imports::add);
        }
        if (!needs.isEmpty()) {
            return new Composition.NeedsInput(needs);
        }
        imports.forEach(this::refuseImports);
        CrdEntries entries = new CrdEntries(findings);
        imports.forEach(entries::addImport);
        entries.addInline(komposer, new OverrideMerge(findings));
        if (imports.isEmpty() && entries.byName().isEmpty() && !incomplete && !Diagnostic.anyError(findings)) {
            findings.add(Diagnostic.warning(
                    ErrorCode.MissingField,
                    "this Komposer composes nothing: it has no imports and no spec.crds",
                    komposer.root().position(),
                    "import a Katalog under imports.files"));
        }
        Node.MapNode blocks = new BlockMerge(findings).merge(komposer, imports);
        return finish(CrdEntries.withCrds(blocks, entries.byName()), komposer, imports);
    }

    private Composition finish(Node.MapNode katalog, Source entry, List<Source> imports) {
        Node.MapNode resolved = new References(findings).resolve(katalog);
        if (!incomplete) {
            // With a file missing, every name that it declares would look like a mistake.
            new KatalogRules(findings, request.shownAs().apply(entry.path())).check(resolved);
        }
        if (incomplete || Diagnostic.anyError(findings)) {
            return refused();
        }
        List<String> files = new ArrayList<>();
        files.add(entry.path());
        imports.forEach(source -> files.add(source.path()));
        Composition.Composed composed = new Composition.Composed(resolved, files, sorted());
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

    private Optional<Source> load(String path, @org.jspecify.annotations.Nullable Position askedBy) {
        return switch (request.provided().get(path)) {
            case null -> {
                needs.add(new Need.RepositoryFile(path, askedBy));
                yield Optional.empty();
            }
            case Provided.Absent() -> {
                incomplete = true;
                String shown = request.shownAs().apply(path);
                findings.add(Diagnostic.error(
                        ErrorCode.NotFound,
                        "the file " + shown + " is not there",
                        askedBy == null ? Position.startOf(shown) : askedBy,
                        "check the path; it is relative to the folder of the file that names it"));
                yield Optional.empty();
            }
            case Provided.Unreadable(ErrorCode code, String message, String hint) -> {
                incomplete = true;
                String shown = request.shownAs().apply(path);
                Position position = askedBy == null ? Position.startOf(shown) : askedBy;
                findings.add(Diagnostic.error(code, shown + ": " + message, position, hint));
                yield Optional.empty();
            }
            case Provided.Files _ -> throw new IllegalStateException("a file was asked for: " + path);
            case Provided.Content(byte[] bytes) -> {
                Optional<Source> source = new SourceReader(request.limits(), request.schema(), findings)
                        .read(path, request.shownAs().apply(path), bytes);
                incomplete |= source.isEmpty();
                yield source;
            }
        };
    }

    private boolean importable(Source source, Position position) {
        if (source.kind().equals("Katalog")) {
            return true;
        }
        incomplete = true;
        findings.add(Diagnostic.error(
                ErrorCode.ImportNotAllowed,
                source.isKomposer()
                        ? "a Komposer cannot import another Komposer"
                        : "a Komposer cannot import a " + source.kind(),
                position,
                source.isKomposer() ? "import the Katalogs that it imports" : "import a Katalog"));
        return false;
    }

    private void refuseImports(Source katalog) {
        katalog.root().map("imports").ifPresent(imports -> {
            boolean any = imports.entries().values().stream()
                    .anyMatch(entry -> entry.value() instanceof Node.ListNode list
                            && !list.items().isEmpty());
            if (any) {
                findings.add(Diagnostic.error(
                        ErrorCode.ImportNotAllowed,
                        "a Katalog cannot import",
                        katalog.root().keyPosition("imports"),
                        "make it a Komposer, or let a Komposer import both"));
            }
        });
    }

    private Composition.Refused refused() {
        return new Composition.Refused(sorted());
    }

    private List<Diagnostic> sorted() {
        return findings.stream().distinct().sorted(Diagnostic.BY_POSITION).toList();
    }
}
