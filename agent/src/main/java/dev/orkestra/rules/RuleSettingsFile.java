package dev.orkestra.rules;

import dev.orkestra.document.Document;
import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.document.Suggestions;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.outcome.Position;
import dev.orkestra.rules.RuleSettings.Level;
import dev.orkestra.schema.Schemas;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a settings file says.
 *
 * @param settings those that could be read
 * @param findings what is wrong with the file; with an error among them the settings are not complete
 */
public record RuleSettingsFile(RuleSettings settings, List<Diagnostic> findings) {
    public static final String API_VERSION = "orkestra.dev/v1alpha1";
    public static final String KIND = "RuleSettings";

    /** Where a repository has its settings: in its root. */
    public static final String PATH = "orkestra-rules.yaml";

    /** A repository without one. */
    public static final RuleSettingsFile NONE = new RuleSettingsFile(RuleSettings.DEFAULTS, List.of());

    public RuleSettingsFile {
        findings = findings.stream().distinct().sorted(Diagnostic.BY_POSITION).toList();
    }

    /** What the documents of {@code file} say. */
    public static RuleSettingsFile of(String file, ReadResult read) {
        List<Diagnostic> findings = new ArrayList<>(read.findings());
        if (read.documents().isEmpty()) {
            if (!read.hasErrors()) {
                findings.add(Diagnostic.error(
                        ErrorCode.MissingField,
                        "the file holds no document",
                        Position.startOf(file),
                        "write settings of the kind " + KIND + ", or remove it"));
            }
            return new RuleSettingsFile(RuleSettings.DEFAULTS, findings);
        }
        if (read.documents().size() > 1) {
            findings.add(extra(read.documents().get(1)));
        }
        Document document = read.documents().getFirst();
        findings.addAll(Schemas.bundled().validateAs(document, API_VERSION, KIND));
        findings.addAll(check(document));
        return new RuleSettingsFile(settings(document), findings);
    }

    /** What is wrong with settings beyond their schema. */
    public static List<Diagnostic> check(Document document) {
        List<Diagnostic> findings = new ArrayList<>();
        if (document.index() > 0) {
            findings.add(extra(document));
        }
        rules(document).forEach((id, entry) -> check(id, entry, findings));
        return findings;
    }

    private static Diagnostic extra(Document document) {
        return Diagnostic.error(
                ErrorCode.ExtraDocument,
                "settings are one document, the first of their file",
                document.root().position(),
                "put all of it into one");
    }

    /** Whether what was read cannot be used. */
    public boolean hasErrors() {
        return Diagnostic.anyError(findings);
    }

    private static Map<String, Node.Entry> rules(Document document) {
        return document.mapping()
                .flatMap(root -> root.map("rules"))
                .map(Node.MapNode::entries)
                .orElse(Map.of());
    }

    private static void check(String id, Node.Entry entry, List<Diagnostic> findings) {
        Optional<RuleInfo> rule = Catalogue.find(id);
        if (rule.isEmpty()) {
            List<String> ids = Catalogue.all().stream().map(RuleInfo::id).toList();
            String meant = Suggestions.closest(id, ids)
                    .map(close -> "did you mean '" + close + "'?")
                    .orElse("'ork validate --list-rules' shows all");
            findings.add(Diagnostic.error(
                    ErrorCode.WrongValue, "there is no rule '" + shortened(id) + "'", entry.keyPosition(), meant));
            return;
        }
        boolean isLowered =
                level(entry.value()).filter(level -> level != Level.ERROR).isPresent();
        if (isLowered && rule.get().settable() == RuleInfo.Settable.NONE) {
            findings.add(Diagnostic.error(
                    ErrorCode.WrongValue,
                    "'" + id + "' stays an error: with it there is nothing that could be deployed",
                    entry.keyPosition(),
                    "remove this line"));
        }
    }

    private static RuleSettings settings(Document document) {
        Map<String, Level> levels = new HashMap<>();
        rules(document).forEach((id, entry) -> level(entry.value()).ifPresent(level -> levels.put(id, level)));
        boolean strict =
                document.mapping().filter(root -> root.isTrue("strict")).isPresent();
        return new RuleSettings(strict, levels);
    }

    /** The level of this name; what is none has a finding of the schema. */
    private static Optional<Level> level(Node node) {
        return Fields.text(node)
                .flatMap(text -> Stream.of(Level.values())
                        .filter(level -> level.name().toLowerCase(Locale.ROOT).equals(text))
                        .findFirst());
    }

    private static String shortened(String id) {
        String line = OneLine.of(id);
        return line.length() <= 60 ? line : line.substring(0, 60) + "…";
    }
}
