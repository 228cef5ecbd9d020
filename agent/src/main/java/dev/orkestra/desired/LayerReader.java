package dev.orkestra.desired;

import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import dev.orkestra.document.ReadResult;
import dev.orkestra.kustomize.KustomizeBuild;
import dev.orkestra.kustomize.KustomizeFolder;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.rules.RuleSettingsFile;
import dev.orkestra.source.SourceException;
import dev.orkestra.source.Tree;
import dev.orkestra.source.TreeEntry;
import dev.orkestra.source.TreePath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads all documents of the layers' folders, and builds those folders that have a kustomization. Other files than YAML
 * and JSON are left alone.
 */
final class LayerReader {
    /** An environment of more is a mistake or an attack; each is far above what one ConfigRepo can sensibly hold. */
    private static final int MAX_FILES = 10_000;

    private static final long MAX_BYTES = 64L << 20;

    private final Tree tree;
    private final Limits limits;
    private final KustomizeBuild kustomize;
    private final FileFindings findings;
    private final Set<String> inputs = new HashSet<>();
    private int files;
    private long bytes;

    LayerReader(Tree tree, Limits limits, KustomizeBuild kustomize, FileFindings findings) {
        this.tree = tree;
        this.limits = limits;
        this.kustomize = kustomize;
        this.findings = findings;
    }

    List<Manifest> read(List<ConfigRepo.Layer> layers) {
        List<Manifest> manifests = new ArrayList<>();
        for (ConfigRepo.Layer layer : layers) {
            read(layer, manifests);
        }
        return manifests;
    }

    /** Paths of the files that kustomize builds from, also those outside of the layers. */
    Set<String> inputs() {
        return inputs;
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
        Set<String> kustomizations = kustomizations(entries);
        Set<String> taken = new HashSet<>(charts(entries, kustomizations));
        taken.addAll(kustomizations);
        for (TreeEntry entry : entries) {
            if (taken.stream().noneMatch(folder -> entry.path().startsWith(folder))) {
                read(layer, entry, manifests);
            }
        }
        build(layer, kustomizations, manifests);
    }

    /** Folders that have a kustomization and lie in no other one, with a slash at the end; "" is the root. */
    private static Set<String> kustomizations(List<TreeEntry> entries) {
        Set<String> all = new TreeSet<>();
        for (TreeEntry entry : entries) {
            if (OtherTools.isKustomization(entry.path().substring(entry.path().lastIndexOf('/') + 1))) {
                all.add(folderOf(entry));
            }
        }
        Set<String> topmost = new TreeSet<>();
        for (String folder : all) {
            if (!all.contains("") && !OtherTools.isBelow(folder, all) || folder.isEmpty()) {
                topmost.add(folder);
            }
        }
        return topmost;
    }

    /** With a slash at the end. */
    private static String folderOf(TreeEntry entry) {
        return entry.path().substring(0, entry.path().lastIndexOf('/') + 1);
    }

    /** Builds each folder that no other one of the layer is built from. */
    private void build(ConfigRepo.Layer layer, Set<String> folders, List<Manifest> manifests) {
        Map<String, KustomizeFolder> read = new TreeMap<>();
        for (String folder : folders) {
            String path = folder.isEmpty() ? "" : folder.substring(0, folder.length() - 1);
            KustomizeFolder collected = KustomizeFolder.read(tree, path, limits);
            if (!count(path, collected.files().size(), collected.sizeBytes())) {
                return;
            }
            read.put(folder, collected);
        }
        for (Map.Entry<String, KustomizeFolder> each : read.entrySet()) {
            inputs.addAll(each.getValue().files());
            if (!isInput(each, read) && !build(layer, each.getKey(), each.getValue(), manifests)) {
                return;
            }
        }
    }

    private static boolean isInput(Map.Entry<String, KustomizeFolder> folder, Map<String, KustomizeFolder> all) {
        return folder.getValue().isComponent()
                || all.entrySet().stream()
                        .filter(other -> !other.getKey().equals(folder.getKey()))
                        .anyMatch(other -> other.getValue().files().stream()
                                .anyMatch(file -> isKustomizationOf(file, folder.getKey())));
    }

    /**
     * Builds one folder.
     *
     * @return whether it makes sense to go on: not when the program does not answer, nor beyond the limits
     */
    private boolean build(ConfigRepo.Layer layer, String folder, KustomizeFolder collected, List<Manifest> manifests) {
        KustomizeFolder.Result result = collected.build(kustomize);
        findings.addAll(result.findings());
        if (!count(folder, result.objects().size(), result.sizeBytes())) {
            return false;
        }
        result.objects().forEach(object -> manifests.add(new Manifest(object, layer)));
        return result.findings().stream().noneMatch(finding -> finding.code() == ErrorCode.ImportFailed);
    }

    private static boolean isKustomizationOf(String file, String folder) {
        return file.startsWith(folder) && OtherTools.isKustomization(file.substring(folder.length()));
    }

    /** Folders of charts, with a slash at the end: one finding for each, not one for each file. */
    private Set<String> charts(List<TreeEntry> entries, Set<String> kustomizations) {
        Set<String> folders = new HashSet<>();
        for (TreeEntry entry : entries) {
            String folder = folderOf(entry);
            boolean isInput = kustomizations.stream().anyMatch(folder::startsWith);
            if (!isInput && OtherTools.isChart(entry.path().substring(folder.length()))) {
                folders.add(folder);
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

    private boolean count(TreeEntry entry) {
        return count(entry.path(), 1, entry.sizeBytes());
    }

    /** Whether what is read is still within what the layers may hold, with so much more at {@code path}. */
    private boolean count(String path, int moreFiles, long moreBytes) {
        boolean told = files > MAX_FILES || bytes > MAX_BYTES;
        files += moreFiles;
        bytes += moreBytes;
        if (files <= MAX_FILES && bytes <= MAX_BYTES) {
            return true;
        }
        if (!told) {
            findings.add(Diagnostic.error(
                    ErrorCode.TooLarge,
                    "the layers hold more than " + MAX_FILES + " files or " + (MAX_BYTES >> 20) + " MiB",
                    Position.startOf(path.isEmpty() ? "." : path),
                    "split the environment into several ConfigRepos"));
        }
        return false;
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
