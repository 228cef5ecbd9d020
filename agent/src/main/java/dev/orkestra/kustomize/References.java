package dev.orkestra.kustomize;

import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.kustomize.InputWalk.Text;
import dev.orkestra.outcome.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one kustomization names. Refuses whatever would have kustomize read or run something else than the commit. */
final class References {
    private static final String FUNCTION = "config.kubernetes.io/function";

    private final InputWalk walk;
    private final String folder;
    private final Node.MapNode root;

    References(InputWalk walk, String folder, Node.MapNode root) {
        this.walk = walk;
        this.folder = folder;
        this.root = root;
    }

    void follow() {
        checkNames();
        InputWalk.texts(root, "resources").forEach(this::resource);
        InputWalk.texts(root, "bases").forEach(this::base);
        InputWalk.texts(root, "components").forEach(this::base);
        for (String field : List.of("crds", "configurations")) {
            InputWalk.texts(root, field).forEach(this::file);
        }
        root.map("openapi")
                .ifPresent(openapi -> InputWalk.texts(openapi, "path").forEach(this::file));
        InputWalk.maps(root, "replacements")
                .forEach(each -> InputWalk.texts(each, "path").forEach(this::file));
        InputWalk.maps(root, "configMapGenerator").forEach(each -> generator(each, false));
        InputWalk.maps(root, "secretGenerator").forEach(each -> generator(each, true));
        for (String field : List.of("generators", "transformers", "validators")) {
            InputWalk.texts(root, field).forEach(this::builtIn);
        }
        InputWalk.texts(root, "patchesStrategicMerge").forEach(text -> patch(text, Optional.empty()));
        for (String field : List.of("patches", "patchesJson6902")) {
            InputWalk.texts(root, field).forEach(text -> patch(text, Optional.empty()));
            InputWalk.maps(root, field).forEach(this::patch);
        }
    }

    private void checkNames() {
        root.entries().forEach((name, entry) -> {
            if (KustomizationFields.HELM.contains(name)) {
                walk.error(
                        ErrorCode.ImportNotAllowed,
                        name + " would have kustomize run Helm",
                        entry.keyPosition(),
                        "let an ApplicationGroup name the chart, or commit what it renders");
            } else if (!KustomizationFields.KUSTOMIZATION.contains(name)) {
                unknown(name, entry, KustomizationFields.KUSTOMIZATION);
            }
        });
        KustomizationFields.NESTED.forEach((field, names) -> {
            InputWalk.maps(root, field).forEach(map -> checkNames(map, names));
            root.map(field).ifPresent(map -> checkNames(map, names));
        });
    }

    private void checkNames(Node.MapNode map, Set<String> names) {
        map.entries().forEach((name, entry) -> {
            if (!names.contains(name)) {
                unknown(name, entry, names);
            }
        });
    }

    private void unknown(String name, Node.Entry entry, Set<String> names) {
        walk.error(
                ErrorCode.UnknownField,
                "a kustomization has no field '" + InputWalk.shown(name) + "' here",
                entry.keyPosition(),
                names.stream()
                        .filter(name::equalsIgnoreCase)
                        .findFirst()
                        .map(right -> "write " + right)
                        .orElse("remove it"));
    }

    /** The path that {@code text} names, from the root of the repository. */
    private Optional<String> path(Text text) {
        if (LocalPath.isRemote(text.value())) {
            walk.error(
                    ErrorCode.ImportNotAllowed,
                    "'" + withoutUser(text.value()) + "' is not in this repository, and nothing is fetched for a build",
                    text.position(),
                    "copy what it names into the repository");
            return Optional.empty();
        }
        Optional<String> path = LocalPath.resolve(folder, text.value());
        if (path.isEmpty()) {
            walk.error(
                    ErrorCode.OutsideRoot,
                    "'" + InputWalk.shown(text.value()) + "' leads out of the repository",
                    text.position(),
                    "copy what it names into the repository");
        }
        return path;
    }

    private static String withoutUser(String address) {
        return InputWalk.shown(address.replaceAll("(?s)://[^/]*@", "://").replaceAll("(?s)\\?.*", "?…"));
    }

    private void resource(Text text) {
        Optional<String> path = path(text);
        if (path.isEmpty()) {
            return;
        }
        if (!path.get().isEmpty() && walk.isFile(path.get())) {
            if (isBelow(path.get(), text)) {
                walk.documents(path.get(), text.position());
            }
        } else {
            folder(path.get(), text);
        }
    }

    private void base(Text text) {
        path(text).ifPresent(path -> folder(path, text));
    }

    private void folder(String path, Text text) {
        if (walk.kustomizationsIn(path).isEmpty()) {
            if (walk.isFolder(path)) {
                walk.error(
                        ErrorCode.NotFound,
                        "'" + InputWalk.shown(text.value()) + "' has no kustomization",
                        text.position(),
                        "name a folder with a kustomization.yaml");
            } else {
                // Which says what is wrong with it.
                walk.take(path, text.position());
            }
            return;
        }
        walk.folder(path, text.position());
    }

