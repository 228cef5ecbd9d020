package dev.orkestra.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.document.Document;
import dev.orkestra.document.Node;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.document.ReadResult;
import dev.orkestra.document.Suggestions;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.GroupRules;
import dev.orkestra.katalog.GenerationNormaliser;
import dev.orkestra.katalog.InputLimits;
import dev.orkestra.katalog.LockFile;
import dev.orkestra.katalog.Readings;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import dev.orkestra.report.CheckedFile;
import dev.orkestra.report.Count;
import dev.orkestra.rules.KatalogDetails;
import dev.orkestra.rules.RuleSettings;
import dev.orkestra.rules.RuleSettingsFile;
import dev.orkestra.rules.Rules;
import dev.orkestra.schema.Schemas;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Chooses the checks for a file by what it holds: the same ones that the agent makes for a commit. */
final class FileChecks {
    private static final Set<String> COMPOSED = Set.of("Katalog", "Komposer");

    /** Kinds that have rules of their own and are checked as they are written. */
    private static final Set<String> RULED = Set.of("Motif", "Simulate", "E2E");

    /** The kinds of our own groups; an API server would not know the first group at all. */
    private static final Map<String, Set<String>> OURS = Map.of(
            "orkestra.orkspace.io", Set.of("Katalog", "Komposer", "Motif", "Simulate", "E2E"),
            "orkestra.dev", Set.of("ConfigRepo", "ConfigRun", "ConfigLedger", "ImportLock", "RuleSettings"));

    /** The agent writes these, and the API server checks them. */
    private static final Set<String> WITHOUT_SCHEMA = Set.of("ConfigRun", "ConfigLedger");

    private final ImportAccess access;
    private final InputLimits limits;
    private final CompositionOptions options;
    private final RuleSettings settings;
    private final boolean withDetails;

    /** @param withDetails whether more is to be told of a Katalog than what is wrong with it */
    FileChecks(
            ImportAccess access,
            InputLimits limits,
            CompositionOptions options,
            RuleSettings settings,
            boolean withDetails) {
        this.access = access;
        this.limits = limits;
        this.options = options;
        this.settings = settings;
        this.withDetails = withDetails;
    }

    CheckedFile check(NamedFile.Read file) {
        Workspace workspace = file.workspace();
        String shown = workspace.shownAs(workspace.entry());
        Readings readings = new Readings();
        ReadResult result = readings.read(shown, file.bytes(), limits.file());
        String name = workspace.named().toString();
        Optional<String> composed = result.documents().stream()
                .flatMap(document -> document.kind().stream())
                .filter(COMPOSED::contains)
                .findFirst();
        if (composed.isEmpty()) {
            Map<String, String> texts = Map.of(shown, new String(file.bytes(), StandardCharsets.UTF_8));
            String kind = result.documents().stream()
                    .findFirst()
                    .flatMap(Document::kind)
                    .orElse("");
            Each each = checkEach(shown, result, readings);
            return CheckedFile.read(name, kind, each.summary(), settings.apply(each.findings()), texts);
        }
        FileComposition composition = FileComposition.of(
                file,
                access.of(workspace),
                request -> options.within(limits)
                        .apply(request)
                        .withRules(settings)
                        .withReadings(readings));
        CheckedFile checked = CheckedFile.read(
                name, composed.get(), composition.summary(), composition.findings(), composition.texts());
        return composition
                .composed()
                .filter(_ -> withDetails)
                .map(katalog -> checked.with(KatalogDetails.of(katalog.katalog())))
                .orElse(checked);
    }

    /** What the documents of a file are that is not composed. */
    private record Each(String summary, List<Diagnostic> findings) {}

