package dev.orkestra.desired;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.Node;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.imports.TreeFolder;
import dev.orkestra.katalog.ComposeRequest;
import dev.orkestra.katalog.Composer;
import dev.orkestra.katalog.Composition;
import dev.orkestra.katalog.InputLimits;
import dev.orkestra.katalog.InputSource;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.rules.RuleSettings;
import dev.orkestra.source.Tree;
import dev.orkestra.source.TreeEntry;
import dev.orkestra.source.TreePath;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Composes the overlay and turns the Katalog that comes of it into its ConfigMap. */
final class KatalogOverlay {
    /** Between the infrastructure (by custom in wave 0) and the applications: DESIGN.md §1. */
    private static final Wave WAVE = Wave.sync(1, 1);

    /** For those who have only the tree. */
    static final InputSource NOTHING_ELSE = _ -> new Provided.Unreadable(
            ErrorCode.ImportNotAllowed, "only files of the repository can be imported here", "");

    private final ConfigRepo repo;
    private final Tree tree;
    private final InputLimits limits;
    private final InputSource elsewhere;
    private final RuleSettings settings;
    private final List<Diagnostic> findings;
    private final Set<String> files = new HashSet<>();

    KatalogOverlay(
            ConfigRepo repo,
            Tree tree,
            InputLimits limits,
            InputSource elsewhere,
            RuleSettings settings,
            List<Diagnostic> findings) {
        this.repo = repo;
        this.tree = tree;
        this.limits = limits;
        this.elsewhere = elsewhere;
        this.settings = settings;
        this.findings = findings;
    }

    /**
     * What came of the overlay.
     *
     * @param configMap {@code orkestra-katalog}
     * @param files that were read for it
     * @param samples custom resources that its CRDs name as examples: paths from the root
     */
    record Result(DesiredObject configMap, List<String> files, List<String> samples) {}

    /** Empty when there is no overlay, or something is wrong with it. */
    Optional<Result> compose() {
        if (repo.overlay().isEmpty()) {
            return Optional.empty();
        }
        if (tree.entry(repo.overlay()).isEmpty()) {
            findings.add(Diagnostic.error(
                    ErrorCode.NotFound,
                    "the overlay '" + repo.overlay() + "' is not a file of this commit",
                    null,
                    "correct spec.overlay, or commit the file"));
            return Optional.empty();
        }
        ComposeRequest request = ComposeRequest.of(repo.overlay())
                .withLimits(limits.file(), limits.imports())
                .withRules(settings);
        Composition composition = Composer.composeWith(request, this::provide);
        return switch (composition) {
            case Composition.Composed composed -> {
                findings.addAll(composed.findings());
                DesiredObject object = object(composed);
                checkAllowed(object);
                yield Optional.of(new Result(object, composed.files(), samples(composed)));
            }
            case Composition.Refused(List<Diagnostic> refused) -> {
                findings.addAll(refused);
                yield Optional.empty();
            }
            case Composition.NeedsInput(var needs) ->
                throw new IllegalStateException("every need was answered: " + needs);
        };
    }

    private void checkAllowed(DesiredObject object) {
        AllowRules allow = new AllowRules(repo);
        ObjectKey key = object.key();
        allow.kind(key.group(), key.kind())
                .or(() -> allow.place(key))
                .ifPresent(refusal -> findings.add(Diagnostic.error(
                        ErrorCode.Forbidden,
                        "the Katalog's " + key.kind() + ": " + refusal.message(),
                        object.origin(),
                        refusal.hint())));
    }

    /** Paths as a composed Katalog has them, which is from the folder of the overlay, and so below the root or not ours. */
    private List<String> samples(Composition.Composed composed) {
        int slash = repo.overlay().lastIndexOf('/');
        String folder = repo.overlay().substring(0, slash + 1);
        return composed.katalog()
                .map("spec")
                .flatMap(spec -> spec.map("crds"))
                .map(crds -> crds.entries().values().stream())
                .orElseGet(Stream::of)
                .flatMap(entry -> entry.value() instanceof Node.MapNode crd ? Stream.of(crd) : Stream.of())
                .flatMap(crd -> crd.list("crFiles").stream())
                .flatMap(list -> list.items().stream())
                .flatMap(item -> item instanceof Node.ScalarNode(Object path, var _) && path instanceof String text
                        ? Stream.of(folder + text)
                        : Stream.of())
                .filter(path -> !path.contains("://"))
                .map(path -> Path.of(path).normalize().toString())
                .filter(path -> TreePath.problem(path).isEmpty())
                .toList();
    }

    private Provided provide(Need need) {
        return switch (need) {
            case Need.RepositoryFile(String path, var _) -> file(path);
            case Need.RepositoryFolder(String path, var _) ->
                new TreeFolder(tree, limits.imports(), "this commit").read(path, "");
            case Need.Variable _ ->
                new Provided.Unreadable(
                        ErrorCode.ImportNotAllowed,
                        "a path or URL out of the environment would not be the same everywhere",
                        "write the path or URL itself");
            case Need.Rendering _, Need.Remote _ -> elsewhere.provide(need);
        };
    }

    /** Paths of the files that were asked for, whatever came of it. */
    Set<String> files() {
        return files;
    }

    private Provided file(String path) {
        files.add(path);
        Optional<TreeEntry> entry = tree.entry(path);
        if (entry.isEmpty()) {
            return new Provided.Absent();
        }
        if (entry.get().kind() != TreeEntry.Kind.FILE) {
            return new Provided.Unreadable(
                    ErrorCode.OutsideRoot,
                    "a symbolic link or submodule is not followed",
                    "commit the files themselves");
        }
        return tree.read(path, limits.file().maxBytes())
                .<Provided>map(Provided.Content::new)
                .orElseGet(() -> tooLarge(entry.get()));
    }

    private Provided tooLarge(TreeEntry entry) {
        Diagnostic finding = limits.file().tooLarge(entry.path(), entry.sizeBytes());
        return new Provided.Unreadable(finding.code(), finding.message(), finding.hint());
    }

    private DesiredObject object(Composition.Composed composed) {
        String namespace = composed.katalog()
                .map("metadata")
                .flatMap(metadata -> metadata.text("namespace"))
                .orElse(repo.namespace());
        ObjectNode body = composed.configMap(namespace);
        ObjectRules.map((ObjectNode) body.get("metadata"), "labels").put(ConfigRepo.LABEL, repo.label());
        Position origin = Position.startOf(repo.overlay());
        return new DesiredObject(ObjectKey.of(body), body, WAVE, origin, CanonicalJson.digest(body));
    }
}