    /** Kustomize reads files from the kustomization's folder only, so that bases stay whole. */
    private boolean isBelow(String path, Text text) {
        if (LocalPath.isWithin(path, folder)) {
            return true;
        }
        walk.error(
                ErrorCode.OutsideRoot,
                "'" + InputWalk.shown(text.value()) + "' is not in the folder of its kustomization, or below",
                text.position(),
                "move it there, or give it a kustomization of its own and name its folder under resources");
        return false;
    }

    private Optional<byte[]> file(Text text) {
        return path(text).filter(path -> isBelow(path, text)).flatMap(path -> walk.take(path, text.position()));
    }

    private void generator(Node.MapNode generator, boolean secret) {
        for (String field : List.of("files", "envs", "env")) {
            for (Text text : InputWalk.texts(generator, field)) {
                int equals = field.equals("files") ? text.value().indexOf('=') : -1;
                Text named = new Text(text.value().substring(equals + 1), text.position());
                file(named);
                if (secret) {
                    LocalPath.resolve(folder, named.value()).ifPresent(walk::secret);
                }
            }
        }
    }

    private void patch(Node.MapNode patch) {
        Optional<Node.MapNode> target = patch.map("target");
        for (Text text : InputWalk.texts(patch, "path")) {
            path(text)
                    .filter(path -> isBelow(path, text))
                    .ifPresent(path -> walk.add(
                            new Patch(target, roots(walk.documents(path, text.position())), Optional.empty())));
        }
        InputWalk.texts(patch, "patch").forEach(text -> inline(text, target));
    }

    /** Either a path or the patch itself, as kustomize takes it. */
    private void patch(Text text, Optional<Node.MapNode> target) {
        Optional<String> path =
                LocalPath.isRemote(text.value()) ? Optional.empty() : LocalPath.resolve(folder, text.value());
        if (path.filter(walk::isFile).isPresent()) {
            if (isBelow(path.get(), text)) {
                walk.add(new Patch(target, roots(walk.documents(path.get(), text.position())), Optional.empty()));
            }
        } else if (text.value().contains("\n") || text.value().contains(": ")) {
            inline(text, target);
        } else {
            file(text);
        }
    }

    private void inline(Text text, Optional<Node.MapNode> target) {
        ReadResult read = DocumentReader.read(
                text.position().file(), text.value().getBytes(StandardCharsets.UTF_8), walk.limits());
        read.findings()
                .forEach(finding ->
                        walk.error(finding.code(), "the patch: " + finding.message(), text.position(), finding.hint()));
        walk.add(new Patch(target, roots(read.documents()), Optional.of(text.position())));
    }

    private static List<Node> roots(List<Document> documents) {
        return documents.stream().map(Document::root).toList();
    }

    private void builtIn(Text text) {
        Optional<String> path = LocalPath.isRemote(text.value()) ? path(text) : LocalPath.resolve(folder, text.value());
        if (text.value().contains("\n")) {
            walk.error(
                    ErrorCode.ImportNotAllowed,
                    "a generator, transformer or validator stands in the kustomization itself",
                    text.position(),
                    "put it into a file of its own, and name that");
            return;
        }
        if (path.isPresent() && !walk.kustomizationsIn(path.get()).isEmpty()) {
            walk.error(
                    ErrorCode.ImportNotAllowed,
                    "a folder of generators, transformers or validators is not read",
                    text.position(),
                    "name their files");
            return;
        }
        if (file(text).isEmpty() || path.isEmpty()) {
            return;
        }
        List<Document> documents = walk.documents(path.get(), text.position());
        documents.forEach(document -> builtIn(document, text));
        walk.rewrite(path.get(), documents);
    }

    private void builtIn(Document document, Text text) {
        Optional<Node.MapNode> map = document.mapping();
        String kind = map.flatMap(each -> each.text("kind")).orElse("");
        boolean known = map.flatMap(each -> each.text("apiVersion"))
                        .filter("builtin"::equals)
                        .isPresent()
                && KustomizationFields.BUILT_IN.contains(kind)
                && map.flatMap(each -> each.map("metadata"))
                        .flatMap(metadata -> metadata.map("annotations"))
                        .filter(annotations -> annotations.get(FUNCTION).isPresent())
                        .isEmpty();
        if (map.isEmpty() || !known) {
            walk.error(
                    ErrorCode.ImportNotAllowed,
                    "'" + InputWalk.shown(kind) + "' in '" + InputWalk.shown(text.value())
                            + "' is a plugin or function, and none is run",
                    document.root().position(),
                    "use a generator or transformer that is part of kustomize, with apiVersion builtin");
            return;
        }
        for (Map.Entry<String, Node.Entry> entry : map.get().entries().entrySet()) {
            String name = entry.getKey();
            String small = name.toLowerCase(Locale.ROOT);
            if (!name.equals(small) && KustomizationFields.PATHS_OF_BUILT_IN.contains(small)) {
                unknown(name, entry.getValue(), KustomizationFields.PATHS_OF_BUILT_IN);
            }
        }
        generator(map.get(), kind.equals("SecretGenerator"));
        InputWalk.texts(map.get(), "path").forEach(this::file);
        InputWalk.texts(map.get(), "paths").forEach(each -> patch(each, Optional.empty()));
        InputWalk.maps(map.get(), "replacements").forEach(each -> {
            checkNames(each, KustomizationFields.REPLACEMENT);
            InputWalk.texts(each, "path").forEach(this::file);
        });
    }
}
