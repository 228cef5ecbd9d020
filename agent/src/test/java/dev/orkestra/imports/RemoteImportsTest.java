package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RemoteImportsTest {
    @Test
    void eachNeedIsAnsweredByTheOneWhoCan() {
        RemoteImports.Others others = new RemoteImports.Others(said("git"), said("charts"), said("rendering"));
        Provided.Files chart = Provided.Files.of(Map.of(), "");
        try (RemoteImports imports = new RemoteImports(
                _ -> new Provided.Unreadable(ErrorCode.NotFound, "repository", ""),
                Variables.NONE,
                Imports.LIMITS,
                Optional.empty(),
                others)) {
            assertThat(List.of(
                            imports.provide(new Need.RepositoryFile("a.yaml", null)),
                            imports.provide(new Need.RepositoryFolder("a", null)),
                            imports.provide(new Need.GitFiles(
                                    "http://a.test/a.git", "main", "", Optional.empty(), Optional.empty(), null)),
                            imports.provide(new Need.HelmChart(
                                    "http://a.test", "web", "", Optional.empty(), Optional.empty(), null)),
                            imports.provide(
                                    new Need.Rendering(chart, List.of(), JsonNodeFactory.instance.objectNode(), null))))
                    .extracting(answer -> Imports.trouble(answer).message())
                    .containsExactly("repository", "repository", "git", "charts", "rendering");
        }
    }

    @Test
    void aVariableIsItsValueOrNothing() {
        try (RemoteImports imports = Imports.with(Imports.LIMITS, Map.of("BASE", "team/katalog.yaml"))) {
            assertThat(imports.provide(new Need.Variable("BASE", null)))
                    .isInstanceOfSatisfying(
                            Provided.Content.class,
                            content -> assertThat(content.bytes()).asString().isEqualTo("team/katalog.yaml"));
            assertThat(imports.provide(new Need.Variable("OTHER", null))).isEqualTo(new Provided.Absent());
        }
    }

    private static <T extends Need> java.util.function.Function<T, Provided> said(String who) {
        return _ -> new Provided.Unreadable(ErrorCode.NotFound, who, "");
    }
}
