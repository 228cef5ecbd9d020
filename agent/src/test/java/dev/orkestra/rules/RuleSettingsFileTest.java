package dev.orkestra.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuleSettingsFileTest {
    private static final String HEAD = "apiVersion: orkestra.dev/v1alpha1\nkind: RuleSettings\n";

    private static RuleSettingsFile read(String text) {
        return RuleSettingsFile.of("r.yaml", DocumentReader.read("r.yaml", text.getBytes(UTF_8)));
    }

    private static List<String> findings(String text) {
        return read(text).findings().stream().map(Diagnostic::toString).toList();
    }

    private static Diagnostic finding(String rule, Severity severity) {
        return new Diagnostic(ErrorCode.RuleBroken, severity, "m", Position.startOf("k.yaml"), "", List.of(), rule);
    }

    @Test
    void whatIsWrittenHolds() {
        RuleSettingsFile file =
                read(HEAD + "strict: true\nrules: {NotStable: error, CrdName: ignore, MovedField: info}\n");

        assertThat(file.findings()).isEmpty();
        assertThat(file.settings())
                .isEqualTo(new RuleSettings(
                        true,
                        Map.of(
                                "NotStable",
                                RuleSettings.Level.ERROR,
                                "CrdName",
                                RuleSettings.Level.IGNORE,
                                "MovedField",
                                RuleSettings.Level.INFO)));
        assertThat(read(HEAD).settings()).isEqualTo(RuleSettings.DEFAULTS);
        assertThat(read(HEAD + "rules:\n").findings()).isEmpty();
    }

    @Test
    void eachMistakeIsFoundAtItsPlace() {
        assertThat(findings(HEAD + "strikt: true\nrules:\n  NotStabel: error\n  DuplicateKey: warning\n  CrdName: off\n"
                        + "  NotYaml: error\n  Nothing_like: it\n"))
                .satisfiesExactly(
                        text -> assertThat(text)
                                .startsWith("r.yaml:3:1: error: unknown field 'strikt' at the top level (did you mean"),
                        text -> assertThat(text)
                                .startsWith(
                                        "r.yaml:5:3: error: there is no rule 'NotStabel' (did you mean 'NotStable'?)"),
                        text -> assertThat(text).startsWith("r.yaml:6:3: error: 'DuplicateKey' stays an error"),
                        text -> assertThat(text).startsWith("r.yaml:7:3: error: 'CrdName' is 'false'; allowed: "),
                        text -> assertThat(text).startsWith("r.yaml:7:12: warning: 'off' is ambiguous"),
                        text -> assertThat(text).startsWith("r.yaml:9:3: error: 'Nothing_like' is 'it'; allowed: "),
                        text -> assertThat(text)
                                .startsWith("r.yaml:9:3: error: there is no rule 'Nothing_like' ('ork validate"));
    }

    @Test
    void whatIsNoSettingsIsRefused() {
        assertThat(findings("")).singleElement().asString().contains("the file holds no document");
        assertThat(findings("- a\n")).isNotEmpty();
        assertThat(findings("a: [\n")).singleElement().asString().contains("[NotYaml]");
        assertThat(findings("apiVersion: v1\nkind: ConfigMap\n")).hasSize(2);
        assertThat(findings(HEAD + "---\n" + HEAD))
                .singleElement()
                .asString()
                .startsWith("r.yaml:4:1: error: settings");
    }

    @Test
    void whatNothingCanBeMadeOfStaysAnErrorWhateverSettingsSay() {
        RuleSettings settings = new RuleSettings(
                true, Map.of("MovedField", RuleSettings.Level.IGNORE, "NotStable", RuleSettings.Level.INFO));
        Diagnostic error = Diagnostic.error(ErrorCode.MovedField, "m", null, "");
        Diagnostic warning = Diagnostic.warning(ErrorCode.MovedField, "m", null, "");

        List<Diagnostic> once = settings.apply(
                List.of(error, warning, finding("NotStable", Severity.WARNING), finding("CrdName", Severity.WARNING)));

        assertThat(once)
                .containsExactly(error, finding("NotStable", Severity.INFO), finding("CrdName", Severity.ERROR));
        assertThat(settings.apply(once)).as("applied twice").isEqualTo(once);
    }
}
