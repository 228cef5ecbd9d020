package dev.orkestra.group;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.outcome.Diagnostic;
import java.util.List;

/** A picture for other programs. */
public final class PictureJson {
    private PictureJson() {}

    /** All of {@code picture}, and {@code findings} beside it. Level 0: in a circle, or after one. */
    public static ObjectNode of(GroupPicture picture, List<Diagnostic> findings) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("group", picture.group()).put("direction", picture.direction());
        ArrayNode applications = json.putArray("applications");
        picture.boxes().forEach(box -> applications.add(box(box)));
        picture.notes().forEach(json.putArray("notes")::add);
        ArrayNode found = json.putArray("findings");
        for (Diagnostic finding : findings) {
            ObjectNode each = found.addObject();
            each.put("id", finding.id()).put("message", finding.message()).put("hint", finding.hint());
            finding.at()
                    .ifPresent(at ->
                            each.put("file", at.file()).put("line", at.line()).put("column", at.column()));
        }
        return json;
    }

    private static ObjectNode box(GroupPicture.Box box) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", box.name()).put("level", box.level());
        json.put("chart", box.chart()).put("version", box.version()).put("namespace", box.namespace());
        box.dependencies().forEach(json.putArray("dependencies")::add);
        if (!box.impossible().isEmpty()) {
            box.impossible().forEach(json.putArray("impossibleDependencies")::add);
        }
        box.mark().ifPresent(mark -> json.put("state", mark.word()));
        ArrayNode releases = json.putArray("releases");
        for (GroupPicture.Part part : box.parts()) {
            ObjectNode release = releases.addObject();
            release.put("task", part.task()).put("name", part.name()).put("level", part.level());
            release.put("release", part.release());
            release.put("chart", part.chart()).put("version", part.version());
            release.put("action", part.removes() ? "delete" : "install");
            part.dependencies().forEach(release.putArray("dependencies")::add);
            ArrayNode steps = release.putArray("steps");
            for (ReleaseGraph.Step step : part.steps()) {
                ObjectNode each = steps.addObject().put("name", step.name()).put("type", step.type());
                step.dependencies().forEach(each.putArray("dependencies")::add);
            }
            part.mark().ifPresent(mark -> release.put("state", mark.word()));
        }
        return json;
    }
}
