package dev.orkestra.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.source.TreePath;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a ConfigRepo and fills in the defaults of DESIGN.md §7. The API server does both as well, from the CRD; this
 * holds on a laptop, and for objects that were stored before a rule was.
 */
public final class ConfigRepoParser {
    /** Values of labels end here, and the label joins namespace and name with a point. */
    private static final int MAX_LABEL = 63;

    /** As the CRD has it. */
    private static final int MAX_LAYERS = 32;

    private ConfigRepoParser() {}

    public static ParseResult parse(ObjectNode object) {
        List<Diagnostic> findings = new ArrayList<>();
        SpecReader metadata = new SpecReader(object.path("metadata"), "metadata", findings);
        SpecReader spec = new SpecReader(object.path("spec"), "spec", findings);
        String namespace = metadata.required("namespace", "a ConfigRepo lives in a namespace");
        String name = metadata.required("name", "");
        ConfigRepo repo = new ConfigRepo(
                namespace,
                name,
                metadata.text("uid", ""),
                object.path("metadata").path("generation").asLong(0),
                source(spec.child("source")),
                schedule(spec.child("schedule")),
                overlay(spec),
                spec.child("imports").child("secretRef").text("name", ""),
                layers(object.path("spec").path("layers"), findings),
                deadlines(spec.child("deadlines")),
                spec.child("health").duration("soak", Duration.ZERO, Duration.ZERO),
                spec.choice(
                        "rollback",
                        Map.of("auto", ConfigRepo.RollbackPolicy.AUTO, "hold", ConfigRepo.RollbackPolicy.HOLD),
                        ConfigRepo.RollbackPolicy.HOLD),
                prune(spec.child("prune")),
                spec.choice(
                        "adoption",
                        Map.of("refuse", ConfigRepo.Adoption.REFUSE, "takeover", ConfigRepo.Adoption.TAKEOVER),
                        ConfigRepo.Adoption.REFUSE),
                suspend(spec),
                PolicyReader.read(spec),
                spec.required(
                        "serviceAccountName",
                        "name the service account whose rights this environment has; there is no default"));
        checkLabel(repo, spec);
        checkThatSomethingIsNamed(object.path("spec"), spec);
        return new ParseResult(Diagnostic.anyError(findings) ? Optional.empty() : Optional.of(repo), findings);
    }

    private static void checkLabel(ConfigRepo repo, SpecReader spec) {
        if (repo.label().length() > MAX_LABEL) {
            spec.error(
                    ErrorCode.InvalidName,
                    "namespace and name of the ConfigRepo have together more than " + (MAX_LABEL - 1) + " characters",
                    "both become one label value; choose a shorter name");
        }
    }

    /** Looks at what is written: a path that was refused is named all the same. */
    private static void checkThatSomethingIsNamed(JsonNode written, SpecReader spec) {
        if (written.path("overlay").asText("").isEmpty()
                && written.path("layers").isEmpty()) {
            spec.error(
                    ErrorCode.MissingField,
                    "spec names neither an overlay nor a layer",
                    "there is nothing to apply; give spec.layers, spec.overlay or both");
        }
    }

    private static ConfigRepo.Deadlines deadlines(SpecReader deadlines) {
        return new ConfigRepo.Deadlines(
                deadlines.duration("wave", Duration.ofMinutes(5), Duration.ofMillis(1)),
                deadlines.duration("run", Duration.ofMinutes(30), Duration.ofMillis(1)));
    }

    private static ConfigRepo.Source source(SpecReader source) {
        String url = source.required("url", "give the http, https or file URL of the Git repository");
        SpecReader ref = source.child("ref");
        String branch = ref.text("branch", "");
        String tag = ref.text("tag", "");
        if (!branch.isEmpty() && !tag.isEmpty()) {
            ref.error(ErrorCode.WrongValue, "spec.source.ref has both branch and tag", "give one of them");
        }
        String full = tag.isEmpty() ? "refs/heads/" + (branch.isEmpty() ? "main" : branch) : "refs/tags/" + tag;
        return new ConfigRepo.Source(
                url,
                full,
                source.child("secretRef").text("name", ""),
                source.child("webhook").child("secretRef").text("name", ""));
    }

