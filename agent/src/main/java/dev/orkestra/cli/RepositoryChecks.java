package dev.orkestra.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.AssembleResult;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.ScopeLookup;
import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.katalog.InputLimits;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Severity;
import dev.orkestra.report.CheckedFile;
import dev.orkestra.report.Count;
import dev.orkestra.report.Detail;
import dev.orkestra.rules.RuleSettings;
import dev.orkestra.rules.RuleSettingsFile;
import dev.orkestra.source.FolderTree;
import dev.orkestra.source.SourceException;
import dev.orkestra.source.TreeEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Checks a whole repository: each environment as the agent would make it of a commit, then every file that belongs to
 * none. Positions are paths from the repository's root.
 */
final class RepositoryChecks {
    private static final Set<String> KUSTOMIZATIONS =
            Set.of("kustomization.yaml", "kustomization.yml", "Kustomization");

    /** Which kinds live in namespaces only a cluster can say; most do, and the cluster's own check comes later. */
    private static final ScopeLookup UNKNOWN = (_, _) -> Optional.of(true);

    private final Terminal terminal;
    private final InputLimits limits;
    private final CompositionOptions options;
    private final RuleOptions rules;
    private final Set<Detail> asked;
    private final FolderTree tree;
    private final Map<String, String> texts = new HashMap<>();
    private final Set<String> covered = new TreeSet<>();
    private final Set<Diagnostic> said = new HashSet<>();

    /**
     * Checks.
     *
     * @param terminal one whose folder is the repository's root
     * @param asked what else people want to know of files that are composed by themselves
     */
    RepositoryChecks(
            Terminal terminal, InputLimits limits, CompositionOptions options, RuleOptions rules, Set<Detail> asked) {
        this.asked = asked;
        this.terminal = terminal;
        this.limits = limits;
        this.options = options;
        this.rules = rules;
        this.tree = new FolderTree(terminal.folder());
    }

    /** An environment of the repository. */
    private record Environment(String file, ConfigRepo repo) {}

    /**
     * Checks everything.
     *
     * @param configs files with further ConfigRepos, absolute
     * @param each told of every result as it comes
     * @throws SourceException when the folder cannot be read
     */
    List<CheckedFile> check(List<Path> configs, Consumer<CheckedFile> each) throws InterruptedException {
        List<CheckedFile> all = new ArrayList<>();
        Consumer<CheckedFile> take = file -> {
            each.accept(file);
            all.add(file.withoutTexts());
        };
        List<String> files = manifests();
        List<Environment> environments = new ArrayList<>();
        files.forEach(file ->
                tree.read(file, limits.file().maxBytes()).ifPresent(bytes -> environments(file, bytes, environments)));
        configs.forEach(file -> config(file, environments).ifPresent(take));
        if (environments.isEmpty()) {
            terminal.err()
                    .println("ork validate: no ConfigRepo is here, so each file is checked by itself;"
                            + " name one with --config to check layers, waves and objects together");
        }
        environments.forEach(environment -> take.accept(check(environment)));
        List<Path> rest = files.stream()
                .filter(file -> !covered.contains(file) && !file.equals(RuleSettingsFile.PATH))
                .map(Path::of)
                .toList();
        RulesInForce inForce = new RulesInForce(terminal, rules, limits.file());
        boolean knowsSettings = !environments.isEmpty();
        new NamedFiles(terminal, limits, options, inForce, asked).check(rest, file -> {
            // What is wrong with the settings an environment has said.
            if (!knowsSettings || !file.kind().equals(RuleSettingsFile.KIND)) {
                take.accept(file);
            }
        });
        return all;
    }

