package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The {@code imports} of a Komposer as written, in the order in which they are composed: registry, files, helm
 * (orkspace-katalog.md §2.4).
 *
 * @param isWhole false when some are left out, since what they say of credentials is wrong: nothing is fetched without
 *     the credentials that were meant
 */
record ImportList(List<Import> all, boolean isWhole) {
    /** One import. */
    sealed interface Import {
        /** Where it is named. */
        Position position();
    }

    /**
     * {@code imports.files[]}.
     *
     * @param text a path, a URL, or {@code $VAR}
     */
    record FileImport(String text, Optional<ImportAuth> auth, Position position) implements Import {}

    /**
     * {@code imports.registry[]}.
     *
     * @param url as written, version included
     */
    record RegistryImport(
            String url, String version, boolean oci, boolean useKomposer, Optional<ImportAuth> auth, Position position)
            implements Import {}

    /** {@code imports.helm[]}. */
    record HelmImport(
            String repo,
            String chart,
            String version,
            String path,
            List<Node.ScalarNode> valueFiles,
            Optional<Node.MapNode> values,
            Position position)
            implements Import {}

    /** Reads them; what has no effect upstream either is a warning. */
    static ImportList of(Node.MapNode komposer, List<Diagnostic> findings) {
        Reader reader = new Reader(findings);
        komposer.map("imports").ifPresent(imports -> {
            each(imports, "registry", reader::registry);
            each(imports, "files", reader::file);
            each(imports, "helm", reader::helm);
        });
        return new ImportList(List.copyOf(reader.all), reader.isWhole);
    }

    /** An item that is neither a text nor a mapping has its finding from the schema. */
    private static void each(Node.MapNode imports, String kind, BiConsumer<Node, Node.MapNode> read) {
        imports.list(kind)
                .ifPresent(list -> list.items().forEach(item -> {
                    switch (item) {
                        case Node.MapNode map ->
                            read.accept(map.get("url").or(() -> map.get("repo")).orElse(map), map);
                        case Node.ScalarNode text -> read.accept(text, new Node.MapNode(Map.of(), text.position()));
                        case Node.ListNode _ -> {
                            // The schema says so.
                        }
                    }
                }));
    }

    /** Whether {@code item} has an {@code auth} that cannot be used, which has its finding. */
    static boolean isAuthBroken(Node.MapNode item, Optional<ImportAuth> auth) {
        return auth.isEmpty() && item.map("auth").isPresent();
    }

    /** The {@code auth} of {@code item}, if it has one that can be used. */
    static Optional<ImportAuth> auth(Node.MapNode item, List<Diagnostic> findings) {
        Node.MapNode auth = item.map("auth").orElse(null);
        if (auth == null) {
            return Optional.empty();
        }
        String type = auth.text("type").orElse("");
        return switch (type) {
            case "bearer", "github" ->
                variable(auth, "fromEnv", type, findings).map(name -> (ImportAuth) new ImportAuth.Token(name));
            case "basic" ->
                variable(auth, "usernameFromEnv", type, findings).map(user -> (ImportAuth)
                        new ImportAuth.Basic(user, auth.text("passwordFromEnv").orElse("")));
            default -> Optional.empty(); // The schema says so.
        };
    }

    /**
     * The {@code version} of {@code item}, empty for none. One such as 1.10 is a number to YAML, the same as 1.1: what
     * was meant is not known any more.
     */
    static String version(Node.MapNode item, List<Diagnostic> findings) {
        Optional<Node> version = item.get("version").filter(Node.ScalarNode.class::isInstance);
        if (version.isPresent()
                && version.get() instanceof Node.ScalarNode(Object value, Position position)
                && value instanceof BigDecimal) {
            findings.add(Diagnostic.error(
                    ErrorCode.AmbiguousScalar,
                    "this version is a number, which has lost its last zeros",
                    position,
                    "put it in quotes"));
        }
        return version.map(ScalarText::of).orElse("");
    }

    private static Optional<String> variable(Node.MapNode auth, String key, String type, List<Diagnostic> findings) {
        Optional<String> name = auth.text(key).filter(text -> !text.isEmpty());
        if (!auth.entries().containsKey(key)) {
            findings.add(Diagnostic.error(
                    ErrorCode.MissingField,
                    "auth of the type " + type + " has no '" + key + "'",
                    auth.position(),
                    "name the environment variable that holds it"));
        }
        return name;
    }

    /** Reads items; {@code url} is the node that names the import. */
    private static final class Reader {
        private final List<Import> all = new ArrayList<>();
        private final List<Diagnostic> findings;
        private boolean isWhole = true;

        Reader(List<Diagnostic> findings) {
            this.findings = findings;
        }

        void file(Node url, Node.MapNode item) {
            text(url).ifPresent(text -> {
                Optional<ImportAuth> auth = auth(item, findings);
                if (auth.isPresent() && !Location.isUrl(text) && !text.startsWith("$")) {
                    noEffect("auth has no effect on a file of the repository", item.keyPosition("auth"));
                }
                add(item, auth, new FileImport(text, auth, url.position()));
            });
        }

        void registry(Node url, Node.MapNode item) {
            if (item.entries().containsKey("katalog")) {
                noEffect("'katalog' of a registry import has no effect", item.keyPosition("katalog"));
            }
            text(url).ifPresent(text -> {
                Optional<ImportAuth> auth = auth(item, findings);
                RegistryImport each = new RegistryImport(
                        text.strip(),
                        version(item, findings),
                        item.isTrue("oci"),
                        item.isTrue("useKomposer"),
                        auth,
                        url.position());
                add(item, auth, each);
            });
        }

        private void add(Node.MapNode item, Optional<ImportAuth> auth, Import each) {
            if (isAuthBroken(item, auth)) {
                isWhole = false;
            } else {
                all.add(each);
            }
        }

        void helm(Node repo, Node.MapNode item) {
            List<Node.ScalarNode> valueFiles = new ArrayList<>();
            item.list("valueFiles")
                    .ifPresent(list -> list.items().forEach(file -> {
                        if (file instanceof Node.ScalarNode scalar && scalar.value() instanceof String) {
                            valueFiles.add(scalar);
                        }
                    }));
            text(repo)
                    .ifPresent(text -> all.add(new HelmImport(
                            text,
                            item.text("chart").orElse(""),
                            version(item, findings),
                            item.text("path").orElse(""),
                            valueFiles,
                            item.map("values"),
                            repo.position())));
        }

        private void noEffect(String message, Position position) {
            findings.add(Diagnostic.warning(ErrorCode.NoEffect, message, position, "remove it"));
        }

        private static Optional<String> text(Node node) {
            return node instanceof Node.ScalarNode(Object value, var _)
                            && value instanceof String text
                            && !text.isBlank()
                    ? Optional.of(text)
                    : Optional.empty();
        }
    }
}
