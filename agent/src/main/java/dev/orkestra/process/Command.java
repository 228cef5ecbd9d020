package dev.orkestra.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A program to run.
 *
 * @param arguments the program's absolute path and its arguments; no shell sees them
 * @param environment the whole environment of the child; nothing of ours is inherited
 * @param workingDirectory an existing folder
 * @param standardInput bytes for its standard input; may be empty
 * @param deadline after which it and its children are killed
 * @param maxOutputBytes limit of standard output and of standard error, each; beyond it the child is killed
 */
public record Command(
        List<String> arguments,
        Map<String, String> environment,
        Path workingDirectory,
        byte[] standardInput,
        Duration deadline,
        int maxOutputBytes) {
    public Command {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        standardInput = standardInput.clone();
    }
}
