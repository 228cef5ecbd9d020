package dev.orkestra.release;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** A view for other programs. */
public final class GroupViewJson {
    private GroupViewJson() {}

    public static ObjectNode of(GroupView view) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", view.name()).put("verdict", word(view.verdict()));
        put(json, "created", view.created());
        json.put("deleting", view.deleting());
        json.put("generation", view.generation());
        json.put("observedGeneration", view.observedGeneration());
        json.put("lastSucceededGeneration", view.lastSucceededGeneration());
        ObjectNode ready = json.putObject("ready");
        ready.put("status", view.ready().status()).put("reason", view.ready().reason());
        ready.put("message", view.ready().message()).put("current", view.ready().current());
        put(ready, "since", view.ready().since());
        json.putObject("progress")
                .put("done", view.done())
                .put("total", view.releases().count());
        ArrayNode workflows = json.putArray("workflows");
        for (GroupView.Run run : view.runs()) {
            ObjectNode each = workflows.addObject().put("type", run.type().label());
            each.put("status", run.status()).put("reason", run.reason()).put("message", run.message());
            each.put("progress", run.progress());
            put(each, "started", run.started());
            put(each, "finished", run.finished());
        }
        ArrayNode applications = json.putArray("applications");
        view.applications().forEach(each -> applications.add(of(each)));
        return json;
    }

    private static ObjectNode of(GroupView.App application) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", application.name());
        json.put("chart", application.chart()).put("version", application.version());
        application.dependencies().forEach(json.putArray("dependencies")::add);
        if (!application.error().isEmpty()) {
            json.put("error", application.error());
        }
        ArrayNode releases = json.putArray("releases");
        for (GroupView.Release release : application.releases()) {
            ObjectNode each = releases.addObject();
            each.put("name", release.name()).put("release", release.key());
            each.put("subchart", release.subchart()).put("version", release.version());
            each.put("installedVersion", release.installed());
            each.put("action", release.removes() ? "delete" : "install");
            each.put("state", word(release.state()));
            release.waitsFor().forEach(each.putArray("waitsFor")::add);
            each.put("message", release.message());
            release.log().forEach(each.putArray("log")::add);
            put(each, "since", release.since());
            release.took().ifPresent(took -> each.put("tookSeconds", took.toSeconds()));
        }
        return json;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static void put(ObjectNode json, String field, Optional<Instant> time) {
        time.ifPresent(each -> json.put(field, each.toString()));
    }
}