    private static ConfigRepo.Schedule schedule(SpecReader schedule) {
        return new ConfigRepo.Schedule(
                schedule.duration("interval", Duration.ofMinutes(1), Duration.ofMillis(100)),
                schedule.number("jitterPercent", 10, 0, 100));
    }

    private static ConfigRepo.Prune prune(SpecReader prune) {
        return new ConfigRepo.Prune(
                prune.flag("enabled", true),
                prune.number("maxPercent", 20, 0, 100),
                prune.number("minObjects", 3, 0, 100_000));
    }

    private static String overlay(SpecReader spec) {
        String overlay = spec.text("overlay", "");
        return overlay.isEmpty() ? "" : path(spec, "overlay", overlay).orElse("");
    }

    private static List<ConfigRepo.Layer> layers(JsonNode list, List<Diagnostic> findings) {
        List<ConfigRepo.Layer> layers = new ArrayList<>();
        boolean isGiven = !list.isMissingNode() && !list.isNull();
        if (isGiven && !list.isArray()) {
            findings.add(Diagnostic.error(ErrorCode.WrongType, "spec.layers is not a list", null, ""));
            return layers;
        }
        if (list.size() > MAX_LAYERS) {
            findings.add(Diagnostic.error(
                    ErrorCode.WrongValue,
                    "spec.layers has " + list.size() + " entries; at most " + MAX_LAYERS + " are allowed",
                    null,
                    "put folders together, or split the environment into several ConfigRepos"));
            return layers;
        }
        for (int i = 0; i < list.size(); i++) {
            SpecReader layer = new SpecReader(list.get(i), "spec.layers[" + i + "]", findings);
            String written = layer.required("path", "give the folder, from the repository's root");
            int wave = layer.number("wave", 0, -1_000, 1_000);
            Optional<String> path = written.isEmpty() ? Optional.empty() : path(layer, "path", written);
            if (path.isPresent()) {
                refuseOverlap(layer, written, path.get(), layers);
                layers.add(new ConfigRepo.Layer(path.get(), wave));
            }
        }
        return layers;
    }

    private static void refuseOverlap(SpecReader layer, String written, String path, List<ConfigRepo.Layer> before) {
        before.stream()
                .filter(other -> overlap(other.path(), path))
                .findFirst()
                .ifPresent(other -> layer.error(
                        ErrorCode.DuplicateObject,
                        layer.name("path") + " '" + written + "' overlaps the layer '" + other.path() + "'",
                        "each file belongs to one layer"));
    }

    private static boolean overlap(String one, String other) {
        return one.isEmpty()
                || other.isEmpty()
                || one.equals(other)
                || one.startsWith(other + "/")
                || other.startsWith(one + "/");
    }

    /** The path in the form that trees take; empty when it was refused. */
    private static Optional<String> path(SpecReader reader, String field, String path) {
        TreePath.problem(path)
                .ifPresent(problem -> reader.error(
                        ErrorCode.OutsideRoot,
                        reader.name(field) + " " + problem,
                        "write a path from the repository's root, such as applications/staging"));
        return TreePath.normal(path);
    }

    private static ConfigRepo.@Nullable Suspend suspend(SpecReader spec) {
        SpecReader suspend = spec.child("suspend");
        String until = suspend.text("until", "");
        String reason = suspend.text("reason", "");
        if (until.isEmpty()) {
            return reason.isEmpty() ? null : new ConfigRepo.Suspend(null, reason);
        }
        try {
            return new ConfigRepo.Suspend(Instant.parse(until), reason);
        } catch (DateTimeParseException e) {
            suspend.error(
                    ErrorCode.WrongValue, "spec.suspend.until is not a time", "write for example 2026-01-31T18:00:00Z");
            return null;
        }
    }
}
