package dev.orkestra.imports;

import dev.orkestra.process.Programs;
import java.nio.file.Path;
import java.util.Optional;

/** Where the Helm program is. */
public final class HelmProgram {
    private HelmProgram() {}

    /** What the caller was told, else what the variable {@code ORK_HELM} names, else {@code helm} on the path. */
    public static Optional<Path> find(Optional<Path> told, Variables variables) {
        return Programs.find(told, variables::value, "ORK_HELM", "helm");
    }
}
