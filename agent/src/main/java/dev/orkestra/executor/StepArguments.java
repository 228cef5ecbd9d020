package dev.orkestra.executor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.GoDuration;
import dev.orkestra.document.ReadResult;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a helmrelease step is told on its command line: {@code --spec BASE64 --action install|delete --timeout 5m
 * --interval 1s}, the arguments of Azure Orkestra's executor.
 *
 * @param release the HelmRelease of --spec
 * @param action what to do with it
 * @param timeout for the whole step; 5 min when it is not given
 */
public record StepArguments(ObjectNode release, Action action, Duration timeout) {
    /** What a step does. */
    public enum Action {
        INSTALL,
        DELETE
    }

    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);

    /** Reads the arguments; --interval is accepted and not needed, since nothing is polled. */
    public static Outcome<StepArguments> parse(List<String> arguments) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i + 1 < arguments.size(); i += 2) {
            values.put(arguments.get(i), arguments.get(i + 1));
        }
        if (arguments.size() % 2 != 0) {
            return wrong("the arguments are not pairs of a flag and its value");
        }
        Action action;
        switch (values.getOrDefault("--action", "")) {
            case "install" -> action = Action.INSTALL;
            case "delete" -> action = Action.DELETE;
            default -> {
                return wrong("--action must be install or delete, not '" + values.get("--action") + "'");
            }
        }
        Optional<Duration> timeout = values.containsKey("--timeout")
                ? GoDuration.parse(values.get("--timeout")).filter(Duration::isPositive)
                : Optional.of(DEFAULT_TIMEOUT);
        if (timeout.isEmpty()) {
            return wrong("--timeout must be a positive duration such as 5m, not '" + values.get("--timeout") + "'");
        }
        Duration atMost = timeout.get();
        return switch (payload(values.getOrDefault("--spec", ""))) {
            case Outcome.Done<ObjectNode>(ObjectNode release) ->
                Outcome.done(new StepArguments(release, action, atMost));
            case Outcome.Retry<ObjectNode>(Duration after, Diagnostic reason) -> Outcome.retry(after, reason);
            case Outcome.Terminal<ObjectNode>(Diagnostic reason) -> Outcome.terminal(reason);
        };
    }

    /** The namespace of the HelmRelease in {@code spec}; empty when it is none. */
    public static Optional<String> namespace(String spec) {
        return payload(spec) instanceof Outcome.Done<ObjectNode>(ObjectNode release)
                ? Optional.of(release.path("metadata").path("namespace").asText())
                : Optional.empty();
    }

    private static Outcome<ObjectNode> payload(String base64) {
        if (base64.isEmpty()) {
            return wrong("--spec is missing");
        }
        byte[] yaml;
        try {
            yaml = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            return wrong("--spec is not base64");
        }
        ReadResult read = DocumentReader.read("spec", yaml);
        if (read.hasErrors() || read.documents().size() != 1) {
            return read.hasErrors()
                    ? Outcome.terminal(read.findings().getFirst())
                    : wrong("--spec must hold one document, not "
                            + read.documents().size());
        }
        Document document = read.documents().getFirst();
        if (!(document.root().toJson() instanceof ObjectNode release)
                || !release.path("kind").asText().equals("HelmRelease")
                || release.path("metadata").path("name").asText("").isEmpty()
                || release.path("metadata").path("namespace").asText("").isEmpty()) {
            return wrong("--spec must hold a HelmRelease with name and namespace");
        }
        return Outcome.done(release);
    }

    private static <T> Outcome<T> wrong(String message) {
        return Outcome.terminal(Diagnostic.error(
                ErrorCode.WrongValue,
                "wrong step arguments: " + message,
                null,
                "the Workflow was not made by Orkestra"));
    }
}
