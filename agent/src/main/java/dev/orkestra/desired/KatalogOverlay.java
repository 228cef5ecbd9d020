package dev.orkestra.desired;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.katalog.ComposeRequest;
import dev.orkestra.katalog.Composer;
import dev.orkestra.katalog.Composition;
import dev.orkestra.katalog.InputLimits;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.source.Tree;
import dev.orkestra.source.TreeEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Composes the overlay and turns the Katalog that comes of it into its ConfigMap. */
final class KatalogOverlay {
    /** Between the infrastructure (by custom in wave 0) and the applications: DESIGN.md §1. */
    private static final Wave WAVE = Wave.sync(1, 1);

    private final ConfigRepo repo;
    private final Tree tree;
    private final InputLimits limits;
    private final List<Diagnostic> findings;

    KatalogOverlay(ConfigRepo repo, Tree tree, InputLimits limits, List<Diagnostic> findings) {
        this.repo = repo;
        this.tree = tree;
        this.limits = limits;
        this.findings = findings;
    }

    /** The ConfigMap {@code orkestra-katalog}; empty when there is no overlay, or something is wrong with it. */
    Optional<DesiredObject> compose() {
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
        List<Diagnostic> unread = new ArrayList<>();
        Composition composition = Composer.compose(
                ComposeRequest.of(repo.overlay()).withLimits(limits.file(), limits.imports()),
                path -> content(path, unread));
        if (!unread.isEmpty()) {
            // The composer would say only that the file is not there.
            findings.addAll(unread);
            return Optional.empty();
        }
        return switch (composition) {
            case Composition.Composed composed -> {
                findings.addAll(composed.findings());
                yield Optional.of(object(composed));
            }
            case Composition.Refused(List<Diagnostic> refused) -> {
                findings.addAll(refused);
                yield Optional.empty();
            }
            case Composition.NeedsInput(var needs) ->
                throw new IllegalStateException("every need was answered: " + needs);
        };
    }

    private Optional<byte[]> content(String path, List<Diagnostic> unread) {
        Optional<TreeEntry> entry = tree.entry(path);
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        if (entry.get().kind() != TreeEntry.Kind.FILE) {
            unread.add(Diagnostic.error(
                    ErrorCode.OutsideRoot,
                    "a symbolic link or submodule is not followed",
                    Position.startOf(entry.get().path()),
                    "commit the files themselves"));
            return Optional.empty();
        }
        Optional<byte[]> bytes = tree.read(path, limits.file().maxBytes());
        if (bytes.isEmpty()) {
            unread.add(limits.file().tooLarge(path, entry.get().sizeBytes()));
        }
        return bytes;
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
