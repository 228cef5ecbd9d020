package dev.orkestra.kustomize;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.document.Document;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what kustomize prints on its standard error into a finding at the place that it means. Pure. */
final class BuildErrors {
    private static final int LONGEST = 700;
    /** What is read of it at all: patterns look for several things in it at once, and a commit may choose its words. */
    private static final int MOST_READ = 4_096;

    /** What kustomize calls an object: {@code Deployment.v1.apps/web.[noNs]}. */
    private static final Pattern ID =
            Pattern.compile("(?<!\\w)(\\w{1,63}+)\\.v\\w{1,63}+(?:\\.[\\w.\\[\\]-]{1,253})?/([\\w.-]{1,253})\\.\\[");

    private static final Pattern WAY =
            Pattern.compile("(?:recursed accumulation of|couldn't make target for) path '([^']*)': ");
    private static final Pattern WRAPPED = Pattern.compile(
            "(?s).*?accumulation err='(.*)': (?:must build at directory|'.*' must resolve to a file).*");
    private static final Pattern FIELD = Pattern.compile("Go struct field Kustomization\\.(\\w+)");

    private final CollectedInputs inputs;

    BuildErrors(CollectedInputs inputs) {
        this.inputs = inputs;
    }

    /** @param standardError as kustomize printed it, with paths from the repository's root */
    Diagnostic of(String standardError) {
        String text = error(standardError);
        String folder = inputs.inputs().folder();
        for (Matcher way = WAY.matcher(text); way.find(); way = WAY.matcher(text)) {
            folder = way.group(1);
            text = text.substring(way.end());
        }
        Matcher wrapped = WRAPPED.matcher(text);
        if (wrapped.matches()) {
            text = wrapped.group(1);
        }
        Position place = place(text, folder);
        text = masked(text);
        String bounded = text.length() <= LONGEST
                ? text
                : text.substring(0, LONGEST / 2) + " … " + text.substring(text.length() - LONGEST / 2);
        return Diagnostic.error(
                ErrorCode.RenderFailed,
                "kustomize cannot build this: " + (bounded.isEmpty() ? "it says nothing" : bounded),
                place,
                "'kustomize build "
                        + (inputs.inputs().folder().isEmpty()
                                ? "."
                                : inputs.inputs().folder()) + "' says the same");
    }

    private static String error(String standardError) {
        List<String> lines = standardError
                .substring(0, Math.min(standardError.length(), MOST_READ))
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("# Warning"))
                .toList();
        String text = String.join(" ", lines);
        return text.startsWith("Error: ") ? text.substring("Error: ".length()) : text;
    }

    private Position place(String text, String folder) {
        Optional<Position> found = field(text, folder);
        for (Matcher id = ID.matcher(text); found.isEmpty() && id.find(); ) {
            found = object(id.group(1), id.group(2), folder, text.contains("patch") || text.contains("no matches"));
        }
        return found.or(() -> file(text, folder))
                .orElseGet(() -> kustomization(folder)
                        .map(file -> Position.startOf(file))
                        .orElse(Position.startOf(inputs.entry())));
    }

    private Optional<String> kustomization(String folder) {
        return InputWalk.NAMES.stream()
                .map(name -> LocalPath.join(folder, name))
                .filter(inputs.kustomizations()::containsKey)
                .findFirst();
    }

    private Optional<Position> field(String text, String folder) {
        Matcher field = FIELD.matcher(text);
        if (!field.find()) {
            return Optional.empty();
        }
        return kustomization(folder)
                .flatMap(file -> Optional.ofNullable(inputs.kustomizations().get(file)))
                .map(root -> root.keyPosition(field.group(1)));
    }

    private Optional<Position> object(String kind, String name, String folder, boolean patched) {
        List<Node> candidates = new ArrayList<>();
        List<Node> documents = inputs.documents().entrySet().stream()
                .filter(each -> LocalPath.isWithin(each.getKey(), folder))
                .sorted(java.util.Map.Entry.comparingByKey(Comparator.reverseOrder()))
                .flatMap(each -> each.getValue().stream().map(Document::root))
                .toList();
        if (patched) {
            inputs.patches()
                    .forEach(patch -> patch.content()
                            .forEach(each -> candidates.add(patch.inline()
                                    .map(at -> Provenance.at(each, at))
                                    .orElse(each))));
        }
        candidates.addAll(documents);
        return candidates.stream()
                .filter(each -> each instanceof Node.MapNode map
                        && map.text("kind").filter(kind::equals).isPresent()
                        && Provenance.nameOf(map).equals(name))
                .map(Node::position)
                .findFirst();
    }

    /** The file with the longest name that the text holds. */
    private Optional<Position> file(String text, String folder) {
        return inputs.inputs().files().keySet().stream()
                .filter(path -> !inputs.kustomizations().containsKey(path))
                .filter(path -> text.contains(path)
                        || LocalPath.isWithin(path, folder)
                                && text.contains(
                                        "'" + path.substring(folder.isEmpty() ? 0 : folder.length() + 1) + "'"))
                .max(Comparator.comparingInt(String::length))
                .map(Position::startOf);
    }

    /** Kustomize quotes what it cannot read, and that may be a secret. */
    private String masked(String text) {
        Set<String> secrets = new HashSet<>();
        for (String file : inputs.secretFiles()) {
            byte[] content = inputs.inputs().files().get(file);
            if (content != null) {
                new String(content, StandardCharsets.UTF_8).lines().forEach(line -> addParts(line, secrets));
            }
        }
        inputs.kustomizations()
                .values()
                .forEach(root -> InputWalk.maps(root, "secretGenerator")
                        .forEach(each -> InputWalk.texts(each, "literals")
                                .forEach(literal -> addParts(literal.value(), secrets))));
        inputs.documents().values().forEach(all -> all.forEach(document -> addSecret(document.root(), secrets)));
        inputs.patches().forEach(patch -> patch.content().forEach(each -> addSecret(patch, each, secrets)));
        String masked = text;
        for (String secret : secrets.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList()) {
            masked = masked.replace(secret, "****");
        }
        return masked;
    }

    private static void addParts(String line, Set<String> secrets) {
        add(line.strip(), secrets);
        int equals = line.indexOf('=');
        if (equals >= 0) {
            add(line.substring(equals + 1).strip(), secrets);
        }
    }

    private static void addSecret(Patch patch, Node content, Set<String> secrets) {
        addSecret(content, secrets);
        boolean ofSecrets = patch.target()
                .filter(target -> target.text("kind").orElse("Secret").equals("Secret"))
                .isPresent();
        if (ofSecrets && content instanceof Node.ListNode) {
            content.toJson().forEach(operation -> add(operation.path("value").asText(), secrets));
        }
    }

    private static void addSecret(Node node, Set<String> secrets) {
        if (node instanceof Node.MapNode map
                && map.text("kind").filter("Secret"::equals).isPresent()) {
            for (String field : List.of("data", "stringData")) {
                map.map(field).ifPresent(values -> addTexts(values.toJson(), secrets));
            }
        }
    }

    private static void addTexts(JsonNode values, Set<String> secrets) {
        values.forEach(value -> add(value.asText(), secrets));
    }

    /** Shorter ones would take the message apart, and are no secrets. */
    private static void add(String secret, Set<String> secrets) {
        if (secret.length() >= 4) {
            secrets.add(secret);
        }
    }
}
