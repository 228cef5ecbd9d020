package dev.orkestra.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import dev.orkestra.rules.ProfileNames;
import java.util.List;

/** As {@code schemas/validate-output.schema.json} says. */
public final class JsonReport {
    private static final int VERSION = 1;

    private JsonReport() {}

    /** The document. */
    public static String render(CheckResults results) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("schemaVersion", VERSION);
        root.putObject("tool").put("name", "ork").put("version", results.version());
        root.set("summary", summary(results));
        ArrayNode files = root.putArray("files");
        ArrayNode findings = root.putArray("findings");
        if (results.asked().contains(Detail.PROFILES)) {
            root.set("builtInProfiles", DetailsJson.names(ProfileNames.builtIn()));
        }
        for (CheckedFile file : results.files()) {
            ObjectNode object = file(file);
            file.details().ifPresent(details -> object.set("details", DetailsJson.of(details, results.asked())));
            files.add(object);
            file.findings().forEach(finding -> findings.add(finding(file, finding)));
        }
        return root.toPrettyString() + "\n";
    }

    private static ObjectNode summary(CheckResults results) {
        List<Diagnostic> all = results.findings();
        ObjectNode summary = JsonNodeFactory.instance.objectNode();
        summary.put("exitCode", results.exitCode());
        summary.put("files", results.files().size());
        summary.put(
                "unreadable",
                results.files().stream().filter(file -> !file.isRead()).count());
        summary.put("errors", Count.of(all, Severity.ERROR));
        summary.put("warnings", Count.of(all, Severity.WARNING));
        summary.put("infos", Count.of(all, Severity.INFO));
        return summary;
    }

    private static ObjectNode file(CheckedFile file) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("file", file.name());
        if (!file.isRead()) {
            return object.put("ok", false).put("problem", OneLine.of(file.problem()));
        }
        if (!file.kind().isEmpty()) {
            object.put("kind", OneLine.of(file.kind()));
        }
        if (!file.summary().isEmpty()) {
            object.put("summary", OneLine.of(file.summary()));
        }
        return object.put("ok", file.isOk());
    }

    private static ObjectNode finding(CheckedFile file, Diagnostic finding) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("id", finding.id());
        object.put("page", Words.page(finding));
        object.put("severity", Words.severity(finding.severity()));
        object.put("message", OneLine.of(finding.message()));
        object.put("hint", OneLine.of(finding.hint()));
        object.put("checked", file.name());
        finding.at().ifPresent(position -> put(object, position));
        ArrayNode importedBy = object.putArray("importedBy");
        finding.importedBy().forEach(position -> put(importedBy.addObject(), position));
        return object;
    }

    private static void put(ObjectNode object, Position position) {
        object.put("file", position.file());
        object.put("line", position.line());
        object.put("column", position.column());
    }
}
