package dev.orkestra.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orkestra.document.GoDuration;
import dev.orkestra.outcome.OneLine;
import java.io.IOException;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ork executor custom}: the reference of a custom executor, which does nothing but show the contract. */
@Command(
        name = "custom",
        header = "Show how a custom executor is called; it changes nothing.",
        description = {
            "The reference for executors of your own: an image that takes these options, does its work before --timeout",
            "has passed, and ends with 0 when its release may count as done, with anything else when it may not.",
            "What it prints last is shown where the step is said to have failed.",
            "This one says what it was called with, and is content."
        },
        footer = {"", "Example:", "  ork executor custom --spec … --action install --data \"$(echo '{}' | base64)\""},
        exitCodeListHeading = ExecutorCommand.EXIT_CODES,
        exitCodeList = {
            " 0:it was called as the contract says",
            " 1:it was not, and standard error says why",
            " 2:an option is not known, or has no value"
        })
final class ExecutorCustomCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
            names = "--spec",
            paramLabel = "BASE64",
            defaultValue = "",
            description = "The HelmRelease, as YAML in base64; this executor does not look at it.")
    private String release = "";

    @Option(
            names = "--action",
            paramLabel = "install|delete",
            defaultValue = "",
            description = "What happens to the release; there is no default.")
    private String action = "";

    @Option(
            names = "--data",
            paramLabel = "BASE64",
            defaultValue = "",
            description = "The group's params.data, as JSON in base64; it must not be empty.")
    private String data = "";

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "5m",
            description = "How long the step may take; default: ${DEFAULT-VALUE}.")
    private String timeout = "";

    @Option(
            names = "--interval",
            paramLabel = "DURATION",
            defaultValue = "10s",
            description = "How often an executor that polls should do so; default: ${DEFAULT-VALUE}.")
    private String interval = "";

    ExecutorCustomCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String called = switch (action) {
            case "install" -> "Install";
            case "delete" -> "Delete";
            default -> "";
        };
        if (called.isEmpty()) {
            return failed("--action must be install or delete, not '" + action + "'");
        }
        if (GoDuration.parse(timeout).isEmpty() || GoDuration.parse(interval).isEmpty()) {
            return failed("--timeout and --interval must be durations such as 5m");
        }
        if (data.isEmpty()) {
            return failed("--data is empty; give the executor params.data in the ApplicationGroup");
        }
        try {
            JsonNode decoded = new ObjectMapper().readTree(Base64.getDecoder().decode(data));
            terminal.out().println(called + " called with data: " + OneLine.of(decoded.toString()));
            return 0;
        } catch (IllegalArgumentException notBase64) {
            return failed("--data is not base64");
        } catch (JsonProcessingException notJson) {
            return failed("--data is not JSON in base64");
        } catch (IOException unreadable) {
            return failed("--data cannot be read");
        }
    }

    private int failed(String reason) {
        terminal.err().println("ork executor custom: " + OneLine.of(reason));
        return 1;
    }
}
