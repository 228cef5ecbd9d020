package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.katalog.ImportLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenImportsTest {
    @Test
    void afterTheTimeOfAllImportsNothingMoreIsAskedFor(@TempDir Path folder) {
        GitFolders git =
                new GitFolders(folder, InstantSource.system(), _ -> Optional.empty(), ImportLimits.DEFAULTS, false);
        HelmCharts charts = new HelmCharts(_ -> Optional.empty(), ImportLimits.DEFAULTS);
        RemoteImports remote = Imports.with(Imports.LIMITS, Map.of());
        try (OpenImports imports = new OpenImports(remote, git, charts, Duration.ZERO)) {
            assertThat(Imports.words(imports.provide(Imports.file("http://127.0.0.1:1/k.yaml"))))
                    .contains("the imports before it took more than 0s", "maxImportTime");
        }
    }
}
