package dev.orkestra.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.AssembleResult;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.OtherTools;
import dev.orkestra.desired.ScopeLookup;
import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Node;
import dev.orkestra.katalog.InputLimits;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.outcome.Position;
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
import org.jspecify.annotations.Nullable;

/**
 * Checks a whole repository: each environment as the agent would make it of a commit, then every file that belongs to
 * none. Positions are paths from the repository's root.
 */
final class RepositoryChecks {
    /** Each is made anew; nobody has as many in one repository. */
    private static final int MOST_ENVIRONMENTS = 50;

    private final Terminal terminal;
    private final InputLimits limits;
    private final CompositionOptions options;
    private final RuleOptions rules;
    private final Set<Detail> asked;
    private final FolderTree tree;
    private final Map<String, String> texts = new HashMap<>();
    private final Set<String> covered = new TreeSet<>();
    /** Folders that mean something to Helm or kustomize only, with a slash at the end. */
    private final Set<String> others = new TreeSet<>();

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
    private record Environment(Document document, ConfigRepo repo) {
        String key() {
            return repo.namespace() + "/" + repo.name();
        }
    }

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
        for (String file : files) {
            read(file).ifPresent(bytes -> environments(file, bytes, environments));
        }
        configs.stream().distinct().forEach(file -> config(file, environments).ifPresent(take));
        if (environments.isEmpty()) {
            terminal.err()
                    .println("ork validate: no ConfigRepo that is in order is here, so each file is checked by itself;"
                            + " name one with --config to check layers, waves and objects together");
        }
        Map<String, Environment> byKey = new HashMap<>();
        for (Environment environment : environments.subList(0, Math.min(environments.size(), MOST_ENVIRONMENTS))) {
            take.accept(check(environment, byKey.putIfAbsent(environment.key(), environment)));
        }
        if (environments.size() > MOST_ENVIRONMENTS) {
            take.accept(CheckedFile.unreadable(
                    environments.get(MOST_ENVIRONMENTS).document().file(),
                    "the repository has " + environments.size() + " ConfigRepos, and " + MOST_ENVIRONMENTS
                            + " are checked at most; split it, or name fewer with --config"));
        }
        sayLeftOut();
        rest(files, !environments.isEmpty(), take);
        return all;
    }

    /** What belongs to no environment, each file by itself. */
    private void rest(List<String> files, boolean knowsSettings, Consumer<CheckedFile> take)
            throws InterruptedException {
        List<Path> rest = files.stream()
                .filter(file -> !covered.contains(file) && !file.equals(RuleSettingsFile.PATH))
                .map(Path::of)
                .toList();
        RulesInForce inForce = new RulesInForce(terminal, rules, limits.file());
        new NamedFiles(terminal, limits, options, inForce, asked).check(rest, file -> {
            // What is wrong with the settings an environment has said.
            if (!knowsSettings || !file.name().equals(RuleSettingsFile.PATH)) {
                take.accept(file);
            }
        });
    }

    /** Empty for a file that cannot be read: whoever checks it says so. */
    private Optional<byte[]> read(String file) {
        try {
            return tree.read(file, limits.file().maxBytes());
        } catch (SourceException e) {
            return Optional.empty();
        }
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
        for (TreeEntry entry : entries) {
            int slash = entry.path().lastIndexOf('/');
            String name = entry.path().substring(slash + 1);
            // The root itself is what people asked for, whatever else it is.
            if (slash > 0 && OtherTools.own(name)) {
                others.add(entry.path().substring(0, slash + 1));
            }
        }
        return entries.stream()
                .filter(entry -> entry.kind() == TreeEntry.Kind.FILE)
                .map(TreeEntry::path)
                .filter(path -> path.toLowerCase(Locale.ROOT).matches(".*\\.(ya?ml|json)"))
                .filter(path -> !path.startsWith(".") && !path.contains("/."))
                .filter(path -> !OtherTools.isBelow(path, others))
                .toList();
    }

    /** Says which folders nothing was said of: those of charts, and those that no environment is built from. */
    private void sayLeftOut() {
        List<String> outermost = others.stream()
                .filter(folder -> !OtherTools.isBelow(folder, others))
                .filter(folder -> covered.stream().noneMatch(file -> file.startsWith(folder)))
                .toList();
        if (!outermost.isEmpty()) {
            terminal.err()
                    .println(OneLine.of("ork validate: left out, for Helm or kustomize alone knows what they mean: "
                            + String.join(", ", outermost)));
        }
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
                && document.apiVersion().filter("orkestra.dev/v1alpha1"::equals).isPresent();
        if (isOne && document.root().toJson() instanceof ObjectNode object) {
            ConfigRepoParser.parse(object).configRepo().ifPresent(repo -> found.add(new Environment(document, repo)));
        }
    }

    private CheckedFile check(Environment environment, @Nullable Environment sameName) {
        ConfigRepo repo = environment.repo();
        String name = environment.document().file();
        AssembleResult result;
        try (ImportAccess access = new ImportAccess(terminal, limits)) {
            result = Assembler.assemble(repo, "working tree", tree, ScopeLookup.GUESS, limits, access.elsewhere());
            repo.layers().forEach(layer -> tree.list(layer.path()).forEach(entry -> covered.add(entry.path())));
        } catch (SourceException e) {
            return CheckedFile.unreadable(name, "the environment '" + repo.name() + "': " + e.getMessage());
        }
        covered.addAll(result.files());
        List<Diagnostic> all = new ArrayList<>();
        if (sameName != null) {
            all.add(Diagnostic.error(
                    ErrorCode.DuplicateObject,
                    "the ConfigRepo " + environment.key() + " is also written at "
                            + sameName.document().root().position(),
                    environment.document().root().position(),
                    "give it another name, or remove one of the two"));
        }
        result.diagnostics().forEach(finding -> all.add(placed(finding, environment)));
        List<Diagnostic> findings = new ArrayList<>();
        for (Diagnostic finding : strictly(all)) {
            // What two environments share is said once; that it breaks both of them is said for both.
            if (said.add(finding) || finding.severity() == Severity.ERROR) {
                findings.add(finding);
                finding.at().ifPresent(place -> remember(place.file()));
            }
        }
        String summary = result.state().map(state -> summary(repo, state)).orElse("");
        return CheckedFile.read(
                name, "ConfigRepo", Diagnostic.anyError(findings) ? "" : summary, findings, Map.copyOf(texts));
    }

    /** A finding about the ConfigRepo itself, which for the agent stands in no file. */
    private static Diagnostic placed(Diagnostic finding, Environment environment) {
        if (finding.at().isPresent()) {
            return finding;
        }
        Node.MapNode spec = environment
                .document()
                .mapping()
                .flatMap(root -> root.map("spec"))
                .orElseThrow();
        String field = finding.message().startsWith("the overlay") ? "overlay" : "layers";
        Position place = spec.keyPosition(field);
        if (field.equals("layers")) {
            place = spec.list("layers").stream()
                    .flatMap(list -> list.items().stream())
                    .filter(item -> item instanceof Node.MapNode layer
                            && finding.message()
                                    .contains("'" + layer.text("path").orElse("?") + "'"))
                    .map(Node::position)
                    .findFirst()
                    .orElse(place);
        }
        return finding.at(place);
    }

    private List<Diagnostic> strictly(List<Diagnostic> findings) {
        return rules.strict() ? new RuleSettings(true, Map.of()).apply(findings) : findings;
    }

    private static String summary(ConfigRepo repo, DesiredState state) {
        String hooks =
                state.hooks().isEmpty() ? "" : " and " + Count.of(state.hooks().size(), "hook");
        return "'" + repo.name() + "', " + Count.of(state.objects().size(), "object") + hooks + " in "
                + Count.of(state.waves().size(), "wave");
    }

    private void remember(String file) {
        if (texts.containsKey(file)) {
            return;
        }
        read(file).ifPresent(bytes -> texts.put(file, text(bytes)));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
