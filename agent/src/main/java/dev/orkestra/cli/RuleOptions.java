package dev.orkestra.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How seriously findings are taken, for commands that know no commit whose settings would decide it alone. */
final class RuleOptions {
    @Option(names = "--strict", description = "Warnings are errors, as 'strict: true' in the settings says it.")
    private boolean strict;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "Settings for rules. Default: orkestra-rules.yaml in the root of the repository.")
    private @Nullable Path file;

    boolean strict() {
        return strict;
    }

    Optional<Path> file() {
        return Optional.ofNullable(file);
    }
}
