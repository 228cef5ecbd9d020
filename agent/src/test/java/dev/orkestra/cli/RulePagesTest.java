package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.report.RulePage;
import dev.orkestra.rules.Catalogue;
import dev.orkestra.rules.RuleInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The pages in {@code docs/rules} are made of the catalogue and of the examples. With {@code -Dorkestra.golden=write}
 * they are written anew, and those of rules that are gone are removed.
 */
class RulePagesTest {
    private static final Path FOLDER = Path.of("../docs/rules");

    @Test
    void thePagesSayWhatTheRulesAndTheirExamplesSay() throws IOException {
        Map<String, String> pages = pages();
        if ("write".equals(System.getProperty("orkestra.golden"))) {
            Files.createDirectories(FOLDER);
            for (String name : written()) {
                if (!pages.containsKey(name)) {
                    Files.delete(FOLDER.resolve(name));
                }
            }
            for (Map.Entry<String, String> page : pages.entrySet()) {
                Files.writeString(FOLDER.resolve(page.getKey()), page.getValue());
            }
        }

        assertThat(written()).isEqualTo(pages.keySet());
        for (Map.Entry<String, String> page : pages.entrySet()) {
            assertThat(Files.readString(FOLDER.resolve(page.getKey())))
                    .as(page.getKey())
                    .isEqualTo(page.getValue());
        }
    }

    @Test
    void explainPrintsThePage() throws IOException {
        Ran ran = Ran.in(FOLDER, "validate", "--explain", "DependencyCycle");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).isEqualTo(Files.readString(FOLDER.resolve("DependencyCycle.md")));
    }

    private static Set<String> written() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private static Map<String, String> pages() throws IOException {
        Map<String, String> pages = new TreeMap<>();
        List<RuleFixture> fixtures = RuleFixture.all();
        for (RuleInfo rule : Catalogue.all()) {
            StringBuilder page = new StringBuilder(RulePage.markdown(rule)).append('\n');
            for (RuleFixture fixture : fixtures) {
                if (fixture.rule().equals(rule.id())) {
                    append(page, fixture);
                }
            }
            pages.put(rule.id() + ".md", page.toString());
        }
        pages.put("README.md", index());
        return pages;
    }

    private static void append(StringBuilder page, RuleFixture fixture) throws IOException {
        page.append("\n## ").append(fixture.fails() ? "Found" : "In order").append(": `");
        page.append(fixture.name()).append("`\n");
        for (Path file : fixture.files()) {
            if (!file.equals(fixture.path())) {
                page.append('`').append(fixture.folder().relativize(file)).append("`:\n\n");
            }
            // One of them is no UTF-8.
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            page.append("```yaml\n").append(text).append(text.endsWith("\n") ? "```\n" : "\n```\n");
            page.append(file.equals(fixture.path()) ? "" : "\n");
        }
        if (fixture.fails()) {
            String said = Files.readString(fixture.golden());
            page.append(Files.isDirectory(fixture.path()) ? "" : "\n")
                    .append("`ork ")
                    .append(fixture.command())
                    .append("` says:\n\n```text\n")
                    .append(said)
                    .append("```\n");
        }
        if (page.charAt(page.length() - 2) == '\n') {
            page.setLength(page.length() - 1);
        }
    }

    private static String index() {
        StringBuilder page = new StringBuilder("""
                # Rules
                What `ork validate` and the agent find, by the name in brackets at the end of a finding. A test writes these
                pages: they are what the program itself says. [validate.md](../validate.md) tells how to set how seriously a
                rule is taken; `ork validate --explain RULE` prints a page.

                ## Rules for Katalogs and config repositories
                """);
        Set<RuleInfo> rules = Set.copyOf(Catalogue.rules());
        table(page, Catalogue.rules());
        page.append("""

                ## Findings of reading and composing
                Errors among these cannot be set to anything less: with them there is nothing that could be deployed.
                "error or less" is what comes as an error in some cases, and as a warning or a note in others; settings hold
                for the latter.

                """);
        table(
                page,
                Catalogue.all().stream().filter(each -> !rules.contains(each)).toList());
        return page.toString();
    }

    private static void table(StringBuilder page, List<RuleInfo> rules) {
        page.append("| name | severity | found |\n| --- | --- | --- |\n");
        for (RuleInfo rule : rules) {
            String severity = rule.severity().name().toLowerCase(Locale.ROOT)
                    + (rule.settable() == RuleInfo.Settable.UNLESS_ERROR ? " or less" : "");
            page.append("| [")
                    .append(rule.id())
                    .append("](")
                    .append(rule.id())
                    .append(".md) | ")
                    .append(severity)
                    .append(" | ")
                    .append(rule.summary().replace("|", "\\|"))
                    .append(" |\n");
        }
    }
}
