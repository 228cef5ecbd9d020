package dev.orkestra.desired;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.rules.RuleSettings;
import dev.orkestra.rules.RuleSettingsFile;
import dev.orkestra.source.Tree;
import dev.orkestra.source.TreeEntry;
import java.util.List;
import java.util.Optional;

/** The commit's own settings for rules. They hold for all that is in it. */
final class CommitRules {
    private CommitRules() {}

    /**
     * The settings in the root of {@code tree}.
     *
     * @param findings what is wrong with them goes here: settings that are half understood could hide an error
     */
    static RuleSettings of(Tree tree, Limits limits, List<Diagnostic> findings) {
        Optional<TreeEntry> entry = tree.entry(RuleSettingsFile.PATH);
        if (entry.isEmpty()) {
            return RuleSettings.DEFAULTS;
        }
        if (entry.get().kind() != TreeEntry.Kind.FILE) {
            findings.add(Diagnostic.error(
                    ErrorCode.OutsideRoot,
                    "a symbolic link or submodule is not followed",
                    Position.startOf(RuleSettingsFile.PATH),
                    "commit the file itself"));
            return RuleSettings.DEFAULTS;
        }
        Optional<byte[]> bytes = tree.read(RuleSettingsFile.PATH, limits.maxBytes());
        if (bytes.isEmpty()) {
            findings.add(limits.tooLarge(RuleSettingsFile.PATH, entry.get().sizeBytes()));
            return RuleSettings.DEFAULTS;
        }
        RuleSettingsFile file = RuleSettingsFile.of(
                RuleSettingsFile.PATH, DocumentReader.read(RuleSettingsFile.PATH, bytes.get(), limits));
        findings.addAll(file.findings());
        return file.settings();
    }
}
