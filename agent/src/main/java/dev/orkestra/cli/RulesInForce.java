package dev.orkestra.cli;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import dev.orkestra.report.CheckedFile;
import dev.orkestra.rules.RuleSettings;
import dev.orkestra.rules.RuleSettingsFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which settings for rules hold for a file: each settings file is read once. Safe for use from many threads. */
final class RulesInForce {
    private final Terminal terminal;
    private final RuleOptions options;
    private final Limits limits;
    private final Map<Path, Chosen> read = new ConcurrentHashMap<>();

    RulesInForce(Terminal terminal, RuleOptions options, Limits limits) {
        this.terminal = terminal;
        this.options = options;
        this.limits = limits;
    }

    /**
     * Settings.
     *
     * @param trouble the settings file, when something is wrong with it
     * @param path of the settings file, absolute; empty when there is none
     */
    record Chosen(RuleSettings settings, Optional<CheckedFile> trouble, Optional<Path> path) {}

    /** The settings for a file of {@code workspace}. */
    Chosen of(Workspace workspace) {
        if (options.file().isPresent()) {
            return read.computeIfAbsent(
                    terminal.folder().resolve(options.file().get()),
                    _ -> open(options.file().get()));
        }
        // Without a repository the root is that of the file system, and nobody keeps settings there.
        Path folder = Files.exists(workspace.root().resolve(".git")) ? workspace.root() : workspace.folder();
        Path file = folder.resolve(RuleSettingsFile.PATH);
        return read.computeIfAbsent(
                file, _ -> Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? open(shown(file, workspace)) : none());
    }

    private static Path shown(Path file, Workspace workspace) {
        return workspace.named().isAbsolute() ? file : workspace.folder().relativize(file);
    }

    private Chosen none() {
        return new Chosen(RuleSettings.DEFAULTS.withStrict(options.strict()), Optional.empty(), Optional.empty());
    }

    private Chosen open(Path named) {
        Optional<Path> path = Optional.of(terminal.folder().resolve(named).normalize());
        return switch (NamedFile.open(terminal.folder(), named, limits)) {
            case NamedFile.Unreadable(String reason) ->
                new Chosen(none().settings(), Optional.of(CheckedFile.unreadable(named.toString(), reason)), path);
            case NamedFile.Read(Workspace workspace, byte[] bytes) -> {
                String shown = workspace.shownAs(workspace.entry());
                RuleSettingsFile file = RuleSettingsFile.of(shown, DocumentReader.read(shown, bytes, limits));
                RuleSettings settings = file.settings();
                CheckedFile checked = CheckedFile.read(
                        named.toString(),
                        RuleSettingsFile.KIND,
                        file.hasErrors() ? "" : "1 document",
                        file.findings(),
                        Map.of(shown, new String(bytes, StandardCharsets.UTF_8)));
                yield new Chosen(
                        settings.withStrict(settings.strict() || options.strict()),
                        Optional.of(checked).filter(_ -> !file.findings().isEmpty()),
                        path);
            }
        };
    }
}
