package dev.orkestra.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import dev.orkestra.source.Tree;
import dev.orkestra.source.TreeEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds ConfigRepos in files. */
final class ConfigRepoFinder {
    private final Limits limits;

    ConfigRepoFinder(Limits limits) {
        this.limits = limits;
    }

    /** One that is in order, and where it stands. */
    record Found(Document document, ConfigRepo repo) {}

    /** Those in order among the documents of a file. */
    List<Found> in(String file, byte[] content) {
        // Most files hold none, and need not be read as YAML for it.
        if (!new String(content, StandardCharsets.UTF_8).contains("ConfigRepo")) {
            return List.of();
        }
        List<Found> found = new ArrayList<>();
        DocumentReader.read(file, content, limits).documents().stream()
                .filter(document -> document.kind().filter("ConfigRepo"::equals).isPresent())
                .filter(document -> document.apiVersion()
                        .filter("orkestra.dev/v1alpha1"::equals)
                        .isPresent())
                .forEach(document -> {
                    if (document.root().toJson() instanceof ObjectNode object) {
                        ConfigRepoParser.parse(object)
                                .configRepo()
                                .ifPresent(repo -> found.add(new Found(document, repo)));
                    }
                });
        return found;
    }

    /** All of a repository. */
    List<Found> in(Tree tree) {
        List<Found> found = new ArrayList<>();
        for (TreeEntry entry : tree.list("")) {
            boolean manifest = entry.kind() == TreeEntry.Kind.FILE
                    && entry.path().toLowerCase(Locale.ROOT).matches(".*\\.(ya?ml|json)");
            if (manifest) {
                tree.read(entry.path(), limits.maxBytes())
                        .ifPresent(content -> found.addAll(in(entry.path(), content)));
            }
        }
        return found;
    }

    /**
     * The one that is meant.
     *
     * @param name its name, or empty for the only one
     * @throws NoPlanException when it is none or more than one
     */
    static ConfigRepo chosen(List<Found> all, String name, String where) {
        List<ConfigRepo> found = all.stream().map(Found::repo).toList();
        List<ConfigRepo> named = found.stream()
                .filter(repo -> name.isEmpty() || repo.name().equals(name))
                .toList();
        if (named.size() == 1) {
            return named.getFirst();
        }
        String names = found.stream().map(ConfigRepo::name).sorted().distinct().collect(Collectors.joining(", "));
        if (found.isEmpty()) {
            throw new NoPlanException("there is no ConfigRepo that is in order in " + where
                    + ", so nobody knows what its layers are; name a file with --config");
        }
        throw new NoPlanException(
                named.isEmpty()
                        ? "there is no ConfigRepo " + name + " in " + where + "; there is " + names
                        : "there is more than one ConfigRepo in " + where + " (" + names
                                + "); name one, or its file with --config");
    }
}