    /** A file with ConfigRepos that stands elsewhere; what it comes to when that is nothing. */
    private Optional<CheckedFile> config(Path file, List<Environment> found) {
        int before = found.size();
        switch (NamedFile.open(terminal.folder(), file, limits.file())) {
            case NamedFile.Unreadable(String reason) -> {
                return Optional.of(CheckedFile.unreadable(file.toString(), reason));
            }
            case NamedFile.Read(var _, byte[] bytes) -> environments(file.toString(), bytes, found);
        }
        return found.size() > before
                ? Optional.empty()
                : Optional.of(CheckedFile.unreadable(
                        file.toString(), "it holds no ConfigRepo that is in order; check it with ork validate -f"));
    }

    /** YAML and JSON files, but for those that mean something to another tool only. */
    private List<String> manifests() {
        List<TreeEntry> entries = tree.list("");
        Set<String> others = new HashSet<>();
        for (TreeEntry entry : entries) {
            int slash = entry.path().lastIndexOf('/');
            String name = entry.path().substring(slash + 1);
            if (name.equals("Chart.yaml") || KUSTOMIZATIONS.contains(name)) {
                others.add(entry.path().substring(0, slash + 1));
            }
        }
        return entries.stream()
                .filter(entry -> entry.kind() == TreeEntry.Kind.FILE)
                .map(TreeEntry::path)
                .filter(path -> path.toLowerCase(Locale.ROOT).matches(".*\\.(ya?ml|json)"))
                .filter(path -> !path.startsWith(".") && !path.contains("/."))
                .filter(path -> others.stream().noneMatch(path::startsWith))
                .toList();
    }

    private void environments(String file, byte[] content, List<Environment> found) {
        // Most files hold none, and need not be read as YAML for it.
        if (text(content).contains("ConfigRepo")) {
            DocumentReader.read(file, content, limits.file())
                    .documents()
                    .forEach(document -> environment(document, found));
        }
    }

    private void environment(Document document, List<Environment> found) {
        boolean isOne = document.kind().filter("ConfigRepo"::equals).isPresent()
                && document.apiVersion().orElse("").startsWith("orkestra.dev/");
        if (isOne && document.root().toJson() instanceof ObjectNode object) {
            ConfigRepoParser.parse(object)
                    .configRepo()
                    .ifPresent(repo -> found.add(new Environment(document.file(), repo)));
        }
    }

    private CheckedFile check(Environment environment) {
        ConfigRepo repo = environment.repo();
        AssembleResult result;
        try (ImportAccess access = new ImportAccess(terminal, limits)) {
            result = Assembler.assemble(repo, "working tree", tree, UNKNOWN, limits, access.elsewhere());
        }
        repo.layers().forEach(layer -> tree.list(layer.path()).forEach(entry -> covered.add(entry.path())));
        covered.addAll(result.files());
        List<Diagnostic> findings = new ArrayList<>();
        for (Diagnostic finding : strictly(result.diagnostics())) {
            // What two environments share is said once; that it breaks both of them is said for both.
            if (said.add(finding) || finding.severity() == Severity.ERROR) {
                findings.add(finding);
                finding.at().ifPresent(place -> remember(place.file()));
            }
        }
        String summary = result.state().map(state -> summary(repo, state)).orElse("");
        String name = environment.file() + " (" + repo.name() + ")";
        return CheckedFile.read(
                name, "ConfigRepo", Diagnostic.anyError(findings) ? "" : summary, findings, Map.copyOf(texts));
    }

    private List<Diagnostic> strictly(List<Diagnostic> findings) {
        return rules.strict() ? new RuleSettings(true, Map.of()).apply(findings) : findings;
    }

    private static String summary(ConfigRepo repo, DesiredState state) {
        long waves =
                state.objects().stream().map(DesiredObject::wave).distinct().count();
        return "'" + repo.name() + "', " + Count.of(state.objects().size(), "object") + " in "
                + Count.of(waves, "wave");
    }

    private void remember(String file) {
        if (texts.containsKey(file)) {
            return;
        }
        try {
            tree.read(file, limits.file().maxBytes()).ifPresent(bytes -> texts.put(file, text(bytes)));
        } catch (SourceException e) {
            // That it cannot be read is a finding already; it has no excerpt.
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
