package dev.orkestra.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Runs programs that a test needs and fails the test when they fail. */
final class Programs {
    private Programs() {}

    /** What it printed. */
    static String run(ProcessBuilder builder) {
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new AssertionError(builder.command()
                                .subList(0, Math.min(4, builder.command().size())) + " ended with " + code + ": "
                        + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static String run(String... command) {
        return run(new ProcessBuilder(command).redirectErrorStream(true));
    }
}