    private Each checkEach(String shown, ReadResult result, Readings readings) {
        List<Diagnostic> findings = new ArrayList<>(result.findings());
        if (result.documents().isEmpty() && !result.hasErrors()) {
            findings.add(Diagnostic.error(
                    ErrorCode.MissingField,
                    "the file holds no document",
                    Position.startOf(shown),
                    "write one into it, such as a Katalog"));
        }
        int unknown = 0;
        for (Document written : result.documents()) {
            Document document = normalised(written, findings);
            String kind = document.kind().orElse("");
            String apiVersion = document.apiVersion().orElse("");
            boolean known = Schemas.bundled().covers(apiVersion, kind);
            strange(document, known)
                    .filter(finding -> finding.severity() == Severity.ERROR || !isSaid(findings, finding))
                    .ifPresent(findings::add);
            List<Diagnostic> bySchema = Schemas.bundled().validate(document);
            findings.addAll(bySchema);
            if (kind.equals(ApplicationGroup.KIND) && apiVersion.equals(ApplicationGroup.API_VERSION)) {
                known = true;
                findings.addAll(GroupRules.check(document, bySchema));
            } else if (kind.equals("ConfigRepo") && apiVersion.equals("orkestra.dev/v1alpha1")) {
                known = true;
                findings.addAll(configRepo(document));
            } else if (kind.equals(LockFile.KIND) && apiVersion.equals(LockFile.API_VERSION)) {
                findings.addAll(lockFile(document));
            } else if (kind.equals(RuleSettingsFile.KIND) && apiVersion.equals(RuleSettingsFile.API_VERSION)) {
                findings.addAll(RuleSettingsFile.check(document));
            } else if (known && RULED.contains(kind)) {
                document.mapping().ifPresent(root -> findings.addAll(Rules.check(kind, root, shown, readings::text)));
            }
            unknown += known ? 0 : 1;
        }
        String summary = Count.of(result.documents().size(), "document")
                + (unknown == 0 ? "" : ", " + unknown + " of a kind without checks: only read");
        return new Each(
                summary, findings.stream().sorted(Diagnostic.BY_POSITION).toList());
    }

    /** Whether the same is said of another document of the file: once will do. */
    private static boolean isSaid(List<Diagnostic> findings, Diagnostic finding) {
        return findings.stream().anyMatch(each -> each.message().equals(finding.message()));
    }

    /** A document that means to be one of ours and is not, or that is no document at all. */
    private static Optional<Diagnostic> strange(Document document, boolean known) {
        if (document.mapping().isEmpty()) {
            return Optional.of(Diagnostic.warning(
                    ErrorCode.WrongType,
                    "the document is not a mapping, so nothing is checked",
                    document.root().position(),
                    "a document begins with apiVersion and kind"));
        }
        Node.MapNode root = document.mapping().get();
        String group = ObjectKey.groupOf(document.apiVersion().orElse(""));
        if (known || !OURS.containsKey(group)) {
            return Optional.empty();
        }
        Set<String> kinds = OURS.getOrDefault(group, Set.of());
        Optional<String> kind = document.kind();
        if (kind.filter(WITHOUT_SCHEMA::contains).isPresent()) {
            return Optional.empty();
        }
        if (kind.filter(kinds::contains).isPresent()) {
            return Optional.of(Diagnostic.error(
                    ErrorCode.UnsupportedApiVersion,
                    "apiVersion '" + document.apiVersion().orElse("") + "' is not known for a " + kind.get(),
                    root.keyPosition("apiVersion"),
                    "see docs/schemas.md for the versions that are"));
        }
        return Optional.of(Diagnostic.error(
                ErrorCode.UnknownKind,
                kind.map(name -> "there is no kind '" + name + "' in " + group).orElse("the document has no kind"),
                root.keyPosition("kind"),
                kind.flatMap(name -> Suggestions.closest(name, kinds))
                        .map(close -> "did you mean '" + close + "'?")
                        .orElse("there is: " + String.join(", ", new TreeSet<>(kinds)))));
    }

    /** What the schema, which has been asked, cannot say. */
    private static List<Diagnostic> lockFile(Document document) {
        List<Diagnostic> findings = new ArrayList<>();
        LockFile.parse(List.of(document), document.file(), findings);
        findings.removeAll(Schemas.bundled().validate(document));
        return findings;
    }

    /** A Motif, for one, in the newest layout; what has no generations as it is. */
    private Document normalised(Document document, List<Diagnostic> findings) {
        return document.mapping()
                .map(root -> new Document(
                        document.file(),
                        document.index(),
                        GenerationNormaliser.normalise(root, options.schema(), findings)))
                .orElse(document);
    }

    /** The parser reads what the API server returns, which has no places. */
    private static List<Diagnostic> configRepo(Document document) {
        if (!(document.root().toJson() instanceof ObjectNode object)) {
            return List.of();
        }
        return ConfigRepoParser.parse(object).diagnostics().stream()
                .map(finding -> FieldPlaces.place(finding, document.root()))
                .toList();
    }
}
