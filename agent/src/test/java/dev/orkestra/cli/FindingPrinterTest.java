package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FindingPrinterTest {
    private static final Map<String, String> TEXTS =
            Map.of("base/data.yaml", "spec:\n  crds:\n    data\u001Bbase: 7\n", "envs/komposer.yaml", "imports: {}\n");

    private static String printed(boolean colours, Diagnostic... findings) {
        StringWriter out = new StringWriter();
        new FindingPrinter(new PrintWriter(out, true), colours).print(List.of(findings), TEXTS);
        return out.toString();
    }

    private static Diagnostic inBase() {
        return Diagnostic.error(
                        ErrorCode.WrongType,
                        "'data\u001Bbase' is a whole number; allowed is a mapping",
                        new Position("base/data.yaml", 3, 5),
                        "")
                .importedBy(List.of(new Position("base/all.yaml", 8, 7), new Position("envs/komposer.yaml", 9, 7)));
    }

    @Test
    void namesEachImportThatLedThere() throws IOException {
        Diagnostic elsewhere = Diagnostic.warning(
                        ErrorCode.MovedField, "'workers' has moved", new Position("oci://r/p@1//k.yaml", 2, 3), "")
                .importedBy(List.of(new Position("envs/komposer.yaml", 12, 7)));
        Diagnostic ofNoFile = Diagnostic.warning(ErrorCode.NotLocked, "nothing is locked", null, "write it");

        Golden.assertMatches("finding-with-imports.txt", printed(false, inBase(), elsewhere, ofNoFile));
    }

    @Test
    void noControlCharacterReachesTheTerminal() {
        assertThat(printed(false, inBase())).doesNotContain("\u001B").contains("data\uFFFDbase");
        assertThat(printed(true, inBase()).replaceAll("\u001B\\[[0-9;]+m", "")).isEqualTo(printed(false, inBase()));
    }

    @Test
    void noLineIsShownOfWhatKustomizeMakesSecretsFrom() {
        for (String text : List.of(
                "resources: [a.yaml]\nsecretGenerator:\n- {name: db, literals: [password=hunter2]}\n",
                "- op: replace\n  path: /data/password\n  value: hunter2\n",
                "metadata: {name: db}\nstringData:\n  password: hunter2\n")) {
            StringWriter out = new StringWriter();
            new FindingPrinter(new PrintWriter(out, true), false)
                    .print(
                            List.of(Diagnostic.warning(
                                    ErrorCode.WrongType, "look here", new Position("a.yaml", 3, 1), "")),
                            Map.of("a.yaml", text));

            assertThat(out.toString()).contains("look here").doesNotContain("hunter2");
        }
    }

    @Test
    void noLineIsShownOfWhatKustomizeCouldNotRead() {
        StringWriter out = new StringWriter();
        new FindingPrinter(new PrintWriter(out, true), false)
                .print(
                        List.of(Diagnostic.error(
                                ErrorCode.RenderFailed, "it fails", new Position("key.env", 1, 1), "")),
                        Map.of("key.env", "hunter2"));

        assertThat(out.toString()).doesNotContain("hunter2");
    }
}
