package dev.orkestra.katalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.orkestra.outcome.Diagnostic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Files in memory, for tests of the composition. */
final class Repository {
    static final String HEAD = "apiVersion: orkestra.orkspace.io/v1\n";

    private final Map<String, String> files = new LinkedHashMap<>();

    /** A file as it is. */
    Repository file(String path, String text) {
        files.put(path, text);
        return this;
    }

    /** A Katalog {@code name} whose entries under {@code spec.crds} are {@code crds}, each at column 3. */
    Repository katalog(String path, String name, String crds) {
        return file(path, HEAD + "kind: Katalog\nmetadata: {name: " + name + "}\nspec:\n  crds:\n" + crds.indent(4));
    }

    /** A Komposer that imports {@code imports}, with inline entries. */
    Repository komposer(String path, List<String> imports, String crds) {
        String inline = crds.isEmpty() ? "" : "spec:\n  crds:\n" + crds.indent(4);
        return file(
                path,
                HEAD + "kind: Komposer\nmetadata: {name: production}\nimports:\n  files: [" + String.join(", ", imports)
                        + "]\n" + inline);
    }

    Composition compose(String entry) {
        return Composer.compose(
                ComposeRequest.of(entry),
                path -> Optional.ofNullable(files.get(path)).map(text -> text.getBytes(UTF_8)));
    }

    Composition.Composed composed(String entry) {
        Composition result = compose(entry);
        if (result instanceof Composition.Composed composed) {
            return composed;
        }
        throw new AssertionError("not composed: " + result);
    }

    /** The findings, each as people see it, without the imports that led there. */
    List<String> findings(String entry) {
        return switch (compose(entry)) {
            case Composition.Composed composed -> texts(composed.findings());
            case Composition.Refused refused -> texts(refused.findings());
            case Composition.NeedsInput needs -> throw new AssertionError("all files are at hand, but needs " + needs);
        };
    }

    private static List<String> texts(List<Diagnostic> findings) {
        return findings.stream().map(Diagnostic::line).toList();
    }
}
