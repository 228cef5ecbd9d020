package dev.orkestra.report;

import java.util.function.Function;

/** The forms for other programs. */
public enum ReportFormat {
    JSON(JsonReport::render),
    SARIF(SarifReport::render),
    GITHUB(GithubReport::render),
    JUNIT(JunitReport::render);

    private final Function<CheckResults, String> renderer;

    ReportFormat(Function<CheckResults, String> renderer) {
        this.renderer = renderer;
    }

    /** One whole document, with a line feed at its end. */
    public String render(CheckResults results) {
        return renderer.apply(results);
    }
}
