package dev.orkestra.desired;

import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import dev.orkestra.document.ReadResult;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.rules.RuleSettingsFile;
import dev.orkestra.source.SourceException;
import dev.orkestra.source.Tree;
import dev.orkestra.source.TreeEntry;
import dev.orkestra.source.TreePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads all documents of the layers' folders. Other files than YAML and JSON are left alone. */
final class LayerReader {
    /** An environment of more is a mistake or an attack; each is far above what one ConfigRepo can sensibly hold. */
    private static final int MAX_FILES = 10_000;

    private static final long MAX_BYTES = 64L << 20;

    private final Tree tree;
    private final Limits limits;
    private final FileFindings findings;
    private int files;
    private long bytes;

    LayerReader(Tree tree, Limits limits, FileFindings findings) {
        this.tree = tree;
        this.limits = limits;
        this.findings = findings;
    }

    List<Manifest> read(List<ConfigRepo.Layer> layers) {
        List<Manifest> manifests = new ArrayList<>();
        for (ConfigRepo.Layer layer : layers) {
            read(layer, manifests);
        }
        return manifests;
    }

    private void read(ConfigRepo.Layer layer, List<Manifest> manifests) {
        List<TreeEntry> entries;
        try {
            entries = tree.list(layer.path());
        } catch (SourceException e) {
            unreadable(e, layer.path().isEmpty() ? "." : layer.path());
            return;
        }
        if (entries.isEmpty()) {
            findings.add(Diagnostic.error(
                    ErrorCode.NotFound,
                    "the layer '" + layer.path() + "' is not in this commit",
                    null,
                    "correct spec.layers, or commit the folder; Git keeps no empty folders"));
            return;
        }
        Map<String, String> taken = foldersOfOtherTools(entries);
        for (TreeEntry entry : entries) {
            if (taken.keySet().stream().noneMatch(folder -> entry.path().startsWith(folder))) {
                read(layer, entry, manifests);
            }
        }
    }

    /** Folders whose files mean something only to another tool: one finding for each, not one for each file. */
    private Map<String, String> foldersOfOtherTools(List<TreeEntry> entries) {
        Map<String, String> folders = new HashMap<>();
        for (TreeEntry entry : entries) {
            int slash = entry.path().lastIndexOf('/');
            String name = entry.path().substring(slash + 1);
            String folder = entry.path().substring(0, slash + 1);
            if (OtherTools.isKustomization(name)) {
                folders.put(folder, name);
                findings.add(Diagnostic.error(
                        ErrorCode.UnknownKind,
                        "kustomize folders are not built by this version yet",
                        Position.startOf(entry.path()),
                        "commit the manifests that kustomize builds, or leave this folder out of the layers"));
            } else if (OtherTools.isChart(name)) {
                folders.put(folder, name);
                findings.add(Diagnostic.error(
                        ErrorCode.UnknownKind,
                        "a Helm chart is not a folder of manifests",
                        Position.startOf(entry.path()),
                        "let an ApplicationGroup name the chart, and keep its folder out of the layers"));
            }
        }
        return folders;
    }

    private void read(ConfigRepo.Layer layer, TreeEntry entry, List<Manifest> manifests) {
        switch (entry.kind()) {
            case SYMLINK -> refuse(entry, "a symbolic link is not followed", "commit the file itself");
            case SUBMODULE ->
                refuse(entry, "a submodule is not followed", "commit its files, or use a ConfigRepo for it");
            case FILE -> {
                if (isManifest(entry.path())) {
                    readFile(layer, entry, manifests);
                }
            }
        }
    }

    private void refuse(TreeEntry entry, String message, String hint) {
        findings.add(Diagnostic.error(ErrorCode.OutsideRoot, message, Position.startOf(entry.path()), hint));
    }

    /** What is wrong with one file is the commit's trouble; a tree that is damaged is the caller's. */
    private void unreadable(SourceException trouble, String path) {
        if (!trouble.isOfOnePart()) {
            throw trouble;
        }
        findings.add(Diagnostic.error(
                ErrorCode.NotFound,
                String.valueOf(trouble.getMessage()),
                Position.startOf(path),
                "make it readable, or keep it out of the layers"));
    }

    private void readFile(ConfigRepo.Layer layer, TreeEntry entry, List<Manifest> manifests) {
        Optional<String> problem = TreePath.problem(entry.path());
        if (problem.isPresent()) {
            findings.add(Diagnostic.error(
                    ErrorCode.InvalidName,
                    "the file's name " + problem.get(),
                    Position.startOf(entry.path()),
                    "rename it"));
            return;
        }
        if (!count(entry)) {
            return;
        }
        Optional<byte[]> content;
        try {
            content = tree.read(entry.path(), limits.maxBytes());
        } catch (SourceException e) {
            unreadable(e, entry.path());
            return;
        }
        if (content.isEmpty()) {
            findings.add(limits.tooLarge(entry.path(), entry.sizeBytes()));
            return;
        }
        ReadResult result = DocumentReader.read(entry.path(), content.get(), limits);
        findings.addAll(result.findings());
        if (!result.hasErrors()) {
            result.documents().forEach(document -> accept(layer, document, manifests));
        }
    }

    /** Whether {@code entry} is still within what the layers may hold. */
    private boolean count(TreeEntry entry) {
        files++;
        bytes += entry.sizeBytes();
        if (files > MAX_FILES || bytes > MAX_BYTES) {
            if (files - 1 <= MAX_FILES && bytes - entry.sizeBytes() <= MAX_BYTES) {
                findings.add(Diagnostic.error(
                        ErrorCode.TooLarge,
                        "the layers hold more than " + MAX_FILES + " files or " + (MAX_BYTES >> 20) + " MiB",
                        Position.startOf(entry.path()),
                        "split the environment into several ConfigRepos"));
            }
            return false;
        }
        return true;
    }

    private void accept(ConfigRepo.Layer layer, Document document, List<Manifest> manifests) {
        document.mapping()
                .ifPresentOrElse(
                        root -> manifests.add(new Manifest(root, layer)),
                        () -> findings.add(Diagnostic.error(
                                ErrorCode.WrongType,
                                "the document is not a mapping",
                                document.root().position(),
                                "a manifest begins with apiVersion, kind and metadata")));
    }

    private static boolean isManifest(String path) {
        if (path.equals(RuleSettingsFile.PATH)) {
            return false; // A layer may be the root, where the settings lie.
        }
        String name = path.toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }
}
